"""The duty list (权责清单): which department is responsible for what, where, by when and on what legal basis."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise
from unicodedata import normalize

from cases.errors import DutyListError
from cases.limit import Limit
from inference.findings import ViolationKind


def in_edition(edition: str | None, line: str) -> str:
    """A line's id together with its edition: whoever picks by this name never gets a line of another edition."""
    return f"{edition}/{line}"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventCode:
    """What an event is called in one edition. Codes differ by city and edition, so they are data.

    Attributes:
        code: the whole code, e.g. `0405`; unique within an edition.
        name: 小类名称, e.g. 店外经营.
        group: 大类代码, e.g. `04`.
        group_name: 大类名称, e.g. 街面秩序.
    """

    code: str
    name: str = ""
    group: str = ""
    group_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyLine:
    """One line: code × area × condition → department.

    Attributes:
        id: unique within its edition.
        event: what it is about.
        department: who is responsible (处置单位); None where the list names nobody, which is a hole.
        limit: how long handling may take.
        area: the area it holds in, with those inside it; None for everywhere that has no line of its own.
        kind: the kind of violation that cameras file under this line; at most one line of an area has it.
        condition: when a case is to be filed (立案条件), for people.
        closing: when it is done (结案条件), for people.
        authority: who answers for the department (主管部门), for people.
        co_departments: who helps (协办单位).
        legal_basis: the law or ordinance, for people.
    """

    id: str
    event: EventCode
    department: str | None
    limit: Limit
    area: str | None = None
    kind: ViolationKind | None = None
    condition: str = ""
    closing: str = ""
    authority: str = ""
    co_departments: tuple[str, ...] = ()
    legal_basis: str = ""

    @property
    def code(self) -> str:
        """The city's own code of the event."""
        return self.event.code

    def goes_by(self, name: str, edition: str | None) -> bool:
        """Whether somebody who says `name` means this line of an edition: by its id, or by edition and id."""
        return name in (self.id, in_edition(edition, self.id))

    @property
    def matter(self) -> tuple[str, str | None, str]:
        """Code × area × condition: what only one line of an edition may be about. Blanks and widths do not count."""
        return self.event.code, self.area, "".join(normalize("NFKC", self.condition).split())

    def answers(self, kind: ViolationKind | None, code: str | None) -> bool:
        """Whether the line is about this matter, wherever it is."""
        return self.event.code == code if code is not None else kind is not None and self.kind is kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """The lines that hold from one day to another.

    Attributes:
        name: what people call it, e.g. `2026-1`.
        valid_from: aware UTC, first instant it holds.
        valid_until: aware UTC, first instant it no longer holds; None for ever.
        lines: at most one for each code, area and condition, and at most one for each kind and area.

    Raises:
        DutyListError: two lines are about one matter, or have the same id.
    """

    name: str
    valid_from: datetime
    valid_until: datetime | None = None
    lines: tuple[DutyLine, ...] = ()

    def __post_init__(self) -> None:
        for what, names in (
            ("kind and area", [f"{line.kind} in {line.area or 'every area'}" for line in self.lines if line.kind]),
            (
                "code, area and condition",
                [" ".join(part or "everywhere" for part in line.matter) for line in self.lines],
            ),
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
        co_departments: who helps.
    """

    department: str
    limit: Limit
    line: str | None = None
    edition: str | None = None
    code: str | None = None
    co_departments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyList:
    """All editions, and who is responsible where no line says so (属地兜底).

    Attributes:
        fallback: who is responsible for what has no line, and where a territorial owner is missing.
        territorial: who is responsible instead in an area and those inside it, e.g. its street office.
        editions: in any order.

    Raises:
        DutyListError: two editions hold at the same time.
    """

    fallback: Duty
    territorial: Mapping[str, str] = field(default_factory=dict[str, str])
    editions: tuple[Edition, ...] = ()

    def __post_init__(self) -> None:
        ordered = sorted(self.editions, key=lambda edition: edition.valid_from)
        for one, next_one in pairwise(ordered):
            if one.valid_until is None or one.valid_until > next_one.valid_from:
                raise DutyListError(f"editions {one.name} and {next_one.name} of the duty list hold at the same time")

    def edition_at(self, at: datetime) -> Edition | None:
        """The edition in force, if there is one."""
        return next((edition for edition in self.editions if edition.holds(at)), None)

    def lists(self, code: str, at: datetime) -> bool:
        """Whether the edition in force has a line for an event code; True where no edition is in force."""
        edition = self.edition_at(at)
        return edition is None or any(line.code == code for line in edition.lines)

    def line(self, edition: str | None, line: str | None) -> DutyLine | None:
        """The line of this id in the edition of this name; None where the list has it no more, or never had."""
        lines = (known for each in self.editions if each.name == edition for known in each.lines)
        return next((known for known in lines if known.id == line), None)

    def line_of(
        self,
        department: str,
        edition: str | None,
        kind: ViolationKind | None,
        areas: Sequence[str],
        *,
        code: str | None,
    ) -> DutyLine | None:
        """The line of an edition that makes a department responsible for a matter; None where there is none.

        Args:
            department: who must be named in it.
            edition: its name.
            kind: as in `conditions`, as are the next two.
            areas: the line of the smallest area is taken.
            code: what the city calls the matter.
        """
        lines = [line for each in self.editions if each.name == edition for line in each.lines]
        mine = [line for line in lines if line.department == department and line.answers(kind, code)]
        return next((line for area in (*areas, None) for line in mine if line.area == area), None)

    def conditions(
        self, kind: ViolationKind | None, areas: Sequence[str], at: datetime, *, code: str | None = None
    ) -> tuple[DutyLine, ...]:
        """The lines under which a matter can be filed, one for each filing condition (立案条件); the usual one first.

        Args:
            kind: what cameras call it, if they know it.
            areas: the area it lies in and those around it, the smallest first. The lines of the smallest go before the
                others and these before the lines for everywhere.
            at: aware UTC.
            code: what the city calls it, where somebody has said so; it goes before the kind. Of several conditions the
                one that has the kind is the usual one, else the first.
        """
        edition = self.edition_at(at)
        lines = [line for line in edition.lines if line.answers(kind, code)] if edition else []
        for area in (*areas, None):
            here = [line for line in lines if line.area == area]
            if here:
                return tuple(sorted(here, key=lambda line: kind is None or line.kind is not kind))
        return ()

    def duty_for(
        self,
        kind: ViolationKind | None,
        areas: Sequence[str],
        at: datetime,
        *,
        code: str | None = None,
        line: str | None = None,
    ) -> Duty:
        """Who is responsible for a matter: as the line of its condition says, else the territorial owner or fallback.

        Args:
            kind: as in `conditions`.
            areas: as in `conditions`.
            at: aware UTC.
            code: as in `conditions`.
            line: id of the line whose condition applies, or its name `in_edition`; the usual one where nobody has
                chosen.

        Raises:
            DutyListError: the matter cannot be filed under this line.
        """
        owner = next((self.territorial[area] for area in areas if area in self.territorial), self.fallback.department)
        possible = self.conditions(kind, areas, at, code=code)
        edition = self.edition_at(at)
        name = edition.name if edition else None
        found = next((one for one in possible if line is None or one.goes_by(line, name)), None)
        if found is None and line is not None:
            known = ", ".join(one.id for one in possible) or "none"
            raise DutyListError(f"the duty list has no condition {line} for this matter; choose one of: {known}")
        if found is None or edition is None:
            return replace(self.fallback, department=owner)
        return Duty(
            department=found.department or owner,
            limit=found.limit,
            line=found.id,
            edition=edition.name,
            code=found.code,
            co_departments=found.co_departments,
        )
