"""Few who look at many cameras: the newest frame, never two of a camera at once, and errors where they belong."""

import threading
from collections import Counter
from dataclasses import dataclass, field

import pytest

from api.work.hands import Hands, Lane
from api.work.turns import Outcome, Verdict
from inference.frame import Frame
from tests.street import Street

FRAMES = list(Street().frames(until=20, camera="cam"))


@dataclass
class Gaze:
    """Looks only when it is let; fails when it is told to."""

    let: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    looking: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    seen: list[float] = field(default_factory=list[float])
    fails: Exception | None = None
    hung_up: threading.Event = field(default_factory=threading.Event)
    at_once: list[int] = field(default_factory=lambda: [0, 0])

    def look(self, frame: Frame) -> Verdict:
        self.at_once[0] += 1
        self.at_once[1] = max(self.at_once)
        self.looking.release()
        self.let.acquire()
        self.seen.append(frame.pts)
        self.at_once[0] -= 1
        if self.fails:
            raise self.fails
        return Verdict(outcome=Outcome.INSPECTED)

    def failed(self) -> None:
        self.hung_up.set()


def lane_of(gaze: Gaze, *, every_frame: bool, hands: Hands | None = None) -> tuple[Hands, Lane]:
    hands = hands or Hands(2)
    return hands, hands.open("cam", gaze, every_frame=every_frame)


def test_a_frame_that_waits_makes_way_for_a_newer_one() -> None:
    gaze = Gaze()
    hands, lane = lane_of(gaze, every_frame=False)
    lane.offer(FRAMES[0])
    gaze.looking.acquire()
    for frame in FRAMES[1:5]:
        lane.offer(frame)
    gaze.let.release(2)
    lane.finish(look_at_all=True)
    assert gaze.seen == [FRAMES[0].pts, FRAMES[4].pts]
    counts = hands.counts["cam"]
    assert (counts.offered, counts.inspected, counts.shed, counts.waiting) == (5, 2, 3, 0)
    assert gaze.at_once[1] == 1


def test_no_frame_of_a_recording_is_shed() -> None:
    gaze = Gaze()
    gaze.let.release(100)
    hands, lane = lane_of(gaze, every_frame=True)
    for frame in FRAMES:
        assert lane.offer(frame)
    lane.finish(look_at_all=True)
    assert gaze.seen == [frame.pts for frame in FRAMES]
    assert hands.counts["cam"].shed == 0


def test_a_stop_finishes_the_frame_at_hand_and_sheds_the_one_that_waits() -> None:
    gaze = Gaze()
    hands, lane = lane_of(gaze, every_frame=False)
    lane.offer(FRAMES[0])
    gaze.looking.acquire()
    lane.offer(FRAMES[1])
    ending = threading.Thread(target=lane.finish, kwargs={"look_at_all": False})
    ending.start()
    gaze.let.release()
    ending.join()
    assert gaze.seen == [FRAMES[0].pts]
    counts = hands.counts["cam"]
    assert (counts.inspected, counts.shed, counts.waiting) == (1, 1, 0)


def test_what_a_look_raises_comes_out_where_the_camera_is_watched() -> None:
    gaze = Gaze(fails=RuntimeError("broken"))
    gaze.let.release(100)
    hands, lane = lane_of(gaze, every_frame=True)
    lane.offer(FRAMES[0])
    assert gaze.hung_up.wait(10)
    assert not lane.offer(FRAMES[1])
    with pytest.raises(RuntimeError, match="broken"):
        lane.finish(look_at_all=True)
    assert hands.counts["cam"].refused == 1
    gaze.fails = None
    _, again = lane_of(gaze, every_frame=True, hands=hands)
    again.offer(FRAMES[2])
    again.finish(look_at_all=True)
    assert hands.counts["cam"].offered == 2


@pytest.mark.parametrize("every_frame", [True, False])
def test_the_frame_behind_one_that_failed_is_not_looked_at(every_frame: bool) -> None:
    gaze = Gaze(fails=RuntimeError("the disk is full"))
    hands, lane = lane_of(gaze, every_frame=every_frame)
    lane.offer(FRAMES[0])
    gaze.looking.acquire()
    lane.offer(FRAMES[1])
    gaze.let.release(2)
    with pytest.raises(RuntimeError, match="disk is full"):
        lane.finish(look_at_all=True)
    assert gaze.seen == [FRAMES[0].pts]
    assert hands.counts["cam"].waiting == 0


def test_hands_are_gone_when_nobody_needs_them_and_back_when_somebody_does() -> None:
    before, gaze = threading.active_count(), Gaze()
    gaze.let.release(1000)
    hands = Hands(3)
    for _ in range(20):
        lane = hands.open("cam", gaze, every_frame=True)
        lane.offer(FRAMES[0])
        lane.finish(look_at_all=True)
    for thread in [each for each in threading.enumerate() if each.name.startswith("hand-")]:
        thread.join(10)
    assert threading.active_count() <= before


def test_many_cameras_share_two_hands() -> None:
    hands, gazes = Hands(2), {f"cam-{n}": Gaze() for n in range(12)}
    lanes = {camera: hands.open(camera, gaze, every_frame=True) for camera, gaze in gazes.items()}
    for gaze in gazes.values():
        gaze.let.release(100)

    def read(lane: Lane) -> None:
        for frame in FRAMES:
            lane.offer(frame)
        lane.finish(look_at_all=True)

    readers = [threading.Thread(target=read, args=(lane,)) for lane in lanes.values()]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert Counter(counts.inspected for counts in hands.counts.values()) == {len(FRAMES): 12}
    assert all(gaze.at_once[1] == 1 for gaze in gazes.values())
