"""权责清单: which department handles what, where, by when and on what legal basis."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from api.city.part import Code, Day, Identifier, Part, Text
from cases.errors import DutyListError
from cases.limit import Limit, parse_limit
from inference.findings import ViolationKind


def _limit(value: Any) -> Limit:
    if isinstance(value, Limit):
        return value
    try:
        return parse_limit(value if isinstance(value, str) else "")
    except DutyListError as error:
        raise ValueError(str(error)) from None


LimitText = Annotated[Limit, BeforeValidator(_limit)]


class DutyLinePart(Part):
    """One duty.

    Attributes:
        kind: what it is about.
        code: event code of the edition that the city uses, in quotes: they begin with 0.
        area: only in this area and those inside it; none: everywhere.
        department: who handles it.
        limit: time from filing to done, with its clock.
        filing_condition: 立案条件.
        closing_condition: 结案条件.
        legal_basis: law and article.
    """

    kind: ViolationKind
    code: Code
    area: Code | None = None
    department: Identifier
    limit: LimitText
    filing_condition: Text
    closing_condition: Text | None = None
    legal_basis: Text | None = None


class FallbackPart(Part):
    """Who owns what no line names (属地兜底), and how long handling may take."""

    department: Identifier
    limit: LimitText = Limit(amount=24)


class DutyListPart(Part):
    """One edition of the list, in force from midnight of a day on. Before that day the fallback owns everything."""

    edition: Text
    effective_from: Day
    fallback: FallbackPart
    lines: tuple[DutyLinePart, ...] = Field(default=(), max_length=10_000)
