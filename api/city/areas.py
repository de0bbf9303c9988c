"""District, street, community: the places that cases are counted by and sent to."""

from enum import StrEnum

from api.city.part import Code, Name, Part


class AreaLevel(StrEnum):
    """How large an area is. Each lies in one of the level before it."""

    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"


class Area(Part):
    """One area.

    Attributes:
        code: as the city writes it; its length is local.
        parent: code of the area that it lies in; none for a district.
    """

    code: Code
    level: AreaLevel
    name: Name
    parent: Code | None = None
