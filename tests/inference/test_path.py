"""The gate and the rules together: quiet scenes are looked at just in time."""

from inference.gate import Gate
from inference.zones.zone import ZoneKind
from tests.street import START, Street, inspector, looks, zone

CAR = (300.0, 150.0, 420.0, 220.0)


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
