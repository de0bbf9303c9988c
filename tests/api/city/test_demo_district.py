"""The demo district is fictional but complete."""

from collections import Counter
from pathlib import Path

import pytest

from api.city.city import City, load_city
from cases.clocks import ClockKind
from cases.desk import Desk
from cases.errors import MoveRefused
from cases.grid import AreaLevel, Standing
from cases.intake import Intake
from cases.joining import JointDesk
from cases.organisation import UnitKind
from cases.patrolling.roads import Point
from cases.states import CaseState
from inference.findings import ViolationKind
from tests.case_builders import NOON, CountedIds, HandClock, a_finding, a_proof
from tests.case_fakes import MemoryStore
from tests.rigs.demo_grid import the_map

DEMO = Path(__file__).parents[3] / "datasets/demo"


@pytest.fixture(scope="module")
def demo() -> City:
    return load_city(DEMO / "city.yaml", environment={})


def test_its_map_is_drawn_by_rule() -> None:
    assert (DEMO / "grid.geojson").read_text(encoding="utf-8") == the_map()


def test_it_has_three_streets_nine_communities_and_their_cells(demo: City) -> None:
    levels = Counter(area.level for area in demo.grid.areas.values())
    assert levels == {
        AreaLevel.DISTRICT: 1,
        AreaLevel.STREET: 3,
        AreaLevel.COMMUNITY: 9,
        AreaLevel.CELL: 162,
    }
    assert demo.areas["990101001001"].en == "Bridgehead"


def test_its_cameras_stand_in_the_community_that_the_city_gives_them(demo: City) -> None:
    for camera in (camera for camera in demo.file.cameras if not camera.moving):
        assert camera.position is not None
        spot = demo.grid.locate(camera.position.build())
        assert spot.standing is Standing.INSIDE
        assert demo.grid.at(spot.area, AreaLevel.COMMUNITY) == camera.area


def test_every_cell_has_one_member_of_the_grid_staff_and_everybody_above(demo: City) -> None:
    assert demo.order is not None
    for code, area in demo.grid.areas.items():
        if area.level is AreaLevel.CELL:
            path = demo.grid.path(code)
            kinds = Counter(unit.kind for unit in demo.order.organisation.looking_after(path))
            assert kinds[UnitKind.GRID_STAFF] == kinds[UnitKind.COMMUNITY] == kinds[UnitKind.PARTY_BRANCH] == 1
            assert demo.order.staff.nearest(None, code) is not None


def test_its_twelve_departments_have_both_names_and_all_but_the_centre_have_duties(demo: City) -> None:
    assert demo.order is not None
    departments = [part for part in demo.file.departments if part.kind is UnitKind.DEPARTMENT]
    assert len(departments) == 12
    assert all(part.name.zh != part.name.en for part in demo.file.departments)
    owners = {line.department for edition in demo.editions.read for line in edition.lines}
    assert owners == {part.id for part in departments}


def test_its_duty_list_has_all_codes_conditions_and_clocks(demo: City) -> None:
    [edition] = demo.editions.read
    codes = Counter(line.code for line in edition.lines)
    assert len(codes) == 52
    assert max(codes.values()) == 3
    assert {line.limit.clock for line in edition.lines} == set(ClockKind) - {ClockKind.WORKING_HOURS}
    assert all(line.event.name and line.event.group_name and line.authority and line.closing for line in edition.lines)


@pytest.mark.parametrize(
    ("kind", "department", "code"),
    [
        (ViolationKind.ILLEGAL_PARKING, "city-management", "0497"),
        (ViolationKind.EXPOSED_GARBAGE, "sanitation", "0110"),
        (ViolationKind.STALL_ENCROACHMENT, "city-management", "0406"),
    ],
)
def test_what_its_cameras_see_has_an_owner(demo: City, kind: ViolationKind, department: str, code: str) -> None:
    assert demo.order is not None
    duty = demo.order.duty_for(kind, "990101001001", NOON)
    assert (duty.department, duty.line) == (department, f"{code}-1")


def test_what_no_line_names_is_the_streets(demo: City) -> None:
    assert demo.order is not None
    owners = [demo.order.duty_for(None, street, NOON).department for street in ("990101001", "990101003", None)]
    assert owners == ["qingshi-office", "beifang-office", "operations"]


@pytest.mark.parametrize(
    ("kind", "lead", "helper"),
    [
        (ViolationKind.ILLEGAL_PARKING, "city-management", "traffic-police"),
        (ViolationKind.EXPOSED_GARBAGE, "sanitation", "city-management"),
    ],
)
def test_what_its_clips_show_is_a_joint_case_from_filing_to_closed(
    demo: City, kind: ViolationKind, lead: str, helper: str
) -> None:
    assert demo.order is not None
    store, clock, new_id = MemoryStore(), HandClock(), CountedIds()
    case = Intake(store, demo.order, clock=clock, new_id=new_id).take(a_finding(kind=kind, camera="kerb-day")).case
    assert case is not None
    assert (case.state, case.department, case.co_departments) == (CaseState.FILED, lead, (helper,))
    desk, joint = Desk(store, demo.order, clock=clock, new_id=new_id), JointDesk(store, demo.order, clock=clock)
    case = desk.accept(case.id, version=case.version, by=lead)
    with pytest.raises(MoveRefused, match=f"{helper} has not reported"):
        desk.handle(case.id, version=case.version, by=lead, proofs=(a_proof(),))
    case = joint.done(case.id, helper, version=case.version, by=helper, note="done")
    case = desk.handle(case.id, version=case.version, by=lead, proofs=(a_proof(),))
    done_when = case.duty_line or ""
    assert desk.close(case.id, version=case.version, by="li", condition=done_when).state is CaseState.CLOSED


def test_its_roads_hang_together_and_lie_in_its_cells(demo: City) -> None:
    roads = demo.roads
    assert {stretch.cell for stretch in roads.stretches} <= {a.code for a in demo.grid.areas.values()}
    reached, waiting = set[Point](), [roads.blocks[0].ends[0]]
    while waiting:
        here = waiting.pop()
        if here not in reached:
            reached.add(here)
            waiting.extend(end for block in roads.blocks if here in block.ends for end in block.ends)
    assert {end for block in roads.blocks for end in block.ends} == reached
    assert [vehicle.id for vehicle in demo.roster.vehicles] == ["patrol-1", "patrol-2"]
