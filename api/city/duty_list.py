"""权责清单: which department handles what, where, by when and on what legal basis."""

from typing import Annotated

from pydantic import Field

from api.city.part import Code, Day, Identifier, Number, Part, Text
from inference.findings import ViolationKind

LimitHours = Annotated[Number, Field(gt=0, le=8784)]


class DutyLinePart(Part):
    """One duty.

    Attributes:
        kind: what it is about.
        code: event code of the edition that the city uses, in quotes: they begin with 0.
        area: only in this area and those inside it; none: everywhere.
        department: who handles it.
        limit_hours: hours from dispatch to done, on the continuous clock (紧急工作时).
        filing_condition: 立案条件.
        closing_condition: 结案条件.
        legal_basis: law and article.
    """

    kind: ViolationKind
    code: Code
    area: Code | None = None
    department: Identifier
    limit_hours: LimitHours
    filing_condition: Text
    closing_condition: Text | None = None
    legal_basis: Text | None = None


class FallbackPart(Part):
    """Who owns what no line names (属地兜底), and how long handling may take."""

    department: Identifier
    limit_hours: LimitHours = 24


class DutyListPart(Part):
    """One edition of the list, in force from midnight of a day on. Before that day the fallback owns everything."""

    edition: Text
    effective_from: Day
    fallback: FallbackPart
    lines: tuple[DutyLinePart, ...] = Field(default=(), max_length=10_000)
