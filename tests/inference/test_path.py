"""The gate and the rules together: quiet scenes are looked at just in time."""

from dataclasses import replace

import pytest

from inference.evidence.spool import MemorySpool
from inference.evidence.store import EvidenceStore
from inference.findings import EvidenceRole
from inference.gate import Gate
from inference.geo import LatLon
from inference.zones.zone import FractionXY, ZoneKind
from tests.street import START, Street, found, inspector, looks, zone

CAR = (300.0, 150.0, 420.0, 220.0)
KERB = zone(ZoneKind.NO_PARKING, points=((0, 0), (0.95, 0), (0.95, 0.95), (0, 0.95)))


def test_behind_the_gate_a_car_is_found_when_its_dwell_is_over() -> None:
    street = Street().add("car", CAR, since=10)
    seen = looks(street, inspector(street, dwell=40, gate=Gate()), until=90)
    [finding] = [f for look in seen for f in look.findings]
    assert (finding.last_seen - START).total_seconds() == 50
    assert sum(look.gated for look in seen) > len(seen) / 2


def test_a_doubtful_thing_does_not_keep_the_gate_open_for_ever() -> None:
    street = Street().add("car", CAR, confidence=lambda t: 0.5 if t == 0 else 0.2)
    seen = looks(street, inspector(street, gate=Gate()), until=240)
    assert not any(look.findings for look in seen)
    assert sum(look.gated for look in seen[-40:]) >= 34  # one look in ten is forced


def test_a_camera_without_zones_finds_nothing() -> None:
    street = Street().add("car", CAR)
    assert not any(look.findings for look in looks(street, inspector(street, zones=()), until=60))


def test_a_look_that_lost_the_view_is_tried_again_at_once() -> None:
    street = Street(view=lambda t: (1.0, 300.0, 100.0) if t == 10 else (1.0, 0.0, 0.0)).add("car", CAR)
    seen = looks(street, inspector(street, zones=(zone(ZoneKind.KEEP_CLEAN),), gate=Gate()), until=20)
    assert [look.view_lost for look in seen] == [t == 10 for t in range(0, 21, 2)]
    assert not seen[6].gated


def test_a_view_that_stays_lost_is_looked_at_again_and_again_although_nothing_changes() -> None:
    street = Street(view=lambda t: (1.0, 300.0, 100.0) if t >= 10 else (1.0, 0.0, 0.0))
    watcher = inspector(street, zones=(KERB,), gate=Gate())
    seen = looks(street, watcher, until=16)
    assert [look.view_lost for look in seen] == [t >= 10 for t in range(0, 17, 2)]
    assert watcher.looks_away_since is not None


def test_a_larger_part_that_joins_a_known_stall_is_no_new_finding() -> None:
    street = Street().add("umbrella", (200, 180, 300, 270)).add("person", (300, 190, 330, 275))
    street.add("umbrella", (330, 140, 500, 275), since=30)
    watcher = inspector(street, zones=(zone(ZoneKind.NO_STALLS),))
    first = found(street, watcher, until=28)
    assert len(first) == 1
    assert found(street, watcher, since=30, until=90) == []


HERE, THERE = LatLon(lat=31.5, lon=120.25), LatLon(lat=31.75, lon=120.5)


@pytest.mark.parametrize(
    ("of_frame", "of_camera", "where"),
    [(HERE, THERE, HERE), (None, THERE, THERE), (HERE, None, HERE), (None, None, None)],
)
def test_a_finding_is_where_its_frame_was_taken_or_else_where_its_camera_is(
    of_frame: LatLon | None, of_camera: LatLon | None, where: LatLon | None
) -> None:
    street = Street().add("car", CAR)
    watcher = inspector(street, position=of_camera)
    seen = [watcher.look(replace(frame, position=of_frame)) for frame in street.frames(until=14)]
    [finding] = [f for look in seen for f in look.findings]
    assert finding.where == where


def explained(store: EvidenceStore, corner: float, nudge: float) -> set[bytes]:
    """The pictures that explain a finding in a zone that reaches down to `corner` on its left."""
    corners: tuple[FractionXY, ...] = ((0, 0), (1, 0), (1, 1), (0, corner))
    street = Street(view=lambda t: (1.0, nudge if t >= 4 else 0.0, 0.0)).add("car", CAR)
    watcher = inspector(street, zones=(zone(ZoneKind.NO_PARKING, points=corners),), store=store)
    [finding] = found(street, watcher, until=20)
    return {store.get(ref.sha256) for ref in finding.evidence if ref.role is EvidenceRole.OVERLAY}


@pytest.mark.parametrize(("nudge", "drawn"), [(0.0, True), (12.0, False)])
def test_a_zone_is_drawn_only_where_it_lies_right(nudge: float, drawn: bool) -> None:
    one, other = (explained(MemorySpool(), corner, nudge) for corner in (0.8, 0.9))
    assert (one != other) is drawn
