"""Which findings are one matter, and which are not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest
from shapely import Point, Polygon

from cases.case import Case
from cases.city import CityOrder
from cases.clocks import WorkCalendar
from cases.desk import Desk
from cases.duty_list import DutyLine, DutyList, Edition, EventCode
from cases.filing import Channel, FilingState
from cases.grid import Area, AreaLevel, Grid
from cases.intake import Intake, Outcome, Taken
from cases.limit import Limit
from cases.merging import MergeRules
from cases.policy import AutoFilePolicy, AutoFileRule
from cases.states import Act, CaseState
from inference.detections import Box
from inference.findings import Finding, ViolationKind
from inference.zones.hours import Calendar
from tests.case_builders import BOX, HERE, NOON, CountedIds, HandClock, a_city, a_finding, a_proof, north_of
from tests.case_fakes import MemoryStore

ELSEWHERE: Box = (600.0, 200.0, 800.0, 320.0)
HOUR = timedelta(hours=1)


class Office:
    """An intake and a desk on one store in memory."""

    def __init__(self, city: CityOrder | None = None) -> None:
        self.store = MemoryStore()
        self.clock = HandClock()
        ids = CountedIds()
        self.intake = Intake(self.store, city or a_city(), clock=self.clock, new_id=ids)
        self.desk = Desk(self.store, city or a_city(), clock=self.clock, new_id=ids)

    def take(self, *findings: Finding) -> list[Outcome]:
        return [self.intake.take(finding).outcome for finding in findings]

    @property
    def cases(self) -> list[Case]:
        return list(self.store.book.cases.values())

    def close(self, case: Case) -> None:
        case = self.desk.confirm(case.id, version=case.version, by="li")
        case = self.desk.accept(case.id, version=case.version, by="police")
        case = self.desk.handle(case.id, version=case.version, by="police", proofs=(a_proof(),))
        self.desk.close(case.id, version=case.version, by="li")


def test_the_first_finding_opens_a_case() -> None:
    office = Office(a_city(areas={"cam-1": "east"}))
    [taken] = [office.intake.take(a_finding(where=HERE))]
    assert taken.outcome is Outcome.OPENED
    [case] = office.cases
    assert (case.number, case.state, case.version, case.area) == ("2026-000001", CaseState.CANDIDATE, 1, "east")
    assert (case.kind, case.camera, case.zone, case.place) == (ViolationKind.ILLEGAL_PARKING, "cam-1", "kerb", HERE)
    assert [entry.act for _, entry in office.store.book.entries] == [Act.OPEN]


def test_the_same_finding_again_changes_nothing() -> None:
    office = Office()
    office.take(a_finding())
    before = office.store.book
    assert office.take(a_finding(), a_finding(confidence=0.99)) == [Outcome.KNOWN, Outcome.KNOWN]
    assert office.store.book == before


def test_the_same_place_in_the_picture_is_one_case_however_long_it_is_open() -> None:
    office = Office()
    nudged: Box = (110.0, 205.0, 310.0, 325.0)
    later = a_finding("stay-2", box=nudged, at=NOON + 100 * HOUR, confidence=0.9)
    assert office.take(a_finding(), later) == [Outcome.OPENED, Outcome.MERGED]
    [case] = office.cases
    assert (case.last_seen, case.confidence, case.version) == (later.last_seen, 0.9, 2)
    assert [seen.key for seen in case.sightings] == ["stay-1", "stay-2"]


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (a_finding("2", box=ELSEWHERE), "another place in the picture"),
        (a_finding("2", box=ELSEWHERE, where=north_of(HERE, 5)), "another place in the picture, near on the ground"),
        (a_finding("2", kind=ViolationKind.EXPOSED_GARBAGE), "another kind"),
        (a_finding("2", zone="gate"), "another zone"),
        (a_finding("2", camera="cam-2"), "another camera that does not know where"),
        (a_finding("2", camera="cam-2", where=north_of(HERE, 51)), "another camera, too far"),
        (a_finding("2", camera="cam-2", where=HERE, at=NOON + 25 * HOUR), "another camera, too late"),
        (a_finding("2", camera="cam-2", where=HERE, at=NOON - 25 * HOUR), "another camera, too early"),
    ],
    ids=lambda value: value.replace(" ", "-") if isinstance(value, str) else "",
)
def test_different_matters_are_different_cases(other: Finding, why: str) -> None:
    office = Office()
    assert office.take(a_finding(where=HERE), other) == [Outcome.OPENED, Outcome.OPENED], why


@pytest.mark.parametrize("hours", [0, 23, -23])
def test_another_camera_near_in_place_and_time_joins(hours: int) -> None:
    office = Office()
    other = a_finding("2", camera="cam-2", zone="z", box=ELSEWHERE, where=north_of(HERE, 49), at=NOON + hours * HOUR)
    assert office.take(a_finding(where=HERE), other) == [Outcome.OPENED, Outcome.MERGED]
    assert office.cases[0].cameras == ("cam-1", "cam-2")


def test_two_vehicles_seen_by_two_cameras_are_two_cases() -> None:
    near, far = HERE, north_of(HERE, 12)
    office = Office()
    seen = [
        a_finding("a1", where=near),
        a_finding("b1", where=far, box=ELSEWHERE),
        a_finding("b2", camera="cam-2", where=far, box=BOX),
        a_finding("a2", camera="cam-2", where=near, box=ELSEWHERE),
    ]
    assert office.take(*seen) == [Outcome.OPENED, Outcome.OPENED, Outcome.MERGED, Outcome.MERGED]
    assert [[seen.key for seen in case.sightings] for case in office.cases] == [["a1", "a2"], ["b1", "b2"]]


def test_a_place_in_a_patrols_picture_means_nothing() -> None:
    office = Office(a_city(merging=MergeRules(patrols=frozenset({"van"}))))
    down_the_road = a_finding("2", camera="van", where=north_of(HERE, 400))
    second_pass = a_finding("3", camera="van", where=north_of(HERE, 10), at=NOON + HOUR, box=ELSEWHERE)
    assert office.take(a_finding("1", camera="van", where=HERE), down_the_road, second_pass) == [
        Outcome.OPENED,
        Outcome.OPENED,
        Outcome.MERGED,
    ]


def test_duplicates_in_any_order_are_one_case() -> None:
    seen = [
        a_finding("1", where=HERE),
        a_finding("1", where=HERE),
        a_finding("2", where=HERE, at=NOON + HOUR),
        a_finding("3", camera="cam-2", where=north_of(HERE, 20), at=NOON + 2 * HOUR),
        a_finding("4", camera="cam-3", where=north_of(HERE, -20)),
    ]
    for order in permutations(seen):
        office = Office()
        office.take(*order)
        [case] = office.cases
        assert {sighting.key for sighting in case.sightings} == {"1", "2", "3", "4"}
        assert (case.first_seen, case.last_seen) == (seen[0].first_seen, seen[3].last_seen)


def test_what_comes_back_after_closing_is_a_new_case_linked_to_the_old_one() -> None:
    office = Office()
    office.take(a_finding())
    office.close(office.cases[0])
    office.clock.forward(hours=3)
    assert office.take(a_finding("2", at=NOON + 2 * HOUR)) == [Outcome.OPENED]
    assert office.cases[1].recurrence_of == office.cases[0].id


def test_what_was_seen_before_closing_but_arrives_late_belongs_to_the_closed_case() -> None:
    office = Office()
    office.take(a_finding(where=HERE))
    office.clock.forward(hours=3)
    office.close(office.cases[0])
    late = a_finding("2", camera="cam-2", where=HERE, at=NOON + 2 * HOUR)
    assert office.take(late) == [Outcome.MERGED]
    assert office.cases[0].state is CaseState.CLOSED


def test_what_comes_back_much_later_is_no_recurrence() -> None:
    office = Office()
    office.take(a_finding())
    office.close(office.cases[0])
    assert office.take(a_finding("2", at=NOON + timedelta(days=40))) == [Outcome.OPENED]
    assert office.cases[1].recurrence_of is None


def test_after_a_rejection_the_same_place_is_a_new_candidate_without_a_link() -> None:
    office = Office()
    office.take(a_finding())
    case = office.cases[0]
    office.desk.reject(case.id, version=case.version, by="li", reason="a permitted bay")
    assert office.take(a_finding("2", at=NOON + HOUR)) == [Outcome.OPENED]
    assert office.cases[1].recurrence_of is None


def test_policy_files_at_once_and_the_duty_list_says_to_whom() -> None:
    office = Office(a_city(auto_file=True, channel=Channel.WEBHOOK))
    office.take(a_finding())
    [case] = office.cases
    assert (case.state, case.department, case.duty_line, case.duty_edition) == (
        CaseState.FILED,
        "police",
        "P1",
        "2026-1",
    )
    assert case.deadline_at == NOON + 2 * HOUR
    [filing] = office.store.book.filings.values()
    assert (filing.state, filing.department, filing.channel) == (FilingState.DUE, "police", Channel.WEBHOOK)
    assert [entry.act for _, entry in office.store.book.entries] == [Act.OPEN, Act.FILE]


def test_a_second_surer_finding_can_file_a_waiting_candidate() -> None:
    rule = AutoFileRule(kind=ViolationKind.ILLEGAL_PARKING, minimum_confidence=0.7, cameras=frozenset({"cam-1"}))
    office = Office(replace(a_city(), policy=AutoFilePolicy(rules=(rule,))))
    office.take(a_finding(confidence=0.6))
    assert office.cases[0].state is CaseState.CANDIDATE
    office.take(a_finding("2", confidence=0.75))
    assert office.cases[0].state is CaseState.FILED


@pytest.mark.parametrize(
    ("rule", "files"),
    [
        (AutoFileRule(kind=ViolationKind.ILLEGAL_PARKING, minimum_confidence=0.8), True),
        (AutoFileRule(kind=ViolationKind.ILLEGAL_PARKING, minimum_confidence=0.81), False),
        (AutoFileRule(kind=ViolationKind.EXPOSED_GARBAGE, minimum_confidence=0), False),
        (AutoFileRule(kind=ViolationKind.ILLEGAL_PARKING, minimum_confidence=0, zones=frozenset({"gate"})), False),
        (AutoFileRule(kind=ViolationKind.ILLEGAL_PARKING, minimum_confidence=0, cameras=frozenset({"x"})), False),
    ],
)
def test_policy_rules(rule: AutoFileRule, files: bool) -> None:
    office = Office(replace(a_city(), policy=AutoFilePolicy(rules=(rule,))))
    office.take(a_finding())
    assert (office.cases[0].state is CaseState.FILED) == files


def test_a_case_finds_its_area_and_so_its_owner_by_its_place() -> None:
    parking = ViolationKind.ILLEGAL_PARKING
    line = DutyLine(
        id="E", event=EventCode(code="0505"), kind=parking, area="east", department="east-team", limit=Limit(amount=1)
    )
    edition = Edition(name="2026-1", valid_from=NOON, lines=(line,))
    duties = DutyList(fallback=a_city().duty_list.fallback, editions=(edition,))
    half = 0.01
    east = Polygon([(HERE.lon, HERE.lat - half), (HERE.lon + half, HERE.lat - half), (HERE.lon, HERE.lat + half)])
    areas = (
        Area(code="city", level=AreaLevel.DISTRICT, name="city"),
        Area(code="east", level=AreaLevel.STREET, name="east", parent="city", shape=east),
    )
    office = Office(replace(a_city(auto_file=True), duty_list=duties, grid=Grid(areas)))
    office.take(a_finding(where=HERE))
    assert [(case.area, case.department) for case in office.cases] == [("east", "east-team")]


def test_a_case_whose_place_is_learnt_later_finds_its_area_then() -> None:
    city = Area(code="city", level=AreaLevel.DISTRICT, name="city", shape=Point(HERE.lon, HERE.lat).buffer(0.1))
    office = Office(replace(a_city(), grid=Grid([city])))
    office.take(a_finding("stay-1"))
    assert office.cases[0].area is None
    office.take(a_finding("stay-2", where=HERE))
    assert [case.area for case in office.cases] == ["city"]


def test_years_are_those_of_the_city() -> None:
    office = Office(replace(a_city(), calendar=WorkCalendar(days=Calendar(zone=ZoneInfo("Asia/Shanghai")))))
    office.clock.now = datetime(2026, 12, 31, 17, tzinfo=UTC)
    office.take(a_finding())
    assert office.cases[0].number == "2027-000001"


def test_a_look_is_written_as_a_whole() -> None:
    office = Office()
    taken: tuple[Taken, ...] = office.intake.record_look(
        camera="cam-1", memory=b"stays", position=12.5, captured_at=NOON, findings=[a_finding(), a_finding()]
    )
    assert [each.outcome for each in taken] == [Outcome.OPENED, Outcome.KNOWN]
    memory = office.store.book.memories["cam-1"]
    assert (memory.memory, memory.position, memory.captured_at) == (b"stays", 12.5, NOON)
