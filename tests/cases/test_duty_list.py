"""Who is responsible, by when."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cases.duty_list import Duty, DutyLine, DutyList, Edition, EventCode
from cases.errors import DutyListError
from cases.limit import Limit
from inference.findings import ViolationKind

Y2026 = datetime(2026, 1, 1, tzinfo=UTC)
Y2027 = datetime(2027, 1, 1, tzinfo=UTC)
PARKING = ViolationKind.ILLEGAL_PARKING
FALLBACK = Duty(department="street", limit=Limit(amount=24))


def a_line(name: str, area: str | None, department: str, kind: ViolationKind = PARKING) -> DutyLine:
    return DutyLine(
        id=name, event=EventCode(code="0505"), kind=kind, area=area, department=department, limit=Limit(amount=2)
    )


def a_list() -> DutyList:
    old = Edition(name="old", valid_from=Y2026, valid_until=Y2027, lines=(a_line("1", None, "police"),))
    new = Edition(name="new", valid_from=Y2027, lines=(a_line("1", None, "bureau"), a_line("2", "east", "east-team")))
    return DutyList(fallback=FALLBACK, editions=(old, new))


@pytest.mark.parametrize(
    ("area", "at", "department", "edition"),
    [
        ("east", Y2026, "police", "old"),
        (None, Y2027 - timedelta(microseconds=1), "police", "old"),
        (None, Y2027, "bureau", "new"),
        ("west", Y2027, "bureau", "new"),
        ("east", Y2027, "east-team", "new"),
        ("east", Y2026 - timedelta(days=1), "street", None),
    ],
)
def test_the_edition_of_the_day_and_the_nearest_line_decide(
    area: str | None, at: datetime, department: str, edition: str | None
) -> None:
    duty = a_list().duty_for(PARKING, [area] if area else [], at)
    assert (duty.department, duty.edition) == (department, edition)


def test_a_kind_without_a_line_goes_to_the_fallback_owner() -> None:
    assert a_list().duty_for(ViolationKind.EXPOSED_GARBAGE, ["east"], Y2027) == FALLBACK


def test_contradictions_are_refused() -> None:
    with pytest.raises(DutyListError, match="kind and area"):
        Edition(name="e", valid_from=Y2026, lines=(a_line("1", "east", "a"), a_line("2", "east", "b")))
    with pytest.raises(DutyListError, match="one id"):
        Edition(name="e", valid_from=Y2026, lines=(a_line("1", "east", "a"), a_line("1", "west", "b")))
    with pytest.raises(DutyListError, match="same time"):
        DutyList(
            fallback=FALLBACK,
            editions=(Edition(name="a", valid_from=Y2026), Edition(name="b", valid_from=Y2027)),
        )


def test_what_no_line_names_goes_to_the_owner_of_the_territory() -> None:
    duties = DutyList(fallback=FALLBACK, territorial={"east": "east-office", "city": "city-office"})
    garbage = ViolationKind.EXPOSED_GARBAGE
    assert duties.duty_for(garbage, ["c1", "east", "city"], Y2026).department == "east-office"
    assert duties.duty_for(garbage, ["c2", "west", "city"], Y2026).department == "city-office"
    assert duties.duty_for(garbage, [], Y2026) == FALLBACK


def test_a_line_that_names_nobody_gives_its_limit_to_the_owner_of_the_territory() -> None:
    line = replace(a_line("1", None, "police"), department=None)
    edition = Edition(name="e", valid_from=Y2026, lines=(line,))
    duties = DutyList(fallback=FALLBACK, territorial={"east": "east-office"}, editions=(edition,))
    duty = duties.duty_for(PARKING, ["east"], Y2026)
    assert (duty.department, duty.limit.amount, duty.line, duty.edition) == ("east-office", 2, "1", "e")


def test_an_event_of_any_source_finds_its_owner_by_its_code() -> None:
    assert a_list().duty_for(None, ["east"], Y2027, code="0505").department == "east-team"
    assert a_list().duty_for(None, ["east"], Y2027, code="0999") == FALLBACK


def test_a_matter_that_no_camera_knows_is_no_line_without_a_kind() -> None:
    line = replace(a_line("1", None, "police"), kind=None)
    duties = DutyList(fallback=FALLBACK, editions=(Edition(name="e", valid_from=Y2026, lines=(line,)),))
    assert duties.duty_for(None, ["east"], Y2026) == FALLBACK
    assert duties.duty_for(None, ["east"], Y2026, code="0505").line == "1"


def test_of_several_conditions_that_of_the_kind_counts() -> None:
    plain = replace(a_line("1", None, "police"), kind=None, condition="on the pavement")
    edition = Edition(name="e", valid_from=Y2026, lines=(plain, a_line("2", None, "wardens")))
    duties = DutyList(fallback=FALLBACK, editions=(edition,))
    assert duties.duty_for(PARKING, [], Y2026, code="0505").line == "2"
    assert duties.duty_for(None, [], Y2026, code="0505").line == "1"
    turned = replace(duties, editions=(replace(edition, lines=edition.lines[::-1]),))
    assert turned.duty_for(None, [], Y2026, code="0505").line == "2"
