"""Where a duty list contradicts itself or leaves something to nobody (职责不清、职权交叉)."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from cases.duty_list import DutyLine
from cases.grid import Grid
from inference.findings import ViolationKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """Two lines about one matter (职权交叉).

    Attributes:
        first: position of one in the list.
        second: position of the other, further down.
        owners: whether they name different owners; otherwise one of them is simply too much.
        kind: the kind that both want; None where they have the same code, area and condition.
    """

    first: int
    second: int
    owners: bool
    kind: ViolationKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hole:
    """Something that no line gives to anybody (职责不清); its cases go to the territorial or fallback owner.

    Attributes:
        code: the event code; None where a kind has no line at all.
        kind: the kind without a line; None for a code.
        area: where nobody owns it, the largest area that is left out as a whole; None for everywhere.
        line: position of the line that names nobody; None where there is no line.
    """

    code: str | None = None
    kind: ViolationKind | None = None
    area: str | None = None
    line: int | None = None


def overlaps(lines: Sequence[DutyLine]) -> Iterator[Overlap]:
    """Every line that is about the same matter as one above it."""
    matters: dict[tuple[str, str | None, str], int] = {}
    kinds: dict[tuple[ViolationKind, str | None], int] = {}
    for i, line in enumerate(lines):
        first = matters.setdefault(line.matter, i)
        if first != i:
            yield Overlap(first=first, second=i, owners=lines[first].department != line.department)
        elif line.kind is not None:
            first = kinds.setdefault((line.kind, line.area), i)
            if first != i:
                owners = lines[first].department != line.department
                yield Overlap(first=first, second=i, owners=owners, kind=line.kind)


def holes(lines: Sequence[DutyLine], grid: Grid, known_codes: Collection[str] = ()) -> Iterator[Hole]:
    """Everything without an owner.

    Args:
        lines: of one edition.
        grid: the areas of the city; without areas only lines for everywhere can be complete.
        known_codes: codes that other editions have; one that is missing here has lost its owner.
    """
    for i, line in enumerate(lines):
        if line.department is None:
            yield Hole(code=line.code, area=line.area, line=i)
    for code in dict.fromkeys(line.code for line in lines):
        owned = {line.area for line in lines if line.code == code}
        for area in _uncovered(owned, grid):
            yield Hole(code=code, area=area)
    for code in sorted(set(known_codes) - {line.code for line in lines}):
        yield Hole(code=code)
    for kind in ViolationKind:
        owned = {line.area for line in lines if line.kind is kind}
        if not owned:
            yield Hole(kind=kind)
        for area in _uncovered(owned, grid) if owned else ():
            yield Hole(kind=kind, area=area)


def _uncovered(owned: Collection[str | None], grid: Grid) -> Iterator[str]:
    """The largest areas that lie neither in an owned one nor hold one."""
    if None in owned:
        return
    touched = {area for code in owned for area in grid.path(code)}
    for code, area in grid.areas.items():
        around = grid.path(code)[1:]
        if code in touched or not set(owned).isdisjoint(around):
            continue
        if area.parent is None or area.parent in touched:
            yield code
