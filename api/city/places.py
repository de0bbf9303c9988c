"""All areas of a city: those that the city file names, and those of its map."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from api.city.document import Document
from api.city.file import CityFile
from api.city.grid_file import MapFile, read_map
from api.city.part import Name
from api.errors import Problem
from cases.grid import Area
from cases.grid_check import faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Every area, first those of the city file, then those of the map.

    Attributes:
        areas: for `cases`.
        names: in both languages, by code.
        map: what the map says; None where the city has none.
    """

    areas: tuple[Area, ...]
    names: Mapping[str, Name]
    map: MapFile | None = None

    def problems(self, document: Document) -> Iterator[Problem]:
        """What is wrong with them, each in the file in which it stands."""
        own = len(self.areas) - (len(self.map.areas) if self.map else 0)
        for fault in faults(self.areas):
            if self.map and fault.area >= own:
                yield self.map.problem(fault.area - own, fault.key, fault.sentence)
            else:
                yield document.problem(("areas", fault.area, fault.key), fault.sentence)


def read_places(city: CityFile, folder: Path) -> Places:
    """The areas of a city file that lies in `folder`.

    Raises:
        CityError: its map cannot be read.
    """
    drawn = read_map(folder / city.grid.file) if city.grid else None
    own = [part.build() for part in city.areas]
    names = {part.code: part.name for part in city.areas}
    if drawn is None:
        return Places(areas=tuple(own), names=names)
    on_map = {area.code: name for area, name in zip(drawn.areas, drawn.names, strict=True)}
    return Places(areas=(*own, *drawn.areas), names=on_map | names, map=drawn)
