"""What is wrong with a map: crossing edges, areas that overlap, areas whose parent is missing or elsewhere."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import shapely

from cases.grid import LEVELS, Area, Metres, array_of

NEGLIGIBLE_M2 = 5.0
"""Neighbours whose common edge was rounded differently overlap by less than this; nobody's case is decided by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MapFault:
    """One thing that is wrong.

    Attributes:
        area: position in what was checked.
        key: what of the area is wrong: `code`, `parent` or `shape`.
        sentence: with the key as its subject, e.g. "has edges that cross".
    """

    area: int
    key: str
    sentence: str


def faults(areas: Sequence[Area]) -> Iterator[MapFault]:
    """Everything that is wrong, area by area; what overlaps is not looked for where shapes are no shapes."""
    yield from _orphans(areas)
    broken = [*_broken(areas)]
    yield from broken
    if not broken:
        yield from _misplaced(areas)


def _orphans(areas: Sequence[Area]) -> Iterator[MapFault]:
    by_code: dict[str, Area] = {}
    for i, area in enumerate(areas):
        if area.code in by_code:
            yield MapFault(area=i, key="code", sentence="is that of another area, too; give each its own")
        by_code.setdefault(area.code, area)
    for i, area in enumerate(areas):
        if sentence := _orphaned(area, by_code):
            yield MapFault(area=i, key="parent", sentence=sentence)


def _orphaned(area: Area, by_code: Mapping[str, Area]) -> str | None:
    level = LEVELS.index(area.level)
    if level == 0:
        return None if area.parent is None else "does not belong to a district; delete it"
    above = LEVELS[level - 1]
    if area.parent is None:
        return f"is required: a {area.level} lies in a {above}"
    parent = by_code.get(area.parent)
    if parent is None:
        hint = get_close_matches(area.parent, [code for code, other in by_code.items() if other.level is above], n=1)
        return "names no area; " + (f'did you mean "{hint[0]}"?' if hint else f"add that {above}")
    if parent.level is not above:
        return f"names a {parent.level}; a {area.level} lies in a {above}"
    return None


def _broken(areas: Sequence[Area]) -> Iterator[MapFault]:
    for i, area in enumerate(areas):
        if area.shape is None:
            continue
        if area.shape.convex_hull.area == 0:
            yield MapFault(area=i, key="shape", sentence="has no surface; draw it around at least three corners")
        elif not area.shape.is_valid:
            reason = shapely.is_valid_reason(area.shape)
            where = reason.partition("[")[2].rstrip("]").replace(" ", ", ")
            sentence = f"has edges that cross or touch near longitude, latitude {where}; draw it again"
            yield MapFault(area=i, key="shape", sentence=sentence)


def _misplaced(areas: Sequence[Area]) -> Iterator[MapFault]:
    drawn = [(i, area) for i, area in enumerate(areas) if area.shape is not None]
    shapes = array_of(area.shape for _, area in drawn)
    flat = Metres.around(shapes).flat(shapes)
    parents = {area.code: shape for (_, area), shape in zip(drawn, flat, strict=True)}
    for (i, area), shape in zip(drawn, flat, strict=True):
        if (around := parents.get(area.parent or "")) is not None:
            beyond = shapely.difference(shape, around).area
            if beyond > NEGLIGIBLE_M2:
                sentence = f"lies with {beyond:,.0f} m² outside of {area.parent}; draw it inside"
                yield MapFault(area=i, key="shape", sentence=sentence)
    tree = shapely.STRtree(flat)
    ones, others = tree.query(flat, predicate="intersects")
    levels = np.array([LEVELS.index(area.level) for _, area in drawn], dtype=int)
    pairs = (ones < others) & (levels[ones] == levels[others])
    ones, others = ones[pairs], others[pairs]
    common = shapely.area(shapely.intersection(flat[ones], flat[others]))
    for one, other, size in zip(ones, others, common, strict=True):
        if size > NEGLIGIBLE_M2:
            (_, first), (i, second) = drawn[one], drawn[other]
            both = f"of {second.code} overlaps that of {first.code} by {size:,.0f} m²"
            yield MapFault(area=i, key="shape", sentence=f"{both}; give every place to one of them")
