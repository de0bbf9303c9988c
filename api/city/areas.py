"""District, street, community and grid cell: the places that cases are counted by and sent to."""

from api.city.part import Code, Name, Part, Text
from cases.grid import Area, AreaLevel


class AreaPart(Part):
    """One area of which only the name is known.

    Attributes:
        code: as the city writes it; its length is local.
        parent: code of the area that it lies in; none for a district.
    """

    code: Code
    level: AreaLevel
    name: Name
    parent: Code | None = None

    def build(self) -> Area:
        """The same for `cases`."""
        return Area(code=self.code, level=self.level, name=self.name.zh, parent=self.parent)


class GridPart(Part):
    """The city's map.

    Attributes:
        file: GeoJSON with the polygons of areas, from the city file's folder.
    """

    file: Text
