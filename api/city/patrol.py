"""Patrols: the roads they see, the vehicles that the plan sends out, and who is on duty in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import Field

from api.city.cameras import Position
from api.city.hours import Hours
from api.city.part import Identifier, Name, Number, Part, Text
from api.city.road_file import read_roads
from cases.grid import Grid
from cases.patrolling.roads import Road, RoadMap
from cases.patrolling.roster import Crew, Roster, Vehicle
from inference.zones.hours import Calendar, Schedule

KILOMETRES_PER_HOUR = 1 / 3.6


class RoadsPart(Part):
    """The roads.

    Attributes:
        file: GeoJSON with their lines, from the city file's folder.
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
        seen_every_hours: how often each stretch should be seen.
    """

    roads: RoadsPart | None = None
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
    """

    roads: tuple[Road, ...] = ()
    names: Mapping[str, Name] = field(default_factory=dict[str, Name])

    def map(self, grid: Grid) -> RoadMap:
        """The roads cut up, in the city's grid."""
        return RoadMap(self.roads, grid)


def read_city_roads(part: PatrolPart, folder: Path) -> CityRoads:
    """The roads that a city file in `folder` names.

    Raises:
        CityError: their file cannot be read.
    """
    if part.roads is None:
        return CityRoads()
    roads, names = read_roads(folder / part.roads.file)
    return CityRoads(roads=roads, names=names)
