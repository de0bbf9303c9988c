"""What an edition of the duty list gives to nobody, in words."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from api.city.document import Document
from api.city.editions import ReadEdition
from api.errors import Problem
from cases.duty_check import Hole, holes
from cases.grid import Grid

SHOWN = 3


def unowned(document: Document, edition: ReadEdition, editions: Sequence[ReadEdition], grid: Grid) -> Iterator[Problem]:
    """Every hole of one edition, with its place and a sentence."""
    codes = {line.code for other in editions for line in other.lines}
    found = list(holes(edition.lines, grid, codes))
    for hole in found:
        if hole.line is not None:
            where = f" in {hole.area}" if hole.area else ""
            sentence = f"names nobody for {hole.code}{where}: the territorial or fallback owner gets its cases"
            yield edition.problem(document, hole.line, "department", sentence)
    rest = [hole for hole in found if hole.line is None]
    path = ("duty_list", "editions", edition.index)
    for what, group in groupby(rest, key=lambda hole: hole.code or str(hole.kind)):
        yield document.problem(path, _sentence(what, list(group)))


def _sentence(what: str, group: Sequence[Hole]) -> str:
    areas = [hole.area for hole in group if hole.area is not None]
    if areas:
        named = ", ".join(areas[:SHOWN]) + (f" and {len(areas) - SHOWN} more" if len(areas) > SHOWN else "")
        return f"has {what} only for some areas: in {named} the territorial or fallback owner gets its cases"
    if group[0].code is not None:
        return f"has nothing about {what}, which another edition has: the fallback owner gets its cases"
    return f"has nothing about {what}: the fallback owner gets its cases"
