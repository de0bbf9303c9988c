"""The duty list (权责清单): which department is responsible for what, where, by when and on what legal basis."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from cases.errors import DutyListError
from cases.limit import Limit
from inference.findings import ViolationKind


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyLine:
    """One line: kind × area → department.

    Attributes:
        id: unique within its edition.
        code: the city's own code of the event, e.g. `0405`; differs by city and edition.
        kind: the kind of violation it is about.
        area: the area it holds in, with those inside it; None for everywhere that has no line of its own.
        department: who is responsible.
        limit: how long handling may take.
        condition: when a case is to be filed (立案条件), for people.
        legal_basis: the law or ordinance, for people.
    """

    id: str
    code: str
    kind: ViolationKind
    area: str | None
    department: str
    limit: Limit
    condition: str = ""
    legal_basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """The lines that hold from one day to another.

    Attributes:
        name: what people call it, e.g. `2026-1`.
        valid_from: aware UTC, first instant it holds.
        valid_until: aware UTC, first instant it no longer holds; None for ever.
        lines: at most one for each kind and area.

    Raises:
        DutyListError: two lines for the same kind and area, or two with the same id.
    """

    name: str
    valid_from: datetime
    valid_until: datetime | None = None
    lines: tuple[DutyLine, ...] = ()

    def __post_init__(self) -> None:
        for what, names in (
            ("kind and area", [f"{line.kind} in {line.area or 'every area'}" for line in self.lines]),
            ("id", [line.id for line in self.lines]),
        ):
            twice = [name for name, count in Counter(names).items() if count > 1]
            if twice:
                raise DutyListError(f"edition {self.name} of the duty list has two lines with one {what}: {twice[0]}")

    def holds(self, at: datetime) -> bool:
        """Whether the edition is in force at `at`."""
        return self.valid_from <= at and (self.valid_until is None or at < self.valid_until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """Who has to see to it.

    Attributes:
        department: who is responsible.
        limit: how long handling may take.
        line: the line that says so; None for the fallback owner.
        edition: the edition of that line.
        code: the event code of that line.
    """

    department: str
    limit: Limit
    line: str | None = None
    edition: str | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyList:
    """All editions, and who is responsible where no line says so (属地兜底).

    Raises:
        DutyListError: two editions hold at the same time.
    """

    fallback: Duty
    editions: tuple[Edition, ...] = ()

    def __post_init__(self) -> None:
        ordered = sorted(self.editions, key=lambda edition: edition.valid_from)
        for one, next_one in pairwise(ordered):
            if one.valid_until is None or one.valid_until > next_one.valid_from:
                raise DutyListError(f"editions {one.name} and {next_one.name} of the duty list hold at the same time")

    def department_for(self, kind: ViolationKind | None, areas: Sequence[str], at: datetime) -> Duty:
        """Who is responsible for `kind` at `at`.

        Args:
            kind: what it is about.
            areas: the area it lies in and those around it, the smallest first. The line of the smallest goes before the
                others and these before the line for everywhere; then comes the fallback owner.
            at: aware UTC.
        """
        lines = [(edition, line) for edition in self.editions if edition.holds(at) for line in edition.lines]
        for wanted in (*areas, None):
            for edition, line in lines:
                if line.kind is kind and line.area == wanted:
                    return Duty(
                        department=line.department,
                        limit=line.limit,
                        line=line.id,
                        edition=edition.name,
                        code=line.code,
                    )
        return self.fallback
