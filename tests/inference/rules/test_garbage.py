"""Garbage counts when it is seen again, outside collection points and hours."""

from datetime import time

import pytest

from inference.findings import ViolationKind
from inference.zones.hours import HoursSpan, Schedule
from inference.zones.zone import Zone, ZoneKind
from tests.street import START, Street, found, inspector, zone

PILE = (200.0, 240.0, 260.0, 290.0)
CLEAN = zone(ZoneKind.KEEP_CLEAN)


def rubbish(name: str, *zones: Zone, until: float = 60, every: float = 2.0) -> list[float]:
    """Seconds for which rubbish in PILE counted when it was found."""
    street = Street().add(name, PILE)
    return [f.seen_for for f in found(street, inspector(street, zones=zones), until=until, every=every)]


@pytest.mark.parametrize("name", ["garbage", "bin_overflow"])
def test_rubbish_is_found_when_it_is_seen_again_after_the_dwell(name: str) -> None:
    assert rubbish(name, CLEAN) == [12]


def test_two_observations_are_enough_where_looks_are_rare() -> None:
    assert rubbish("garbage", CLEAN, until=60, every=30) == [30]


def test_a_closed_bin_is_no_rubbish() -> None:
    assert rubbish("bin", CLEAN) == []


def test_bags_at_a_collection_point_are_none_while_its_hours_run() -> None:
    point = zone(ZoneKind.COLLECTION_POINT, schedule=Schedule(spans=(HoursSpan(start=time(11), end=time(12, 1)),)))
    assert rubbish("garbage", CLEAN, point, until=50) == []
    assert rubbish("garbage", CLEAN, point, until=80) == [12]


def test_a_bag_that_is_taken_away_is_none() -> None:
    street = Street().add("garbage", PILE, until=10)
    assert found(street, inspector(street, zones=(CLEAN,)), until=60) == []


def test_a_pile_that_grows_is_one_pile() -> None:
    street = Street().add("garbage", PILE, place=lambda t: (200 - t / 4, 240 - t / 8, 260 + t / 4, 290))
    [finding] = found(street, inspector(street, zones=(CLEAN,)), until=60)
    assert finding.kind is ViolationKind.EXPOSED_GARBAGE
    assert finding.first_seen == START


def test_rubbish_elsewhere_than_in_a_clean_zone_is_none() -> None:
    assert rubbish("garbage", zone(ZoneKind.KEEP_CLEAN, points=((0.6, 0), (1, 0), (1, 1), (0.6, 1)))) == []
