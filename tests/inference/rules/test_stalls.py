"""Stalls, detected or recognised by their parts."""

from datetime import time

from inference.findings import ViolationKind
from inference.zones.hours import HoursSpan, Schedule
from inference.zones.zone import Zone, ZoneKind
from tests.street import Street, found, inspector, zone

STALL = (200.0, 180.0, 300.0, 270.0)
VENDOR = (300.0, 190.0, 330.0, 275.0)
NO_STALLS = zone(ZoneKind.NO_STALLS)


def stalls(street: Street, *zones: Zone, until: float = 60) -> list[str]:
    """The rules by which stalls are found in a street."""
    findings = found(street, inspector(street, zones=zones or (NO_STALLS,)), until=until)
    assert all(f.kind is ViolationKind.STALL_ENCROACHMENT for f in findings)
    return [f.rule for f in findings]


def test_a_detected_stall_that_stands_is_found_once() -> None:
    assert stalls(Street().add("stall", STALL)) == ["stall-encroachment/1 by stall, dwell 12 s"]


def test_a_stall_that_is_pushed_along_is_none() -> None:
    street = Street().add("stall", STALL, place=lambda t: (20 + 12 * t, 180, 120 + 12 * t, 270))
    assert stalls(street, until=40) == []


def test_a_parasol_with_a_vendor_is_a_stall() -> None:
    street = Street().add("umbrella", STALL).add("person", VENDOR)
    assert stalls(street) == ["stall-encroachment/1 by parts, dwell 12 s"]


def test_a_parasol_that_nobody_attends_is_none() -> None:
    assert stalls(Street().add("umbrella", STALL)) == []


def test_a_passer_by_does_not_make_a_parasol_a_stall() -> None:
    assert stalls(Street().add("umbrella", STALL).add("person", VENDOR, since=8, until=14)) == []


def test_a_stall_with_its_parasol_is_one_finding() -> None:
    street = Street().add("stall", STALL).add("umbrella", (190, 150, 310, 200)).add("person", VENDOR)
    assert len(stalls(street)) == 1


def test_a_part_that_joins_a_known_stall_is_no_new_finding() -> None:
    street = Street().add("umbrella", STALL).add("person", VENDOR).add("umbrella", (330, 180, 400, 260), since=30)
    assert len(stalls(street, until=90)) == 1


def test_two_stalls_side_by_side_are_two_findings() -> None:
    assert len(stalls(Street().add("stall", STALL).add("stall", (310, 180, 410, 270)))) == 2


def test_a_market_permits_stalls_while_its_hours_run() -> None:
    market = zone(ZoneKind.PERMITTED_MARKET, schedule=Schedule(spans=(HoursSpan(start=time(6), end=time(12, 1)),)))
    assert stalls(Street().add("stall", STALL), NO_STALLS, market, until=56) == []
    assert len(stalls(Street().add("stall", STALL), NO_STALLS, market, until=90)) == 1


def test_trade_beyond_the_shop_front_line_is_found_and_inside_it_is_none() -> None:
    def line(y: float) -> Zone:  # walked to the right: the shop above, on the left; the pavement below, on the right
        return zone(ZoneKind.SHOP_FRONT, points=((0.1, y), (0.9, y)))

    assert len(stalls(Street().add("stall", STALL), line(0.6))) == 1  # the stall stands on y = .75
    assert stalls(Street().add("stall", STALL), line(0.9)) == []


def test_a_parked_car_is_no_stall() -> None:
    assert stalls(Street().add("car", STALL).add("person", VENDOR)) == []


def test_a_bench_does_not_carry_a_report_on_to_the_next_stall() -> None:
    street = Street().add("bench", (310, 200, 390, 270)).add("stall", STALL, until=30)
    street.add("stall", (400, 180, 500, 270), since=60)
    watcher = inspector(street, zones=(NO_STALLS,))
    assert len(found(street, watcher, until=100)) == 2
