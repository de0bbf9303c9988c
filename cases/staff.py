"""Who of the grid staff (网格员) goes and looks: whoever looks after the cell, else somebody of the area around it."""

from dataclasses import dataclass

from cases.grid import Grid
from cases.organisation import Organisation, UnitKind
from inference.geo import LatLon


@dataclass(frozen=True, slots=True, kw_only=True)
class GridStaff:
    """The grid staff of a city; see `cases.city.StaffFinder`."""

    grid: Grid
    organisation: Organisation

    def nearest(self, place: LatLon | None, area: str | None) -> str | None:
        """The name of whoever looks after the smallest area around a place; None where nobody does."""
        areas = self.grid.path(self.grid.area_of(place, area))
        found = self.organisation.looking_after(areas, UnitKind.GRID_STAFF)
        return found[0].name if found else None
