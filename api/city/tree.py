"""What is wrong with the organisation tree of a city file."""

from collections.abc import Collection, Iterator

from api.city.document import KeyPath
from api.city.file import CityFile
from api.city.identifiers import Finding, doubled, unknown
from cases.organisation import Organisation, UnitKind


def wrong_organisation(city: CityFile, areas: Collection[str]) -> Iterator[Finding]:
    """Doubled ids, units that belong to nothing or to themselves, unknown areas, and cells with two grid members."""
    yield from doubled(("departments",), "id", (part.id for part in city.departments))
    yield from doubled(("organisations",), "id", (part.id for part in city.organisations))
    departments = {part.id for part in city.departments}
    for i, part in enumerate(city.organisations):
        if part.id in departments:
            yield ("organisations", i, "id"), "is the same as that of a department; give each its own"
    placed = [(("departments", i), part) for i, part in enumerate(city.departments)]
    placed += [(("organisations", i), part) for i, part in enumerate(city.organisations)]
    ids = [part.id for _, part in placed]
    tree = Organisation(part.build() for _, part in placed)
    known, keepers = set(areas), dict[str, str]()
    for path, part in placed:
        yield from unknown((*path, "parent"), part.parent, ids, "departments` or `organisations")
        if part.parent is not None and part.id in tree.path(part.parent):
            yield (*path, "parent"), "belongs to itself in a circle; let one of them belong to none"
        for j, code in enumerate(part.areas):
            at: KeyPath = (*path, "areas", j)
            if code not in known:
                yield from unknown(at, code, known, "areas` or on the map")
            elif part.kind is UnitKind.GRID_STAFF and keepers.setdefault(code, part.id) != part.id:
                yield at, f"is in the responsibility grid of {keepers[code]}, too; give each cell to one person"
