"""The source on a clock that is turned by hand, with connections that do as they are told."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice

import pytest

from inference.errors import SourceNotReadable, SourceUnreachable
from inference.sources.pictures import ArrayPicture
from inference.sources.rtsp import Rtsp
from inference.sources.rtsp_session import Look
from inference.sources.stream_status import StreamState
from tests.rigs.clips import street
from tests.rigs.manual_clock import ManualClock

PICTURE = ArrayPicture(pixels=street(0))
Step = tuple[float, list[Look] | None]


class ScriptedSession:
    """Lets time pass and answers, step by step; then the camera hangs up."""

    def __init__(self, clock: ManualClock, steps: Iterator[Step], damaged: int = 0) -> None:
        self.damaged = damaged
        self.closed = 0
        self._clock = clock
        self._steps = steps

    def read(self) -> list[Look] | None:
        for seconds, looks in self._steps:
            self._clock.seconds += seconds
            return looks
        raise SourceUnreachable("The camera ended the connection.")

    def close(self) -> None:
        self.closed += 1


def look(pts: float, digest: int | None = None) -> list[Look]:
    return [Look(pts=pts, picture=PICTURE, digest=int(pts * 1000) if digest is None else digest)]


def good(count: int, step: float = 2.0) -> Iterator[Step]:
    return ((step, look(n * step)) for n in range(count))


def source(
    clock: ManualClock, noon: datetime, *sessions: Callable[[], ScriptedSession], reconnect: bool = True
) -> Rtsp:
    script = iter(sessions)

    def connect(url: str) -> ScriptedSession:
        make = next(script, None)
        if make is None:
            raise SourceNotReadable("The script is over.")
        return make()

    return Rtsp(
        "rtsp://operator:secret@camera/s",
        camera="gate",
        started_at=noon,
        reconnect=reconnect,
        connect=connect,
        monotonic=clock,
        random=lambda: 1.0,
        sleep=clock.sleep,
    )


def refuse() -> ScriptedSession:
    raise SourceUnreachable("The camera does not answer.")


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


def test_pictures_carry_monotonic_time_from_one_reading_of_the_wall(clock: ManualClock, noon: datetime) -> None:
    rtsp = source(clock, noon, lambda: ScriptedSession(clock, good(4)))
    frames = list(islice(rtsp.frames(), 4))
    assert [frame.captured_at - noon for frame in frames] == [timedelta(seconds=s) for s in (2, 4, 6, 8)]
    assert [frame.pts for frame in frames] == [2.0, 4.0, 6.0, 8.0]
    status = rtsp.status
    assert (status.state, status.frames, status.connections, status.error) == (StreamState.LIVE, 4, 1, None)
    assert status.key_interval == 2.0


def test_it_comes_back_with_growing_pauses_and_time_goes_on(clock: ManualClock, noon: datetime) -> None:
    first, last = ScriptedSession(clock, good(2), damaged=3), ScriptedSession(clock, good(2), damaged=1)
    rtsp = source(clock, noon, lambda: first, refuse, refuse, lambda: last)
    frames = list(islice(rtsp.frames(), 4))
    assert clock.slept == [1.0, 2.0, 4.0]
    assert [frame.captured_at - noon for frame in frames] == [timedelta(seconds=s) for s in (2, 4, 13, 15)]
    assert first.closed == 1
    assert (rtsp.status.connections, rtsp.status.damaged, rtsp.status.error) == (2, 4, None)


def test_the_pause_is_short_again_after_five_good_minutes(clock: ManualClock, noon: datetime) -> None:
    rtsp = source(
        clock, noon, *[refuse] * 8, lambda: ScriptedSession(clock, good(160)), lambda: ScriptedSession(clock, good(1))
    )
    frames = list(islice(rtsp.frames(), 161))
    assert len(frames) == 161
    assert clock.slept == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 1.0]


def test_a_frozen_camera_is_seen_and_connected_again(clock: ManualClock, noon: datetime) -> None:
    frozen = ScriptedSession(clock, iter([(0.1, look(0.0)), *[(4.5, None)] * 10]))
    rtsp = source(clock, noon, lambda: frozen, lambda: ScriptedSession(clock, good(1)))
    frames = rtsp.frames()
    next(frames)
    states = [(seconds, rtsp.status.state) for seconds in (4.9, 0.1, 9.9, 0.1) if clock.sleep(seconds) is None]
    assert [state for _, state in states] == [
        StreamState.LIVE,
        StreamState.SILENT,
        StreamState.SILENT,
        StreamState.FROZEN,
    ]
    next(frames)
    assert frozen.closed == 1
    assert rtsp.status.state is StreamState.LIVE


def test_a_freeze_is_noticed_within_20_s(clock: ManualClock, noon: datetime) -> None:
    rtsp = source(clock, noon, lambda: ScriptedSession(clock, iter([(0.1, look(0.0)), *[(4.5, None)] * 10])))
    with pytest.raises(SourceNotReadable, match="script is over"):
        list(rtsp.frames())
    assert clock.seconds - 1000.1 - clock.slept[0] <= 20


def test_a_repeated_picture_opens_nothing_and_is_shown(clock: ManualClock, noon: datetime) -> None:
    repeated = ((2.0, look(n * 2.0, digest=7)) for n in range(60))
    alive = ((2.0, look(120 + n * 2.0)) for n in range(2))
    rtsp = source(clock, noon, lambda: ScriptedSession(clock, iter([*repeated, *alive])))
    frames = rtsp.frames()
    before = list(islice(frames, 15))
    assert before[-1].pts <= 60
    after = next(frames)
    assert after.pts == pytest.approx(122.0, abs=1.0)
    assert rtsp.status.repeated == 45
    assert rtsp.status.state is StreamState.LIVE


def test_the_state_says_repeated(clock: ManualClock, noon: datetime) -> None:
    seen: list[StreamState] = []

    def steps() -> Iterator[Step]:
        for n in range(40):
            seen.append(rtsp.status.state)
            yield 2.0, look(n * 2.0, digest=7)

    rtsp = source(clock, noon, lambda: ScriptedSession(clock, steps()))
    with pytest.raises(SourceNotReadable):
        list(rtsp.frames())
    assert seen[0] is StreamState.CONNECTING
    assert seen[10] is StreamState.LIVE
    assert set(seen[17:]) == {StreamState.REPEATED}


def test_pictures_that_waited_in_a_buffer_are_not_taken_for_now(clock: ManualClock, noon: datetime) -> None:
    burst = [(60.0 if n == 0 else 0.01, look(4.0 + n * 2.0)) for n in range(30)]
    rtsp = source(clock, noon, lambda: ScriptedSession(clock, iter([*good(2), *burst])))
    ages: list[float] = []
    frames = rtsp.frames()
    with pytest.raises(SourceNotReadable):
        ages.extend(clock.seconds - 1000 - frame.pts for frame in frames)
    assert len(ages) >= 4
    assert all(-1e-6 <= age <= 5.0 for age in ages)
    assert rtsp.status.stale > 20


def test_without_reconnecting_the_first_failure_is_told(clock: ManualClock, noon: datetime) -> None:
    with pytest.raises(SourceUnreachable, match="does not answer"):
        list(source(clock, noon, refuse, reconnect=False).frames())
    assert clock.slept == []


def test_a_failure_that_repetition_cannot_cure_ends_it(clock: ManualClock, noon: datetime) -> None:
    rtsp = source(clock, noon)
    with pytest.raises(SourceNotReadable):
        list(rtsp.frames())
    assert (rtsp.status.state, rtsp.status.error) == (StreamState.FAILED, "The script is over.")


def test_closing_ends_the_frames_and_the_connection(clock: ManualClock, noon: datetime) -> None:
    session = ScriptedSession(clock, good(100))
    rtsp = source(clock, noon, lambda: session)
    frames = rtsp.frames()
    next(frames)
    rtsp.close()
    rtsp.close()
    assert session.closed == 1
    assert list(frames) == []
