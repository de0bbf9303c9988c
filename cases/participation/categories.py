"""What residents can report: the event codes of the duty list that the city opens to them."""

from dataclasses import dataclass
from datetime import datetime

from cases.city import CityOrder
from inference.findings import ViolationKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """One thing to choose.

    Attributes:
        value: what a form sends: the event code, or a kind where the duty list has no codes.
        code: the city's own code of the event.
        kind: what cameras call it.
        name: what the duty list calls it.
        group: the class that it belongs to (大类).
    """

    value: str
    code: str | None
    kind: ViolationKind | None
    name: str = ""
    group: str = ""


def categories(city: CityOrder, at: datetime) -> tuple[Category, ...]:
    """Everything that can be reported at a moment: what cameras look for first, then by code."""
    edition = city.duty_list.edition_at(at)
    found: dict[str, Category] = {}
    for line in edition.lines if edition else ():
        if city.residents.may_be_reported(line.code):
            known = found.get(line.code)
            kind = line.kind or (known.kind if known else None)
            name, group = line.event.name, line.event.group_name
            found[line.code] = Category(value=line.code, code=line.code, kind=kind, name=name, group=group)
    if not edition or not edition.lines:
        return tuple(Category(value=kind.value, code=None, kind=kind) for kind in ViolationKind)
    return tuple(sorted(found.values(), key=lambda one: (one.kind is None, one.value)))
