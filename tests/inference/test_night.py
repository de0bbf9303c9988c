"""The camera switches to infrared: colour goes, brightness changes, nothing in the street does."""

import pytest

from inference.zones.zone import ZoneKind
from tests.street import START, Street, found, inspector, looks, zone

CAR = (300.0, 150.0, 420.0, 220.0)
FAR_CAR = (60.0, 60.0, 150.0, 112.0)  # at the edge of the lamp's light
KERB = zone(ZoneKind.NO_PARKING, points=((0, 0), (0.95, 0), (0.95, 0.95), (0, 0.95)))


def dusk(at: float = 6.0) -> Street:
    return Street(infrared=lambda t: t >= at)


@pytest.mark.parametrize("scenery", range(1, 6))
def test_at_dusk_a_fixed_camera_still_knows_where_it_looks(scenery: int) -> None:
    street = dusk()
    street.scenery = scenery
    seen = looks(street, inspector(street, zones=(KERB,)), until=20)
    assert not any(look.view_lost for look in seen)


@pytest.mark.parametrize("box", [CAR, FAR_CAR])
def test_a_single_parked_car_is_one_finding_over_dusk(box: tuple[float, float, float, float]) -> None:
    street = dusk().add("car", box)
    assert [f.first_seen for f in found(street, inspector(street, zones=(KERB,)), until=60)] == [START]


@pytest.mark.parametrize("box", [CAR, FAR_CAR])
def test_a_single_car_that_the_detector_misses_by_night_for_a_while_is_one_finding(
    box: tuple[float, float, float, float],
) -> None:
    street = dusk(20).add("car", box, confidence=lambda t: 0.0 if 18 <= t < 40 else 0.8)
    assert [f.first_seen for f in found(street, inspector(street, zones=(KERB,)), until=80)] == [START]


def test_a_camera_that_is_turned_away_at_night_is_still_noticed() -> None:
    street = dusk()
    street.view = lambda t: (1.0, 0.0, 0.0) if t < 12 else (1.0, 300.0, 150.0)
    seen = looks(street, inspector(street, zones=(KERB,)), until=30)
    assert [look.view_lost for look in seen] == [t >= 12 for t in range(0, 31, 2)]


def test_a_car_that_left_by_night_is_missed_in_the_morning() -> None:
    street = Street(infrared=lambda t: 20 <= t < 60).add("car", CAR, until=30).add("car", CAR, since=90)
    findings = found(street, inspector(street, zones=(KERB,)), until=120)
    assert [(f.first_seen - START).total_seconds() for f in findings] == [0, 90]


def test_after_a_pause_over_dusk_a_parked_car_is_still_the_same() -> None:
    street = dusk(1000).add("car", CAR)
    watcher = inspector(street, zones=(KERB,))
    looks(street, watcher, until=20)
    assert not found(street, watcher, since=2000, until=2040)
