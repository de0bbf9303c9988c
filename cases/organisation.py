"""Everybody who has a part in the city's order, as one tree that hangs on its areas (条块结合)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class UnitKind(StrEnum):
    """What a unit is."""

    DEPARTMENT = "department"
    STREET = "street"
    COMMUNITY = "community"
    TEAM = "team"
    GRID_STAFF = "grid_staff"
    RESIDENT_UNIT = "resident_unit"
    PARTY_BRANCH = "party_branch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Whom to speak to."""

    name: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One unit.

    Attributes:
        id: stable; departments and all other units share one set of identifiers.
        kind: what it is.
        name: for people.
        parent: the unit that it belongs to; None at the top.
        areas: codes of the areas that it looks after; the cells of a member of the grid staff are a responsibility grid
            (责任网格).
        contact: whom to speak to there, if anybody is named.
    """

    id: str
    kind: UnitKind
    name: str
    parent: str | None = None
    areas: tuple[str, ...] = ()
    contact: Contact | None = None


class Organisation:
    """The whole tree. Identifiers must be unique, parents known, and nobody may be below itself.

    Args:
        units: in any order.
    """

    def __init__(self, units: Iterable[Unit] = ()) -> None:
        self._units = {unit.id: unit for unit in units}

    @property
    def units(self) -> Mapping[str, Unit]:
        """Every unit by its identifier."""
        return MappingProxyType(self._units)

    def path(self, unit: str) -> tuple[str, ...]:
        """The unit and all that it belongs to, the nearest first."""
        path: list[str] = []
        above: str | None = unit
        while above is not None and above not in path:
            path.append(above)
            known = self._units.get(above)
            above = known.parent if known else None
        return tuple(path)

    def below(self, unit: str) -> frozenset[str]:
        """The unit and all that belong to it, however far down."""
        return frozenset(other for other in self._units if unit in self.path(other))

    def looking_after(self, areas: Sequence[str], kind: UnitKind | None = None) -> tuple[Unit, ...]:
        """Who looks after a place: the units of its smallest area first, those of the whole district last.

        Args:
            areas: the area of the place and those around it, the smallest first, as `Grid.path` gives them.
            kind: only units of this kind.
        """
        near = [
            (areas.index(area), unit.id, unit)
            for unit in self._units.values()
            if kind is None or unit.kind is kind
            for area in sorted(set(unit.areas).intersection(areas), key=areas.index)[:1]
        ]
        return tuple(unit for _, _, unit in sorted(near, key=lambda found: found[:2]))
