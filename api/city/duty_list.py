"""权责清单: which department handles what, where, by when and on what legal basis."""

from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from api.city.part import AtKey, Code, Day, Identifier, Part, Text
from cases.duty_list import DutyLine, EventCode
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
        kind: what cameras file under it.
        code: event code of the edition that the city uses, in quotes: they begin with 0.
        name: 小类名称.
        area: only in this area and those inside it; none: everywhere.
        department: who handles it.
        co_departments: who helps.
        limit: time from filing to done, with its clock.
        filing_condition: 立案条件.
        closing_condition: 结案条件.
        legal_basis: law and article.
    """

    kind: ViolationKind | None = None
    code: Code
    name: Text | None = None
    area: Code | None = None
    department: Identifier
    co_departments: tuple[Identifier, ...] = Field(default=(), max_length=20)
    limit: LimitText
    filing_condition: Text
    closing_condition: Text | None = None
    legal_basis: Text | None = None

    def build(self, number: int) -> DutyLine:
        """The same for `cases`; `number` counts the lines of its code."""
        return DutyLine(
            id=f"{self.code}-{number}",
            event=EventCode(code=self.code, name=self.name or ""),
            kind=self.kind,
            area=self.area,
            department=self.department,
            co_departments=self.co_departments,
            limit=self.limit,
            condition=self.filing_condition,
            closing=self.closing_condition or "",
            legal_basis=self.legal_basis or "",
        )


class TerritorialPart(Part):
    """Who sees to what no line names in one area and those inside it, e.g. its street office."""

    area: Code
    department: Identifier


class FallbackPart(Part):
    """Who owns what no line names (属地兜底), and how long handling may take."""

    department: Identifier
    limit: LimitText = Limit(amount=24)
    territorial: tuple[TerritorialPart, ...] = Field(default=(), max_length=1000)


class KindCodePart(Part):
    """Under which code cameras file a kind, for a table that does not say so itself."""

    kind: ViolationKind
    code: Code


class EditionPart(Part):
    """One edition of the list, in force from midnight of a day until the next one begins.

    Attributes:
        name: what people call it.
        effective_from: the day.
        file: CSV or XLSX in the nine columns, from the city file's folder; or else `lines`.
        kinds: for a file without a column 识别类型: the code of each kind.
        lines: the duties, where no file holds them.
    """

    name: Text
    effective_from: Day
    file: Text | None = None
    kinds: tuple[KindCodePart, ...] = Field(default=(), max_length=20)
    lines: tuple[DutyLinePart, ...] = Field(default=(), max_length=10_000)

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if self.file is not None and self.lines:
            raise AtKey("lines", "stand in the file already; delete them here or delete `file`")
        if self.file is None and self.kinds:
            raise AtKey("kinds", "belong to a `file`; here each line has its own `kind`")
        if min(len({one.kind for one in self.kinds}), len({one.code for one in self.kinds})) < len(self.kinds):
            raise AtKey("kinds", "name a kind or a code twice; each kind has one code of its own")
        return self


class DutyListPart(Part):
    """All editions. Before the first one the fallback owns everything."""

    fallback: FallbackPart
    editions: tuple[EditionPart, ...] = Field(default=(), max_length=100)
