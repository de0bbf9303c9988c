import struct
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from inference.errors import SourceNotReadable
from inference.frame import Frame, Original
from inference.sources.pictures import decode_original
from inference.sources.video_file import KEY_INTERVAL_LIMIT, VideoFile
from tests.rigs.clips import make_clip, make_sound, street, turn_clip

Seconds = list[float]


def seconds_of(frames: list[Frame]) -> Seconds:
    return [round(frame.pts, 3) for frame in frames]


def test_gives_the_key_pictures_at_the_times_they_were_taken(clip: Path, noon: datetime) -> None:
    frames = list(VideoFile(clip, camera="kerb-1", started_at=noon).frames())
    assert seconds_of(frames) == [0.0, 2.0, 4.0]
    assert [frame.captured_at - noon for frame in frames] == [timedelta(seconds=s) for s in (0, 2, 4)]
    assert {frame.camera for frame in frames} == {"kerb-1"}


def test_each_picture_is_the_one_of_its_time(clip: Path, noon: datetime) -> None:
    for frame in VideoFile(clip, camera="c", started_at=noon).frames():
        assert np.abs(frame.picture.bgr().astype(int) - street(round(frame.pts * 10))).mean() < 3


def test_time_counts_from_the_first_picture_wherever_the_timestamps_start(tmp_path: Path, noon: datetime) -> None:
    late = make_clip(tmp_path / "late.mkv", first_pts=5000)
    frames = list(VideoFile(late, camera="c", started_at=noon).frames())
    assert seconds_of(frames) == [0.0, 2.0, 4.0]


@pytest.mark.parametrize("name", ["a.mp4", "a.mov", "a.mkv", "a.ts", "a.avi", "a.flv"])
def test_every_usual_container_is_read(tmp_path: Path, noon: datetime, name: str) -> None:
    source = VideoFile(make_clip(tmp_path / name), camera="c", started_at=noon)
    frames = list(source.frames())
    assert [round(frame.pts) for frame in frames] == [0, 2, 4]
    assert source.key_interval == pytest.approx(2.0, abs=0.25)
    for frame in frames:
        original = frame.picture.original()
        assert original is not None
        assert np.array_equal(decode_original(original), frame.picture.bgr())


def test_gives_a_frame_every_so_many_seconds_when_asked(clip: Path, noon: datetime) -> None:
    frames = list(VideoFile(clip, camera="c", started_at=noon, every=0.5).frames())
    assert seconds_of(frames) == [n * 0.5 for n in range(12)]
    for frame in frames:
        assert np.abs(frame.picture.bgr().astype(int) - street(round(frame.pts * 10))).mean() < 3
        assert frame.picture.original() is None


def test_asked_for_every_frame_it_loses_none(clip: Path, noon: datetime) -> None:
    frames = list(VideoFile(clip, camera="c", started_at=noon, every=0.1).frames())
    assert seconds_of(frames) == [round(n * 0.1, 3) for n in range(60)]


@pytest.mark.parametrize("every", [0.0, -1.0, float("nan")])
def test_every_must_be_a_time(clip: Path, noon: datetime, every: float) -> None:
    with pytest.raises(ValueError, match="positive"):
        VideoFile(clip, camera="c", started_at=noon, every=every)


def test_the_end_is_held_at_the_usual_interval(clip: Path, noon: datetime) -> None:
    frames = list(VideoFile(clip, camera="c", started_at=noon, hold_end=5.0).frames())
    assert seconds_of(frames) == [0.0, 2.0, 4.0, 6.0, 8.0, 9.0]
    assert all(frame.picture is frames[2].picture for frame in frames[3:])


@pytest.mark.parametrize("resume_after", [0.0, 1.9, 2.0, 4.0, 6.5, 9.0])
def test_resuming_gives_exactly_the_frames_not_given_yet(clip: Path, noon: datetime, resume_after: float) -> None:
    whole = list(VideoFile(clip, camera="c", started_at=noon, hold_end=5.0).frames())
    rest = list(VideoFile(clip, camera="c", started_at=noon, hold_end=5.0, resume_after=resume_after).frames())
    assert seconds_of(rest) == [s for s in seconds_of(whole) if s > resume_after]
    assert [f.captured_at for f in rest] == [f.captured_at for f in whole if f.pts > resume_after]


def test_says_how_far_apart_key_pictures_are(clip: Path, tmp_path: Path, noon: datetime) -> None:
    facts = VideoFile(clip, camera="c", started_at=noon).facts
    assert (facts.codec, facts.size_wh) == ("h264", (320, 180))
    assert facts.seconds == pytest.approx(6.0)
    assert facts.key_interval == pytest.approx(2.0)
    rare = make_clip(tmp_path / "rare.mp4", key_every=60)
    assert VideoFile(rare, camera="c", started_at=noon).key_interval == pytest.approx(6.0)
    assert facts.key_interval < KEY_INTERVAL_LIMIT < 6.0


def test_a_gif_has_one_key_picture_and_can_be_read_by_time(tmp_path: Path, noon: datetime) -> None:
    gif = make_clip(tmp_path / "street.gif", codec="gif")
    assert VideoFile(gif, camera="c", started_at=noon).key_interval > KEY_INTERVAL_LIMIT
    frames = list(VideoFile(gif, camera="c", started_at=noon, every=1.0).frames())
    assert seconds_of(frames) == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]
    assert np.abs(frames[3].picture.bgr().astype(int) - street(30)).mean() < 20


@pytest.mark.parametrize(("codec", "media_type"), [("libx264", "video/h264"), ("libx265", "video/hevc")])
def test_the_kept_key_packet_gives_the_very_same_picture(
    tmp_path: Path, noon: datetime, codec: str, media_type: str
) -> None:
    path = make_clip(tmp_path / "clip.mp4", codec=codec, options={"x265-params": "log-level=none"})
    for frame in VideoFile(path, camera="c", started_at=noon).frames():
        original = frame.picture.original()
        assert isinstance(original, Original)
        assert original.media_type == media_type
        assert original.data.startswith(b"\0\0\0\1")
        assert np.array_equal(decode_original(original), frame.picture.bgr())


def test_the_kept_key_packet_stands_alone_even_where_the_stream_says_its_parameters_once(
    tmp_path: Path, noon: datetime
) -> None:
    path = make_clip(tmp_path / "open.mp4", options={"x264-params": "open-gop=1:keyint=20:bframes=2"})
    originals = [frame.picture.original() for frame in VideoFile(path, camera="c", started_at=noon).frames()]
    assert len(originals) == 3
    for original in originals:
        assert original is not None
        assert decode_original(original).shape == (180, 320, 3)


def test_a_turned_clip_is_seen_upright(tmp_path: Path, noon: datetime) -> None:
    upright = next(VideoFile(make_clip(tmp_path / "a.mp4"), camera="c", started_at=noon).frames())
    turned = next(VideoFile(turn_clip(make_clip(tmp_path / "b.mp4")), camera="c", started_at=noon).frames())
    assert turned.picture.size_wh == (180, 320)
    clockwise = np.rot90(upright.picture.bgr(), -1)
    assert np.array_equal(turned.picture.bgr(), clockwise)
    assert turned.picture.luma((90, 160)).shape == (160, 90)
    original = turned.picture.original()
    assert original is not None
    assert np.array_equal(decode_original(original), clockwise)


def test_a_damaged_key_picture_is_left_out_and_said(
    tmp_path: Path, noon: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (180, 320, 3), dtype=np.uint8)
    path = make_clip(tmp_path / "noise.mp4", pixels=lambda _: noise)
    data = bytearray(path.read_bytes())
    middle = data.index(b"mdat") + 6000
    data[middle : middle + 3000] = bytes(range(250)) * 12
    path.write_bytes(data)
    assert seconds_of(list(VideoFile(path, camera="c", started_at=noon).frames())) == [2.0, 4.0]
    assert "1 damaged pictures left out" in caplog.text


def write(data: bytes) -> Callable[[Path], Path]:
    def to(folder: Path) -> Path:
        (folder / "clip.mp4").write_bytes(data)
        return folder / "clip.mp4"

    return to


def nowhere(folder: Path) -> Path:
    return folder / "nowhere.mp4"


def the_folder(folder: Path) -> Path:
    return folder


def sound(folder: Path) -> Path:
    return make_sound(folder / "sound.mp4")


def without_index(folder: Path) -> Path:
    path = make_clip(folder / "whole.mp4")
    data = path.read_bytes()
    return write(data[: data.index(b"moov") - 4])(folder)


def gif_of_a_gigapixel(folder: Path) -> Path:
    size = struct.pack("<HH", 32000, 32000)
    table = b"\x80\0\0" + bytes(3) + b"\xff\xff\xff"
    (folder / "bomb.gif").write_bytes(b"GIF89a" + size + table + b"," + bytes(4) + size + b"\0\x02\x02\x4c\x01\0;")
    return folder / "bomb.gif"


def playlist(folder: Path) -> Path:
    make_clip(folder / "secret.mp4")
    return write(b"ffconcat version 1.0\nfile secret.mp4\n")(folder)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (nowhere, "does not exist; check the path"),
        (the_folder, "is a folder, not a video file; give the path of a file"),
        (write(b""), "is empty; copy it again"),
        (write(b"this is no video\n" * 1000), "cannot be read as a video; check that it is one"),
        (without_index, "cannot be read as a video; check that it is one"),
        (sound, "has no picture track"),
        (gif_of_a_gigapixel, "over 40 megapixels"),
        (write(b"#EXTM3U\n#EXTINF:10,\n/etc/passwd\n#EXT-X-ENDLIST\n"), "cannot be read as a video"),
        (playlist, "cannot be read as a video"),
    ],
)
def test_bad_files_are_refused_in_one_sentence(
    tmp_path: Path, noon: datetime, make: Callable[[Path], Path], sentence: str
) -> None:
    source = VideoFile(make(tmp_path), camera="c", started_at=noon)
    for ask in (lambda: list(source.frames()), lambda: source.facts):
        with pytest.raises(SourceNotReadable, match=sentence) as caught:
            ask()
        assert str(caught.value).count("\n") == 0
        assert str(caught.value).endswith(".")


@pytest.mark.parametrize(("name", "codec", "every"), [("cut.mp4", "libx264", None), ("cut.gif", "gif", 1.0)])
def test_a_file_that_breaks_off_gives_what_it_has_and_says_where(
    tmp_path: Path, noon: datetime, name: str, codec: str, every: float | None
) -> None:
    path = make_clip(tmp_path / name, codec=codec, seconds=8)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 6 // 10])
    frames: list[Frame] = []
    with pytest.raises(SourceNotReadable, match=r"breaks off after [34]\.\d s; copy it again"):
        frames += iter_into(frames, VideoFile(path, camera="c", started_at=noon, every=every, hold_end=60))
    assert seconds_of(frames)[:2] == ([0.0, 2.0] if every is None else [0.0, 1.0])
    assert frames[-1].pts < 6


def iter_into(frames: list[Frame], source: VideoFile) -> list[Frame]:
    for frame in source.frames():
        frames.append(frame)
    return []


def test_closing_in_the_middle_lets_the_file_go(clip: Path, noon: datetime) -> None:
    source = VideoFile(clip, camera="c", started_at=noon)
    frames = source.frames()
    next(frames)
    source.close()
    source.close()
    assert list(frames) == []


@pytest.mark.parametrize(
    ("name", "every", "size_wh", "least"),
    [
        ("overhead_cars.mp4", 1.0, (768, 432), 30),
        ("parking_street.mp4", None, (576, 996), 18),
        ("patrol_city_queue.mp4", None, (1920, 1080), 21),
        ("patrol_beijing_viaduct.gif", 1.0, (320, 240), 9),
        ("walk_gps.mp4", None, (848, 480), 32),
    ],
)
def test_real_clips_give_plausible_frames(
    real_clips: Path, noon: datetime, name: str, every: float | None, size_wh: tuple[int, int], least: int
) -> None:
    source = VideoFile(real_clips / name, camera="c", started_at=noon, every=every)
    assert (source.key_interval > KEY_INTERVAL_LIMIT) is (every is not None)
    frames = list(source.frames())
    assert len(frames) >= least
    assert all(before.pts < after.pts for before, after in pairwise(frames))
    for frame in frames[:: max(1, len(frames) // 4)]:
        assert frame.picture.size_wh == size_wh
        assert 20 < frame.picture.luma((160, 90)).mean() < 235
        assert frame.picture.bgr((320, 320)).std() > 10
