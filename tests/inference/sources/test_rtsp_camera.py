"""The source against a real server on loopback that misbehaves."""

import logging
import threading
import time
import traceback
from collections.abc import Iterator
from datetime import datetime
from itertools import islice, pairwise

import numpy as np
import pytest

from inference.errors import SourceError, SourceNotReadable, SourceUnreachable
from inference.sources.pictures import decode_original
from inference.sources.rtsp import Rtsp
from inference.sources.rtsp_session import RtspSession
from inference.sources.stream_status import StreamState
from tests.rigs.fakecam import PASSWORD, FakeCamera, Manner


@pytest.fixture(autouse=True)
def no_password_in_the_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.DEBUG)
    yield
    assert PASSWORD not in caplog.text


def once(camera: FakeCamera, noon: datetime) -> Rtsp:
    return Rtsp(camera.url, camera="loop", started_at=noon, reconnect=False)


def test_pictures_of_a_camera_at_rest_are_passed_over_undecoded(noon: datetime) -> None:
    passed: list[int] = []

    def rests() -> bool:
        if source.status.frames == 1 and len(passed) < 2:
            passed.append(1)
            return True
        return False

    with FakeCamera() as camera:
        source = Rtsp(camera.url, camera="loop", started_at=noon, reconnect=False, rests=rests)
        first, second = islice(source.frames(), 2)
        source.close()
    assert source.status.frames == 2
    assert second.pts - first.pts > 0.6  # three key pictures, a quarter of a second apart


def test_a_good_camera_gives_its_key_pictures(noon: datetime) -> None:
    with FakeCamera() as camera:
        source = once(camera, noon)
        frames = list(islice(source.frames(), 4))
        assert source.status.state is StreamState.LIVE
        source.close()
    for before, after in pairwise(frames):
        assert 0.1 < after.pts - before.pts < 1.0
    for frame in frames:
        original = frame.picture.original()
        assert original is not None
        assert frame.picture.size_wh == (320, 180)
        assert np.array_equal(decode_original(original), frame.picture.bgr())


@pytest.mark.parametrize(
    ("manner", "error", "sentence"),
    [
        (Manner.MUTE, SourceUnreachable, "does not answer within 2.5 s; check that it is on"),
        (Manner.MUTE_AT_DESCRIBE, SourceUnreachable, "does not answer within 2.5 s"),
        (Manner.SYN_DROP, SourceUnreachable, "does not answer within 2.5 s"),
        (Manner.UNAUTHORISED, SourceNotReadable, "refuses the user name or password; correct them"),
        (Manner.WRONG_CODEC, SourceNotReadable, "sends no picture we can decode; set it to H.264 or H.265"),
    ],
)
def test_a_bad_camera_is_told_in_one_sentence_and_not_waited_for(
    noon: datetime, manner: Manner, error: type[SourceError], sentence: str
) -> None:
    with FakeCamera(manner) as camera:
        source = once(camera, noon)
        with pytest.raises(error, match=sentence) as caught:  # without our timeouts it would wait for ever
            next(source.frames())
        source.close()
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value.__context__) + repr(source.status)
    assert PASSWORD not in shown
    assert f"127.0.0.1:{camera.port}" in str(caught.value)
    assert source.status.state is StreamState.FAILED


def test_a_camera_that_is_off_is_told_at_once(noon: datetime) -> None:
    with FakeCamera() as camera:
        gone = camera.url
    with pytest.raises(SourceUnreachable, match="refuses the connection"):
        next(Rtsp(gone, camera="loop", started_at=noon, reconnect=False).frames())


def test_a_camera_that_drops_comes_back(noon: datetime) -> None:
    with FakeCamera(Manner.DROP) as camera:
        source = Rtsp(camera.url, camera="loop", started_at=noon, random=lambda: 0.0, sleep=lambda _: None)
        frames = list(islice(source.frames(), 12))
        source.close()
        assert camera.connections >= 4
    times = [frame.captured_at for frame in frames]
    assert times == sorted(times)
    assert source.status.connections >= 4


def test_a_pause_of_the_stream_is_survived_without_a_new_connection(noon: datetime) -> None:
    with FakeCamera(Manner.FREEZE, good_pictures=35) as camera:
        source = once(camera, noon)
        frames = source.frames()
        list(islice(frames, 2))
        threading.Timer(5.2, lambda: setattr(camera, "manner", Manner.OK)).start()
        assert [frame.camera for frame in islice(frames, 2)] == ["loop", "loop"]
        source.close()
        assert camera.connections == 1


def test_a_frozen_camera_can_be_closed_from_outside(noon: datetime) -> None:
    with FakeCamera(Manner.FREEZE) as camera:
        source = once(camera, noon)
        reader = threading.Thread(target=lambda: list(source.frames()))
        reader.start()
        while source.status.frames < 2:
            time.sleep(0.05)
        time.sleep(0.5)
        source.close()
        reader.join(30)
        assert not reader.is_alive()


def test_one_picture_for_ever_has_one_digest(noon: datetime) -> None:
    with FakeCamera(Manner.REPEAT, good_pictures=0, fps=30) as camera:
        session = RtspSession(camera.url)
        looks = [look for _ in range(20) for look in session.read() or ()]
        session.close()
    assert len(looks) >= 15
    assert len({look.digest for look in looks}) == 1
    assert len({look.pts for look in looks}) == len(looks)


@pytest.mark.parametrize(("share", "count"), [(0.05, 4), (0.3, 1)])
def test_damaged_packets_cost_pictures_and_nothing_else(noon: datetime, share: float, count: int) -> None:
    with FakeCamera(Manner.CORRUPT, damaged_share=share, fps=100) as camera:
        source = once(camera, noon)
        frames = list(islice(source.frames(), count))
        source.close()
    assert [frame.picture.bgr((64, 64)).shape for frame in frames] == [(36, 64, 3)] * count
