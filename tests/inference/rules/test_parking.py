"""Where and when a standing vehicle is parked illegally."""

from datetime import time

import pytest

from inference.zones.hours import Calendar, HoursSpan, Schedule
from inference.zones.zone import FractionXY, PerClass, Zone, ZoneKind
from tests.street import Street, found, inspector, zone

CAR = (300.0, 150.0, 420.0, 220.0)  # stands on (360, 220): fractions (.5625, .611)
LEFT: tuple[FractionXY, ...] = ((0, 0), (0.5, 0), (0.5, 1), (0, 1))
RIGHT: tuple[FractionXY, ...] = ((0.5, 0), (1, 0), (1, 1), (0.5, 1))
NO_PARKING = zone(ZoneKind.NO_PARKING)


def parked(
    *zones: Zone, until: float = 60, dwell: float | None = 12.0, name: str = "car", since: float = 0
) -> list[float]:
    """Seconds after the start at which a vehicle standing in CAR is found."""
    street = Street().add(name, CAR, since=since)
    findings = found(street, inspector(street, zones=zones, dwell=dwell), until=until)
    return [(f.last_seen - f.first_seen).total_seconds() + since for f in findings]


def from_noon(minutes: int) -> Schedule:
    """In force every day from so many minutes after noon, the time at which the street begins."""
    return Schedule(calendar=Calendar(), spans=(HoursSpan(start=time(12, minutes), end=time(18)),))


def test_the_ground_contact_decides_in_which_zone_a_car_stands() -> None:
    assert parked(zone(ZoneKind.NO_PARKING, points=LEFT)) == []
    assert parked(zone(ZoneKind.NO_PARKING, points=RIGHT)) == [12]


def test_a_permitted_bay_beats_a_prohibition() -> None:
    assert parked(NO_PARKING, zone(ZoneKind.PERMITTED_BAY, points=RIGHT)) == []
    assert parked(NO_PARKING, zone(ZoneKind.PERMITTED_BAY, points=LEFT)) == [12]


def test_a_car_may_stand_until_the_hours_begin() -> None:
    assert parked(zone(ZoneKind.NO_PARKING, schedule=from_noon(1)), until=100) == [72]


def test_grace_after_the_hours_have_begun() -> None:
    graced = zone(ZoneKind.NO_PARKING, schedule=from_noon(1), grace=PerClass(default=20))
    assert parked(graced, until=120) == [92]


def test_a_bay_that_closes_lets_the_time_begin() -> None:
    bay = zone(ZoneKind.PERMITTED_BAY, schedule=Schedule(spans=(HoursSpan(start=time(8), end=time(12, 1)),)))
    assert parked(NO_PARKING, bay, until=100) == [72]


def test_dwell_of_the_zone_and_of_the_class() -> None:
    strict = zone(ZoneKind.NO_PARKING, dwell=PerClass(default=40, by_class={"bus": 20}))
    assert parked(strict, dwell=None, name="car") == [40]
    assert parked(strict, dwell=None, name="bus") == [20]


def test_a_dwell_never_goes_below_what_evidence_needs() -> None:
    assert parked(NO_PARKING, dwell=1) == [10]


@pytest.mark.parametrize("name", ["truck", "motorcycle", "tricycle"])
def test_every_vehicle_can_park_illegally(name: str) -> None:
    assert parked(NO_PARKING, name=name) == [12]


def queue_street(*, leave: float) -> Street:
    """Four cars that stop one behind the other at a light, and all leave at `leave`."""
    street = Street()
    for i in range(4):
        street.add("car", (460 - 140.0 * i, 150, 580 - 140.0 * i, 220), since=4 + 3 * i, until=leave)
    return street


def test_a_queue_before_a_red_light_is_no_finding() -> None:
    street = queue_street(leave=70)
    lane = zone(ZoneKind.NO_PARKING, queue=True)
    assert found(street, inspector(street, zones=(lane,)), until=90) == []


def test_a_row_of_parked_cars_where_nobody_queues_is() -> None:
    street = queue_street(leave=70)
    assert len(found(street, inspector(street, zones=(NO_PARKING,)), until=90)) == 4


def test_a_row_that_outlasts_every_red_light_is_parked() -> None:
    street = queue_street(leave=1e9)
    lane = zone(ZoneKind.NO_PARKING, queue=True)
    assert len(found(street, inspector(street, zones=(lane,)), until=180)) == 4


def test_a_single_car_in_a_lane_is_no_queue() -> None:
    assert parked(zone(ZoneKind.NO_PARKING, queue=True)) == [12]


def test_a_car_at_the_lower_border_is_found_although_the_camera_shakes() -> None:
    shakes = [(1.0, 0.0, 0.0), (1.0, 0.0, -4.0)]  # the anchor lies below the reference picture's border
    street = Street(view=lambda t: shakes[t >= 4]).add("car", (300, 290, 420, 370), since=6)
    assert len(found(street, inspector(street, zones=(NO_PARKING,)), until=40)) == 1
