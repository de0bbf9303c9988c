"""Recordings are decoded only as far as pictures are wanted."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from inference.errors import SourceNotReadable, TrackNotReadable
from inference.geo import LatLon
from inference.patrol.clock import recording_clock
from inference.patrol.fix import Fix
from inference.patrol.pose import Pose
from inference.patrol.recording import MOST_WAITING, Choice, PatrolRecording
from inference.patrol.report import TrackReading, TrackReport
from inference.patrol.track import Track
from inference.sources.video_picture import decode_key_packet

BEGAN = datetime(2026, 5, 14, 4, 0, tzinfo=UTC)
FPS = 10
SECONDS = 6


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clip") / "pass.mp4"
    write_clip(path, bf="2")
    return path


def write_clip(path: Path, *, bf: str, pictures: int = FPS * SECONDS, fps: int = FPS, group: int = 2 * FPS) -> None:
    """With so many B pictures, as a rule a key picture every two seconds; the brightness says which picture it is."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=fps)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.gop_size = group
        stream.options = {"preset": "fast", "bf": bf, "crf": "10", "sc_threshold": "0"}
        for number in range(pictures):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 4 * number % 256, np.uint8), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, fps)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


HERE = LatLon(lat=31.2, lon=121.4)
TRACK = Track([Fix(at=BEGAN + timedelta(seconds=s), where=HERE.moved(8.0 * s, 0)) for s in range(60)])


def wanting(wants: Callable[[float], bool]) -> Choice:
    """Chooses the first picture at whose second `wants` says so."""

    def choice(ahead: Sequence[Pose | None], then: Pose | None) -> int | None:
        assert then is None or all(pose is None or pose.at < then.at for pose in ahead)
        for index, pose in enumerate(ahead):
            if pose is not None and wants((pose.at - BEGAN).total_seconds()):
                return index
        return None

    return choice


def shown(clip: Path, wants: Callable[[float], bool], *, resume_after: float | None = None) -> list[tuple[float, int]]:
    """Second, and number of the picture by its brightness, of what is given."""
    recording = PatrolRecording(
        clip, vehicle="van", track=TRACK, started_at=BEGAN, choice=wanting(wants), resume_after=resume_after
    )
    found: list[tuple[float, int]] = []
    for frame in recording.frames():
        assert frame.captured_at == BEGAN + timedelta(seconds=frame.pts)
        found.append((round(frame.pts, 3), round(float(frame.picture.luma((16, 12)).mean()) / 4)))
    recording.close()
    return found


def at_least(step: float) -> Callable[[float], bool]:
    last = [-1e9]

    def wants(second: float) -> bool:
        if second - last[0] < step - 1e-6:
            return False
        last[0] = second
        return True

    return wants


def test_what_is_wanted_is_given_and_shows_its_own_moment(clip: Path) -> None:
    found = shown(clip, at_least(0.7))
    assert len(found) >= SECONDS / 0.7 - 2
    assert all(abs(second * FPS - number) <= 1.5 for second, number in found)
    seconds = [second for second, _ in found]
    assert seconds == sorted(set(seconds))


def test_a_decoder_without_delay_gives_every_picture_and_goes_on_from_its_key_pictures(tmp_path: Path) -> None:
    path = tmp_path / "quick.mp4"
    write_clip(path, bf="0")
    found = shown(path, lambda _: True)
    assert [second for second, _ in found] == [round(number / FPS, 3) for number in range(FPS * SECONDS)]
    assert all(abs(second * FPS - number) <= 1.5 for second, number in found)
    some = shown(path, lambda second: second % 2 < 0.01 or abs(second - 3.0) < 0.01)
    assert some == [one for one in found if one[0] in (0.0, 2.0, 3.0, 4.0)]


def test_a_recording_without_further_key_pictures_is_inspected_in_parts_all_the_same(tmp_path: Path) -> None:
    path, fps = tmp_path / "one-key.mp4", 50
    pictures = MOST_WAITING + 4 * fps
    write_clip(path, bf="2", pictures=pictures, fps=fps, group=pictures)
    found = [second for second, _ in shown(path, at_least(1.0))]
    assert found[0] == 0.0
    assert found[-1] >= pictures / fps - 1.1
    assert all(0.9 < b - a < 1.1 for a, b in pairwise(found))


def test_nothing_wanted_nothing_given(clip: Path) -> None:
    assert shown(clip, lambda _: False) == []
    assert [second for second, _ in shown(clip, lambda second: second > 5.85)] == [5.9]


def test_a_recording_goes_on_where_it_stopped(clip: Path) -> None:
    whole = shown(clip, at_least(0.5))
    rest = shown(clip, at_least(0.5), resume_after=whole[4][0])
    assert rest
    assert all(second > whole[4][0] for second, _ in rest)
    assert rest[-1][0] == pytest.approx(whole[-1][0], abs=0.5)


def test_a_recording_that_breaks_off_gives_what_came_before(clip: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no video")
    with pytest.raises(SourceNotReadable, match="cannot be read as a video"):
        shown(broken, lambda _: True)


def reading(starts_with_video: float | None = None) -> TrackReading:
    report = TrackReport(read=60, kept=60, oddities={}, gaps=())
    return TrackReading(track=TRACK, report=report, starts_with_video=starts_with_video)


def test_an_offset_that_is_told_goes_before_everything(clip: Path) -> None:
    told = recording_clock(clip, reading(), BEGAN, SECONDS, offset=2.5)
    assert told.started_at == BEGAN + timedelta(seconds=2.5)
    own = recording_clock(
        clip, reading(starts_with_video=1.0), datetime(2000, 1, 1, tzinfo=UTC), SECONDS, own_track=True
    )
    assert own.started_at == BEGAN - timedelta(seconds=1)


def test_a_track_of_another_day_is_refused_with_both_times(clip: Path) -> None:
    with pytest.raises(TrackNotReadable, match=r"2026-05-15.*2026-05-14.*--started-at"):
        recording_clock(clip, reading(), BEGAN + timedelta(days=1), SECONDS)


def test_a_short_recording_says_that_its_offset_is_unknown(clip: Path) -> None:
    found = recording_clock(clip, reading(), BEGAN, SECONDS)
    assert (found.alignment.sure, found.alignment.offset) == (False, 0.0)
    assert found.started_at == BEGAN


def test_a_key_picture_that_is_wanted_is_decoded_alone_and_is_its_own_original(clip: Path) -> None:
    recording = PatrolRecording(
        clip,
        vehicle="van",
        track=TRACK,
        started_at=BEGAN,
        choice=wanting(lambda second: second % 2 < 0.01 or abs(second - 3.0) < 0.01),
    )
    given = [(round(frame.pts, 3), frame.picture) for frame in recording.frames()]
    assert [second for second, _ in given] == [0.0, 2.0, 3.0, 4.0]
    assert recording.damaged == 0
    for second, picture in given:
        original = picture.original()
        assert round(float(picture.luma((16, 12)).mean()) / 4) == pytest.approx(second * FPS, abs=1.5)
        assert (original is not None) == (second != 3.0)
        if original is not None:
            assert float(decode_key_packet(original).mean()) == pytest.approx(float(picture.bgr().mean()), abs=2)


def test_a_track_that_counts_the_seconds_of_the_recording_has_its_clock(clip: Path) -> None:
    found = recording_clock(clip, reading(starts_with_video=1.5), BEGAN, SECONDS)
    assert (found.alignment.sure, found.alignment.offset) == (True, 0.0)
    assert found.started_at == BEGAN - timedelta(seconds=1.5)
