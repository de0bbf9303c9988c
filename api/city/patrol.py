"""Patrols: the roads they see, the vehicles that the plan sends out, and who is on duty in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import Field

from api.city.cameras import Position
from api.city.geojson import read_text
from api.city.hours import Hours
from api.city.part import Identifier, Name, Number, Part, Text
from api.city.road_file import read_roads
from api.errors import CityError, Problem
from cases.grid import Grid
from cases.patrolling.roads import Road, RoadMap
from cases.patrolling.roster import Crew, Roster, Vehicle
from inference.patrol.street_map import MapError, StreetMap, street_map_from
from inference.zones.hours import Calendar, Schedule

KILOMETRES_PER_HOUR = 1 / 3.6


class RoadsPart(Part):
    """The roads.

    Attributes:
        file: GeoJSON with their lines, from the city file's folder.
    """

    file: Text


class StreetsPart(Part):
    """What parts of the streets are: carriageway, pavement, where nobody may stop.

    Attributes:
        file: GeoJSON with areas, or lines with a width, from the city file's folder.
    """

    file: Text


class VehiclePart(Part):
    """A moving camera that the plan sends out.

    Attributes:
        camera: its id among the cameras.
        start: where its tours begin and end.
        minutes: how long one may take.
        speed_kmh: how fast it drives while it looks.
    """

    camera: Identifier
    start: Position
    minutes: Annotated[Number, Field(ge=5, le=720)] = 120
    speed_kmh: Annotated[Number, Field(ge=2, le=60)] = 20

    def build(self) -> Vehicle:
        """The same for `cases`."""
        speed = self.speed_kmh * KILOMETRES_PER_HOUR
        return Vehicle(id=self.camera, start=self.start.build(), minutes=self.minutes, speed=speed)


class CrewPart(Part):
    """Who is on duty in a vehicle, and when.

    Attributes:
        vehicle: id of its camera.
        people: their names.
        hours: as those of zones; always on duty without.
    """

    id: Identifier
    name: Name
    vehicle: Identifier
    people: tuple[Text, ...] = Field(default=(), max_length=20)
    hours: tuple[Hours, ...] = Field(default=(), max_length=50)

    def build(self, calendar: Calendar) -> Crew:
        """The same for `cases`."""
        hours = Schedule(calendar=calendar, spans=self.hours)
        return Crew(id=self.id, name=self.name.zh, vehicle=self.vehicle, people=self.people, hours=hours)


class PatrolPart(Part):
    """Everything about patrols.

    Attributes:
        roads: what is to be seen; without it there is neither coverage nor a plan.
        streets: what is permitted where; without it rules take everything for a street.
        seen_every_hours: how often each stretch should be seen.
    """

    roads: RoadsPart | None = None
    streets: StreetsPart | None = None
    seen_every_hours: Annotated[Number, Field(gt=0, le=720)] = 24
    vehicles: tuple[VehiclePart, ...] = Field(default=(), max_length=200)
    crews: tuple[CrewPart, ...] = Field(default=(), max_length=1000)

    def roster(self, calendar: Calendar) -> Roster:
        """Vehicles and crews."""
        return Roster(
            vehicles=tuple(part.build() for part in self.vehicles),
            crews=tuple(part.build(calendar) for part in self.crews),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CityRoads:
    """The roads of a city file.

    Attributes:
        roads: as the file has them.
        names: what people call them, by id.
        streets: what is permitted where; None where the city says nothing.
    """

    roads: tuple[Road, ...] = ()
    streets: StreetMap | None = None
    names: Mapping[str, Name] = field(default_factory=dict[str, Name])

    def map(self, grid: Grid) -> RoadMap:
        """The roads cut up, in the city's grid."""
        return RoadMap(self.roads, grid)


def read_city_roads(part: PatrolPart, folder: Path) -> CityRoads:
    """The roads and streets that a city file in `folder` names.

    Raises:
        CityError: a file cannot be read.
    """
    roads, names = read_roads(folder / part.roads.file) if part.roads else ((), dict[str, Name]())
    streets = _read_streets(folder / part.streets.file) if part.streets else None
    return CityRoads(roads=roads, names=names, streets=streets)


def _read_streets(path: Path) -> StreetMap:
    try:
        return street_map_from(read_text(path))
    except MapError as error:
        raise CityError([Problem(file=str(path), line=None, key="", sentence=str(error))]) from None
