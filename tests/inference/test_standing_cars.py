"""A parked car is one finding, whatever happens around it."""

from datetime import timedelta

import pytest

from inference.evidence.spool import MemorySpool
from inference.findings import EvidenceRole, ViolationKind
from tests.street import START, Street, found, inspector, looks

CAR = (300.0, 150.0, 420.0, 220.0)


def seconds(value: float) -> timedelta:
    return timedelta(seconds=value)


def test_a_parked_car_becomes_one_finding_when_its_dwell_is_over() -> None:
    [finding] = found(Street().add("car", CAR, since=10), until=60)
    assert finding.kind is ViolationKind.ILLEGAL_PARKING
    assert finding.first_seen == START + seconds(10)
    assert finding.seen_for == pytest.approx(12, abs=0.01)
    assert finding.object_class == "car"


def test_a_car_that_drives_through_is_none() -> None:
    assert found(Street().drive("car", since=4, speed=40, y=220, size=(120, 70)), until=40) == []


def test_a_car_that_creeps_along_is_none() -> None:
    assert found(Street().drive("car", since=0, speed=8, y=220, size=(120, 70)), until=80) == []


def test_somebody_dropped_off_is_none() -> None:
    assert found(Street().add("car", CAR, since=4, until=14), until=40) == []


def test_a_bus_that_stands_in_front_hides_the_car_but_does_not_end_its_stay() -> None:
    street = Street().add("car", CAR, since=2).add("bus", (260, 110, 520, 235), since=8, until=40)
    cars = [f for f in found(street, until=80) if f.object_class == "car"]
    assert [f.first_seen for f in cars] == [START + seconds(2)]


def test_traffic_in_front_of_a_parked_car_does_not_split_its_stay() -> None:
    street = Street().add("car", CAR)
    for second in range(4, 60, 7):
        street.drive("truck", since=second, speed=120, y=230, size=(240, 110))
    assert len(found(street, until=80)) == 1


def test_a_detector_that_misses_the_car_for_a_while_does_not_split_its_stay() -> None:
    street = Street().add("car", CAR, confidence=lambda t: 0.0 if 10 <= t < 24 else 0.8)
    assert [f.first_seen for f in found(street, until=60)] == [START]


def test_a_detector_that_is_mostly_blind_finds_nothing() -> None:
    street = Street().add("car", CAR, confidence=lambda t: 0.9 if t in (0, 30) else 0.0)
    assert found(street, until=80) == []


def test_doubtful_detections_alone_find_nothing() -> None:
    assert found(Street().add("car", CAR, confidence=lambda t: 0.4 if t == 0 else 0.2), until=80) == []


@pytest.mark.parametrize("level", [0.45, 1.25])
def test_a_change_of_light_does_not_split_a_stay(level: float) -> None:
    street = Street(light=lambda t: level if t >= 6 else 1.0).add("car", CAR)
    assert len(found(street, until=60)) == 1


def test_a_shaking_camera_does_not_split_a_stay() -> None:
    shakes = [(1.0, 0.0, 0.0), (1.0, 4.0, -3.0), (1.0, -5.0, 2.0), (1.0, 3.0, 4.0)]
    street = Street(view=lambda t: shakes[int(t / 2) % 4]).add("car", CAR)
    assert len(found(street, until=60)) == 1


def test_a_slow_zoom_does_not_split_a_stay_nor_move_its_zone() -> None:
    def view(t: float) -> tuple[float, float, float]:
        zoom = 1 + 0.5 * min(1.0, max(0.0, (t - 4) / 8))
        return zoom, -360 * (zoom - 1), -185 * (zoom - 1)

    street = Street(view=view).add("car", CAR)
    assert [f.first_seen for f in found(street, until=60)] == [START]


def test_a_car_that_a_zoom_cuts_off_and_that_is_called_something_else_meanwhile_is_one_car() -> None:
    def view(t: float) -> tuple[float, float, float]:
        zoom = 1 + 0.5 * (min(1.0, max(0.0, (t - 4) / 8)) - min(1.0, max(0.0, (t - 20) / 8)))
        return zoom, -300 * (zoom - 1), -60 * (zoom - 1)

    street = Street(view=view).add("car", (430, 200, 630, 355), called=lambda t: "motorcycle" if 8 <= t < 14 else "car")
    assert [f.first_seen for f in found(street, until=70) if f.object_class == "car"] == [START]


def test_a_car_called_truck_bus_and_tricycle_by_turns_is_one_car() -> None:
    names = ("car", "truck", "car", "bus", "car", "tricycle")
    street = Street().add("car", CAR, called=lambda t: names[int(t / 2) % 6])
    [finding] = found(street, until=60)
    assert finding.object_class == "car"


def test_after_the_place_was_empty_another_car_is_another_finding() -> None:
    street = Street().add("car", CAR, until=30).add("car", CAR, since=44)
    assert [f.first_seen for f in found(street, until=80)] == [START, START + seconds(44)]


def test_a_car_that_takes_the_place_between_two_looks_is_another_finding() -> None:
    street = Street().add("car", CAR, until=21, seed=3).add("car", CAR, since=21, seed=4)
    assert [f.first_seen for f in found(street, until=60)] == [START, START + seconds(22)]


def test_two_cars_side_by_side_are_two_findings() -> None:
    street = Street().add("car", CAR).add("car", (430, 150, 550, 220))
    assert len(found(street, until=40)) == 2


def test_nothing_is_found_while_the_camera_looks_elsewhere() -> None:
    street = Street(view=lambda t: (1.0, 0.0, 0.0) if t < 6 or t >= 40 else (1.0, 400.0, 200.0)).add("car", CAR)
    watcher = inspector(street)
    away = looks(street, watcher, since=0, until=38)
    assert not any(look.findings for look in away)
    assert away[-1].view_lost
    assert watcher.looks_away_since is not None
    back = looks(street, watcher, since=40, until=60)
    assert [f.first_seen for look in back for f in look.findings] == [START]
    assert watcher.looks_away_since is None


def test_a_moving_camera_finds_no_parked_car() -> None:
    street = Street().add("car", CAR)
    assert found(street, inspector(street, moving=True), until=60) == []


@pytest.mark.parametrize("killed_after", range(1, 16))
def test_a_restart_after_any_look_changes_nothing(killed_after: int) -> None:
    def street() -> Street:
        return Street().add("car", CAR, since=4).add("bus", (260, 110, 520, 235), since=10, until=20)

    through = found(street(), until=40)
    killed = street()
    spool = MemorySpool()
    watcher = inspector(killed, spool=spool)
    before = [f for look in looks(killed, watcher, until=2 * (killed_after - 1)) for f in look.findings]
    again = inspector(killed, remembered=watcher.memory(), spool=spool)
    after = found(killed, again, since=2 * killed_after, until=40)
    assert [(f.key, f.first_seen, f.last_seen) for f in before + after] == [
        (f.key, f.first_seen, f.last_seen) for f in through
    ]


def test_evidence_shows_the_car_at_least_ten_seconds_apart() -> None:
    [finding] = found(Street().add("car", CAR), until=40)
    pictures = {ref.role: ref for ref in finding.evidence if ref.of is None}
    interval = pictures[EvidenceRole.LAST].captured_at - pictures[EvidenceRole.FIRST].captured_at
    assert interval >= seconds(10)
    roles = {EvidenceRole.FIRST, EvidenceRole.LAST, EvidenceRole.BEST, EvidenceRole.MANIFEST}
    assert roles <= pictures.keys()
