"""Passes through a drawn street: what must be found, once, where it stands; and what must not."""

from dataclasses import replace
from datetime import timedelta

import pytest
from shapely import Polygon

from inference.findings import EvidenceRole, Finding, ViolationKind
from inference.patrol.inspector import Skip
from inference.patrol.pass_memory import read_pass
from inference.patrol.street_map import Ground, StreetMap, StreetPart
from tests.patrol_drive import START, Drive, Thing, Town

HALF_HOUR = 1800.0


def area(town: Town, ground: Ground, along: tuple[float, float], aside: tuple[float, float]) -> StreetPart:
    corners = [town.where(a, b) for a, b in ((along[0], aside[0]), (along[1], aside[0]), (along[1], aside[1]))]
    corners.append(town.where(along[0], aside[1]))
    return StreetPart(id=ground.value, ground=ground, outline=Polygon([(c.lon, c.lat) for c in corners]))


def everywhere(town: Town, ground: Ground) -> StreetPart:
    return area(town, ground, (-200, 200), (-30, 30))


def off(town: Town, finding: Finding, thing: Thing) -> float:
    assert finding.where is not None
    return finding.where.metres_to(town.where(thing.along, thing.aside))


def test_rubbish_and_a_stall_are_found_in_one_pass_where_they_are() -> None:
    town = Town().add("garbage", 12, -4.5).add("stall", 30, 5.0)
    findings = town.found(Drive())
    assert [f.kind for f in findings] == [ViolationKind.EXPOSED_GARBAGE, ViolationKind.STALL_ENCROACHMENT]
    for finding, thing in zip(findings, town.things, strict=True):
        assert off(town, finding, thing) < 1.0  # without a receiver's error
        assert finding.uncertainty is not None
        assert 2.0 < finding.uncertainty < 5.0  # of which the receiver states 2.5 m
        assert "views of one pass agree" in finding.rule
        assert (finding.camera, finding.zone) == ("van", "street")
        assert {ref.role for ref in finding.evidence} >= {EvidenceRole.FIRST, EvidenceRole.LAST, EvidenceRole.CROP}
        assert all(town.store.get(ref.sha256) for ref in finding.evidence)


def test_three_passes_over_one_matter_make_one_finding_and_one_site_that_grows_surer() -> None:
    town = Town().add("garbage", 20, 4.0).add("car", 10, 3.2)
    errors = ((2.0, 1.0), (-1.5, 1.5), (0.5, -2.0))
    by_pass = [
        town.found(Drive(starts=n * HALF_HOUR, gps_error=error, seed=n), vehicle=f"van-{n}")
        for n, error in enumerate(errors)
    ]
    assert [[f.kind for f in findings] for findings in by_pass] == [
        [ViolationKind.EXPOSED_GARBAGE],
        [ViolationKind.ILLEGAL_PARKING],
        [],
    ]
    assert len(town.book.sites) == 2
    for site in town.book.sites:
        assert site.passes == 3
        assert site.uncertainty < site.encounters[0].uncertainty
        assert min(site.where.metres_to(town.where(t.along, t.aside)) for t in town.things) < 2.0


def test_a_parked_car_needs_two_passes_and_asks_to_clear_the_road_only() -> None:
    town = Town().add("car", 20, 3.3)
    assert town.found(Drive()) == []
    assert town.found(Drive(starts=300)) == []  # five minutes are not enough
    [finding] = town.found(Drive(starts=900))
    assert "clear the road, no penalty" in finding.rule
    assert finding.first_seen < START + timedelta(seconds=20)
    assert finding.seen_for > 850
    assert finding.last_seen - finding.first_seen == timedelta(seconds=finding.seen_for)


def test_another_car_in_the_same_place_has_not_stood_there() -> None:
    town = Town().add("car", 20, 3.3, until=600, seed=1).add("car", 20.3, 3.3, since=700, seed=2)
    assert [town.found(Drive(starts=start)) for start in (0.0, 900.0)] == [[], []]


@pytest.mark.parametrize("speed", [8.0, 5.0, 14.0, -8.0])
def test_traffic_is_no_finding_even_where_nobody_may_stop(speed: float) -> None:
    town = Town()
    town.streets = StreetMap([everywhere(town, Ground.NO_STOPPING)])
    for number in range(6):
        town.add("car", -60 + 14 * number, 3.2 if speed > 0 else -3.2, speed=speed)
    assert town.found(Drive()) == []


def test_a_queue_in_which_the_patrol_itself_waits_is_no_finding() -> None:
    town = Town()
    town.streets = StreetMap([everywhere(town, Ground.NO_STOPPING)])
    for number in range(5):
        town.add("car", 12 + 6.5 * number, 0.0).add("car", 4 + 6.5 * number, 3.2)
    assert town.found(Drive(begins=-60, ends=3, halt=2)) == []


def test_a_queue_of_other_vehicles_in_the_same_places_is_no_finding_later() -> None:
    town = Town()
    for number in range(4):
        town.add("car", 10 + 7 * number, -3.3, until=600).add("car", 10 + 7 * number, -3.3, since=700)
    assert [town.found(Drive(starts=start)) for start in (0.0, 900.0)] == [[], []]


def test_a_row_that_stands_there_again_is_parked() -> None:
    town = Town().add("car", 10, -3.3).add("car", 17, -3.3).add("car", 24, -3.3)
    assert town.found(Drive()) == []
    assert len(town.found(Drive(starts=900))) >= 2


def test_where_nobody_may_stop_one_pass_is_enough_for_a_single_car() -> None:
    town = Town().add("car", 20, 3.3)
    town.streets = StreetMap([everywhere(town, Ground.NO_STOPPING)])
    [finding] = town.found(Drive())
    assert finding.rule == "patrol-parking/1 one pass in a no-stopping area: clear the road, no penalty"
    assert finding.zone == "no_stopping"


def test_a_permit_beats_what_forbids() -> None:
    town = Town().add("car", 20, 6.0).add("stall", 40, 6.0).add("garbage", 50, -6.0)
    town.streets = StreetMap(
        [
            area(town, Ground.PERMITTED_BAY, (10, 30), (2, 10)),
            area(town, Ground.PERMITTED_MARKET, (30, 48), (2, 10)),
            area(town, Ground.COLLECTION_POINT, (44, 56), (-10, -2)),
        ]
    )
    assert [town.found(Drive(starts=start, ends=80)) for start in (0.0, 900.0)] == [[], []]


def test_only_what_lies_in_an_area_that_forbids_counts_where_the_map_has_one() -> None:
    town = Town().add("car", 10, -3.5).add("car", 30, 3.5)
    town.streets = StreetMap([area(town, Ground.NO_PARKING, (20, 60), (1, 6))])
    assert town.found(Drive()) == []
    [finding] = town.found(Drive(starts=900))
    assert off(town, finding, town.things[1]) < 2
    assert finding.zone == "no_parking"


def test_a_motorcycle_counts_only_where_the_map_forbids() -> None:
    town = Town().add("motorcycle", 20, 4.0)
    assert [town.found(Drive(starts=start)) for start in (0.0, 900.0)] == [[], []]


def test_parts_of_a_stall_need_somebody_at_them() -> None:
    town = Town().add("umbrella", 12, 4.0).add("umbrella", 36, 4.0).add("person", 11.4, 3.4)
    [finding] = town.found(Drive())
    assert off(town, finding, town.things[0]) < 2
    assert "by parts" in finding.rule


def test_a_pass_goes_on_after_a_restart_as_if_nothing_had_happened() -> None:
    def findings(town: Town, *, restarts: bool) -> list[Finding]:
        drive = Drive()
        inspector, track = town.inspector(drive), town.track(drive)
        found: list[Finding] = []
        for frame in town.frames(drive):
            found += inspector.look(frame, track.at(frame.captured_at)).findings
            if restarts:
                inspector = town.inspector(drive, remembered=inspector.memory())
        return [*found, *inspector.finish()]

    first, second = (Town().add("garbage", 12, -4.5).add("stall", 30, 5.0) for _ in range(2))
    assert findings(first, restarts=True) == findings(second, restarts=False)


def test_how_slow_a_patrol_was_between_its_looks_is_remembered_over_a_restart() -> None:
    """Pictures are not inspected while it stands; a worker that dies then must still know that it stood."""
    town, drive = Town().add("car", 20, 3.3), Drive(begins=0.0)
    track, inspector = town.track(drive), town.inspector(drive)
    frame = next(town.frames(drive))
    pose = track.at(frame.captured_at)
    assert pose is not None
    assert inspector.look(frame, pose).skipped is None
    [seen] = read_pass(inspector.memory()).followed
    assert not inspector.has_changed
    assert inspector.look(frame, replace(pose, speed=seen.slowest - 1)).skipped is Skip.INSPECTED
    assert inspector.has_changed
    [remembered] = read_pass(inspector.memory()).followed
    assert remembered.slowest == seen.slowest - 1
