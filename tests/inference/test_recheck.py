"""What one look says about a place where something stood."""

from dataclasses import replace

import pytest

from inference.detections import Box
from inference.errors import EvidenceError
from inference.evidence.spool import MemorySpool
from inference.findings import Finding
from inference.pipeline import Inspector
from inference.recheck import OldPlace, PlaceWatch
from inference.sight import Sight
from tests.street import Street, found, inspector

CAR: Box = (240, 170, 360, 230)
OVER_THE_CAR: Box = (180, 90, 480, 250)


class Watched:
    """A street in which a car was found by second 40, and a camera that looks again."""

    def __init__(self, street: Street, name: str = "car") -> None:
        self.street, self.store = street, MemorySpool()
        self.watcher: Inspector = inspector(street, store=self.store)
        self.finding: Finding = found(street, self.watcher, until=40)[0]
        assert self.finding.object_class == name
        self.place = PlaceWatch(OldPlace.of(self.finding, self.store))

    def sights(self, *, since: float, until: float, every: float = 2.0) -> list[Sight]:
        frames = self.street.frames(since=since, until=until, every=every)
        return [self.place.see(frame, self.watcher.look(frame)) for frame in frames]


def test_what_still_stands_there_is_seen() -> None:
    watched = Watched(Street().add("car", CAR))
    assert watched.sights(since=100, until=108) == [Sight.THERE] * 5


def test_after_a_restart_it_is_known_by_its_box() -> None:
    watched = Watched(Street().add("car", CAR))
    watched.watcher = inspector(watched.street)
    assert watched.sights(since=100, until=104) == [Sight.THERE] * 3


def test_an_empty_place_is_seen_empty() -> None:
    watched = Watched(Street().add("car", CAR, until=60))
    assert watched.sights(since=100, until=108) == [Sight.EMPTY] * 5


def test_a_bus_in_front_hides_the_place() -> None:
    watched = Watched(Street().add("car", CAR, until=60).add("bus", OVER_THE_CAR, since=90))
    assert set(watched.sights(since=100, until=108)) == {Sight.HIDDEN}


def test_another_car_that_stands_half_over_the_place_does_not_make_it_empty() -> None:
    beside: Box = (300, 170, 420, 230)
    watched = Watched(Street().add("car", CAR, until=60).add("car", beside, since=90))
    assert set(watched.sights(since=100, until=108)) == {Sight.HIDDEN}


def test_a_pile_that_grew_is_still_there() -> None:
    heap: Box = (220, 140, 420, 240)
    watched = Watched(Street().add("garbage", CAR, until=60).add("garbage", heap, since=60), "garbage")
    assert set(watched.sights(since=100, until=108)) == {Sight.THERE}


def test_half_a_pile_is_still_there() -> None:
    half: Box = (240, 170, 300, 230)
    watched = Watched(Street().add("garbage", CAR, until=60).add("garbage", half, since=60), "garbage")
    assert set(watched.sights(since=100, until=108)) == {Sight.THERE}


def test_a_camera_that_was_turned_sees_nothing_of_the_place() -> None:
    street = Street(view=lambda t: (1.0, 0.0, 0.0) if t < 90 else (1.0, 500.0, 0.0)).add("car", CAR, until=60)
    assert set(Watched(street).sights(since=100, until=108)) == {Sight.TURNED}


def test_a_camera_that_was_nudged_still_finds_the_place() -> None:
    street = Street(view=lambda t: (1.0, 0.0, 0.0) if t < 90 else (1.0, 12.0, 6.0)).add("car", CAR, until=60)
    watched = Watched(street)
    assert set(watched.sights(since=90, until=108)) == {Sight.EMPTY}
    assert watched.place.box[0] == pytest.approx((CAR[0] + 12) / 640, abs=0.01)


def test_in_the_dark_nothing_is_seen() -> None:
    street = Street(light=lambda t: 1.0 if t < 90 else 0.05).add("car", CAR, until=60)
    assert set(Watched(street).sights(since=100, until=108)) == {Sight.DARK}


def test_the_same_picture_again_is_no_look() -> None:
    watched = Watched(Street().add("car", CAR, until=60))
    [frame] = watched.street.frames(since=100, until=100)
    again = [replace(frame, pts=t, captured_at=frame.captured_at) for t in (100.0, 102.0, 104.0)]
    seen = [watched.place.see(one, watched.watcher.look(one)) for one in again]
    assert seen == [Sight.EMPTY, Sight.FROZEN, Sight.FROZEN]


def test_what_the_detector_misses_but_looks_the_same_is_not_called_empty() -> None:
    street = Street().add("car", CAR, confidence=lambda t: 0.8 if t < 60 else 0.0)
    watched = Watched(street)
    watched.watcher = inspector(street)
    assert set(watched.sights(since=100, until=108)) == {Sight.UNSURE}


def test_without_the_picture_from_before_nothing_can_be_compared() -> None:
    watched = Watched(Street().add("car", CAR))
    with pytest.raises(EvidenceError, match="has no last picture"):
        OldPlace.of(replace(watched.finding, evidence=()), watched.store)
