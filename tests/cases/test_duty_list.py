"""Who is responsible, by when."""

from datetime import UTC, datetime, timedelta

import pytest

from cases.duty_list import Duty, DutyLine, DutyList, Edition
from cases.errors import DutyListError
from cases.limit import Limit
from inference.findings import ViolationKind

Y2026 = datetime(2026, 1, 1, tzinfo=UTC)
Y2027 = datetime(2027, 1, 1, tzinfo=UTC)
PARKING = ViolationKind.ILLEGAL_PARKING
FALLBACK = Duty(department="street", limit=Limit(amount=24))


def a_line(name: str, area: str | None, department: str, kind: ViolationKind = PARKING) -> DutyLine:
    return DutyLine(id=name, code="0505", kind=kind, area=area, department=department, limit=Limit(amount=2))


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
    duty = a_list().department_for(PARKING, [area] if area else [], at)
    assert (duty.department, duty.edition) == (department, edition)


def test_a_kind_without_a_line_goes_to_the_fallback_owner() -> None:
    assert a_list().department_for(ViolationKind.EXPOSED_GARBAGE, ["east"], Y2027) == FALLBACK


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
