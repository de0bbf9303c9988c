"""From a table of duties to the lines of an edition: whom and where its names mean in this city."""

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches

from api.city.duty_table import SEPARATOR, DutyRow, DutyTable
from api.errors import Problem
from cases.duty_list import DutyLine
from inference.findings import ViolationKind

Callings = Mapping[str, str | None]
"""The identifier of a department by everything it is called; None where two are called so."""


def lines_of(table: DutyTable, callings: Callings, kinds: Mapping[str, ViolationKind]) -> tuple[DutyLine, ...]:
    """The lines of an edition; names that mean nothing here stay as they are, `wrong_names` tells them.

    Args:
        table: as it was read.
        callings: who is called what.
        kinds: by code, for kinds that no row of the table names. Of the conditions of a code the first one counts.
    """
    written = {row.kind for row in table.rows}
    given: set[tuple[str, str | None]] = set()
    counted: dict[str, int] = {}
    lines: list[DutyLine] = []
    for row in table.rows:
        code = row.event.code
        counted[code] = counted.get(code, 0) + 1
        kind = row.kind
        if kind is None and code in kinds and kinds[code] not in written and (code, row.area) not in given:
            kind = kinds[code]
            given.add((code, row.area))
        lines.append(_line(row, f"{code}-{counted[code]}", kind, callings))
    return tuple(lines)


def wrong_names(table: DutyTable, callings: Callings, areas: Collection[str]) -> Iterator[Problem]:
    """Every department and area in the table that means nothing here."""
    for row in table.rows:
        named = [("处置单位", row.department)] if row.department else []
        for column, name in (*named, *(("协办单位", name) for name in row.co_departments)):
            if callings.get(name) is None:
                yield table.problem(row, column, _who(name, callings))
        if row.area is not None and row.area not in areas:
            yield table.problem(row, "适用区域", "names no area of the city; add it there or name another")


def _line(row: DutyRow, name: str, kind: ViolationKind | None, callings: Callings) -> DutyLine:
    return DutyLine(
        id=name,
        event=row.event,
        kind=kind,
        area=row.area,
        department=(callings.get(row.department) or row.department) or None,
        limit=row.limit,
        condition=row.condition,
        closing=row.closing,
        authority=row.authority,
        co_departments=tuple(callings.get(name) or name for name in row.co_departments),
        legal_basis=row.legal_basis,
    )


def _who(name: str, callings: Callings) -> str:
    if name in callings:
        return "is what two departments are called; write the id of one of them"
    if len(SEPARATOR.split(name)) > 1:
        return "names more than one department; keep the one that leads, and write the others under 协办单位"
    near = get_close_matches(name, list(callings), n=1)
    hint = f'did you mean "{near[0]}"?' if near else "add it there or name another"
    return f"names nothing that stands under `departments`; {hint}"
