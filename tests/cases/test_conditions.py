"""Filing and closing conditions (立案条件, 结案条件), and codes that the duty list has dropped."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cases.city import CityOrder, Department
from cases.desk import Desk
from cases.duty_list import DutyLine, Edition, EventCode
from cases.errors import MoveRefused
from cases.escalation import Audience
from cases.history import MACHINE
from cases.intake import Intake
from cases.limit import Limit
from cases.policy import AfterPicturePolicy, AutoFilePolicy, AutoFileRule
from cases.states import Act
from cases.verdict import Judgement, Ruling
from inference.findings import ViolationKind
from tests.case_builders import NOON, CountedIds, HandClock, a_city, a_finding, a_proof, a_report
from tests.case_fakes import MemoryStore

CASE = "id-1"
STALL = EventCode(code="0405", name="店外经营")
CLEANING = Department(id="cleaning", name="Cleaning")
GARBAGE = ViolationKind.EXPOSED_GARBAGE


def a_line(id: str, department: str, hours: float, *, event: EventCode = STALL, **more: object) -> DutyLine:
    values = {"condition": f"condition {id}", "closing": f"done {id}", **more}
    return DutyLine(id=id, event=event, department=department, limit=Limit(amount=hours), **values)  # pyright: ignore[reportArgumentType] - any of the fields


LINES = (
    a_line("0405-1", "cleaning", 1),
    a_line("0405-2", "police", 3, kind=ViolationKind.STALL_ENCROACHMENT),
    a_line("0405-3", "street", 9, closing=""),
    a_line("0405-4", "street", 5, area="north"),
)


def a_city_with(*editions: Edition) -> CityOrder:
    city = a_city()
    return replace(city, duty_list=replace(city.duty_list, editions=editions))


CITY = a_city_with(Edition(name="2026-1", valid_from=datetime(2026, 1, 1, tzinfo=UTC), lines=LINES))


class Office:
    """A door and a desk in one city, with one case of a stall."""

    def __init__(self, city: CityOrder = CITY, *, by_camera: bool = True) -> None:
        self.store, self.clock, self.ids = MemoryStore(), HandClock(), CountedIds()
        intake = Intake(self.store, city, clock=self.clock, new_id=self.ids)
        if by_camera:
            intake.take(a_finding(kind=ViolationKind.STALL_ENCROACHMENT))
        else:
            with self.store.transaction() as book:
                intake.receive(book, a_report(code="0405"))
        self.move_to(city)

    def move_to(self, city: CityOrder) -> None:
        """From now on the city is this one."""
        self.desk = Desk(self.store, city, clock=self.clock, new_id=self.ids)

    @property
    def case(self):
        return self.store.book.cases[CASE]

    def entry(self, act: Act):
        return next(entry for entry in self.store.book.dossier(CASE).history if entry.act is act)

    def handled(self) -> None:
        self.desk.accept(CASE, version=self.case.version, by="them")
        self.desk.handle(CASE, version=self.case.version, by="them", proofs=(a_proof(),))


def test_the_condition_that_is_picked_decides_who_and_by_when() -> None:
    office = Office()
    filed = office.desk.confirm(CASE, version=1, by="li", condition="0405-3")
    assert (filed.department, filed.duty_line, filed.deadline_at) == ("street", "0405-3", NOON + timedelta(hours=9))
    assert office.entry(Act.FILE).choice == "0405-3"


def test_a_verdict_can_pick_it_too() -> None:
    office = Office()
    judgement = Judgement(ruling=Ruling.CONFIRM)
    assert office.desk.judge(CASE, judgement, version=1, by="li", condition="0405-1").department == "cleaning"


@pytest.mark.parametrize("by_camera", [True, False])
def test_without_a_choice_the_line_that_cameras_file_under_counts(by_camera: bool) -> None:
    office = Office(by_camera=by_camera)
    office.desk.confirm(CASE, version=1, by="li")
    assert (office.case.duty_line, office.entry(Act.FILE).choice) == ("0405-2", "0405-2")


def test_filing_by_machine_takes_the_usual_one() -> None:
    sure = AutoFilePolicy(rules=(AutoFileRule(kind=ViolationKind.STALL_ENCROACHMENT, minimum_confidence=0.5),))
    office = Office(replace(CITY, policy=sure))
    assert (office.entry(Act.FILE).actor, office.entry(Act.FILE).choice) == (MACHINE, "0405-2")


def test_the_usual_condition_stands_first_and_those_of_the_nearest_area_alone() -> None:
    case = Office().case
    assert [line.id for line in CITY.conditions(case, NOON)] == ["0405-2", "0405-1", "0405-3"]
    there = CITY.duty_list.conditions(None, ["north"], NOON, code="0405")
    assert [line.id for line in there] == ["0405-4"]


@pytest.mark.parametrize("condition", ["0405-9", "0405-4"])
def test_a_condition_of_another_matter_or_area_is_refused(condition: str) -> None:
    office = Office()
    before = office.store.book
    with pytest.raises(MoveRefused, match="choose one of: 0405-2, 0405-1, 0405-3"):
        office.desk.confirm(CASE, version=1, by="li", condition=condition)
    assert office.store.book == before


def test_nothing_is_closed_before_its_closing_condition_is_confirmed() -> None:
    office = Office()
    office.desk.confirm(CASE, version=1, by="li")
    office.handled()
    for confirmed in ("", "0405-1"):
        with pytest.raises(MoveRefused, match=r"is done when: done 0405-2 \(condition 0405-2\); confirm that"):
            office.desk.close(CASE, version=office.case.version, by="li", condition=confirmed)
    office.desk.close(CASE, version=office.case.version, by="li", condition="0405-2")
    assert (office.entry(Act.CLOSE).choice, office.entry(Act.CLOSE).actor) == ("done 0405-2", "li")


def test_what_has_no_closing_condition_needs_no_confirmation() -> None:
    office = Office()
    office.desk.confirm(CASE, version=1, by="li", condition="0405-3")
    office.handled()
    office.desk.close(CASE, version=office.case.version, by="li")
    assert office.entry(Act.CLOSE).choice == ""


@pytest.mark.parametrize(
    ("policy", "asks"),
    [
        (AfterPicturePolicy(), False),
        (AfterPicturePolicy(codes=frozenset({"0110"})), False),
        (AfterPicturePolicy(codes=frozenset({"0405"})), True),
        (AfterPicturePolicy(always=True), True),
    ],
)
def test_a_city_may_ask_for_a_picture_before_a_case_counts_as_handled(policy: AfterPicturePolicy, asks: bool) -> None:
    office = Office(replace(CITY, after_picture=policy))
    office.desk.confirm(CASE, version=1, by="li")
    office.desk.accept(CASE, version=office.case.version, by="them")
    if asks:
        with pytest.raises(MoveRefused, match="to handle case 2026-000001, add a picture that shows the work is done"):
            office.desk.handle(CASE, version=office.case.version, by="them")
        office.desk.handle(CASE, version=office.case.version, by="them", proofs=(a_proof(),))
        office.desk.rework(CASE, version=office.case.version, by="li", reason="still there")
        with pytest.raises(MoveRefused, match="add a picture"):
            office.desk.handle(CASE, version=office.case.version, by="them")
    else:
        office.desk.handle(CASE, version=office.case.version, by="them")


def returned(office: Office, to: str) -> None:
    """Filed with the police, which returns it; then it is somebody else's."""
    office.desk.confirm(CASE, version=office.case.version, by="li")
    office.desk.send_back(CASE, version=office.case.version, by="police", reason="not ours")
    office.desk.reassign(CASE, version=office.case.version, by="li", department=to, reason="theirs")


@pytest.mark.parametrize(
    ("to", "line", "done_when"),
    [("police", "0405-2", "done 0405-2"), ("cleaning", "0405-1", "done 0405-1"), ("parks", None, "")],
)
def test_a_reassigned_case_is_closed_by_the_condition_of_its_new_department_s_line(
    to: str, line: str | None, done_when: str
) -> None:
    parks = Department(id="parks", name="Parks")
    office = Office(replace(CITY, departments={**CITY.departments, "cleaning": CLEANING, "parks": parks}))
    before = office.case
    returned(office, to)
    assert (office.case.department, office.case.duty_line, office.case.duty_edition) == (to, line, "2026-1")
    assert office.entry(Act.FILE).choice == "0405-2"  # still a line of the edition that the case keeps
    assert before.duty_edition is None
    office.handled()
    if done_when:
        with pytest.raises(MoveRefused, match=f"is done when: {done_when}"):
            office.desk.close(CASE, version=office.case.version, by="li")
    office.desk.close(CASE, version=office.case.version, by="li", condition=line or "")
    assert office.entry(Act.CLOSE).choice == done_when


def test_a_reassigned_case_keeps_its_edition_when_another_one_is_in_force() -> None:
    office = Office()
    office.desk.confirm(CASE, version=1, by="li")
    newer = replace(next_year(*LINES[1:2]), departments={"cleaning": CLEANING, "police": CLEANING})
    office.move_to(newer)
    office.clock.forward(hours=2)
    office.desk.send_back(CASE, version=office.case.version, by="police", reason="not ours")
    office.desk.reassign(CASE, version=office.case.version, by="li", department="cleaning", reason="theirs")
    assert (office.case.duty_line, office.case.duty_edition) == ("0405-1", "2026-1")


def next_year(*lines: DutyLine) -> CityOrder:
    """The same city with another edition in force from an hour after noon on."""
    one = CITY.duty_list.editions[0]
    then = NOON + timedelta(hours=1)
    old = replace(one, valid_until=then)
    return a_city_with(old, Edition(name="2027-1", valid_from=then, lines=lines))


def test_a_code_that_the_list_has_dropped_is_told_and_not_only_given_to_the_fallback_owner() -> None:
    office = Office(next_year())
    office.clock.forward(hours=2)
    office.desk.confirm(CASE, version=1, by="li")
    assert (office.case.department, office.case.duty_line, office.case.code) == ("street", None, "0405")
    said = office.entry(Act.UNLISTED)
    assert (said.actor, said.choice) == (MACHINE, "0405")
    assert said.reason == (
        "edition 2027-1 of the duty list has no event code 0405: street gets it as the fallback owner"
    )
    [notice] = [one for one in office.store.book.notices.values() if one.about == "unlisted"]
    assert (notice.audience, notice.case_id) == (Audience.DISPATCHER, CASE)


def test_what_a_camera_saw_is_filed_under_the_new_code_of_its_kind() -> None:
    new = a_line("0605-1", "police", 2, event=EventCode(code="0605"), kind=ViolationKind.STALL_ENCROACHMENT)
    office = Office(next_year(new))
    office.clock.forward(hours=2)
    filed = office.desk.confirm(CASE, version=1, by="li")
    assert (filed.department, filed.code, filed.duty_edition) == ("police", "0605", "2027-1")
    assert office.entry(Act.UNLISTED).reason.endswith("filed under 0605 instead")


def test_a_code_that_is_still_listed_is_not_told() -> None:
    office = Office(next_year(*LINES))
    office.clock.forward(hours=2)
    office.desk.confirm(CASE, version=1, by="li")
    assert Act.UNLISTED not in {entry.act for entry in office.store.book.dossier(CASE).history}
    assert not [one for one in office.store.book.notices.values() if one.about == "unlisted"]
