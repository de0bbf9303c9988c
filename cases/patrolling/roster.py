"""Who is on duty in which vehicle (值班): crews with their hours, as the city file has them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from inference.geo import LatLon
from inference.zones.hours import Schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """People who drive a vehicle at certain hours.

    Attributes:
        id: of the crew.
        name: for people.
        vehicle: id of the vehicle.
        people: their names.
        hours: when they are on duty.
    """

    id: str
    name: str
    vehicle: str
    people: tuple[str, ...]
    hours: Schedule

    def is_on_duty(self, at: datetime) -> bool:
        """Whether they are on duty at `at` (aware UTC)."""
        return self.hours.stretch(at).in_force


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """A patrol vehicle, bike or phone that the plan sends out.

    Attributes:
        id: the camera's id.
        start: where its tours begin and end, WGS84.
        minutes: how long a tour may take.
        speed: metres per second at which it drives while it looks.
    """

    id: str
    start: LatLon
    minutes: float
    speed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Vehicles and their crews.

    Attributes:
        vehicles: in the order of the city file.
        crews: likewise.
    """

    vehicles: tuple[Vehicle, ...] = ()
    crews: tuple[Crew, ...] = ()

    def on_duty(self, at: datetime) -> Sequence[Crew]:
        """The crews on duty at `at` (aware UTC)."""
        return [crew for crew in self.crews if crew.is_on_duty(at)]

    def out_at(self, at: datetime) -> Sequence[Vehicle]:
        """The vehicles with a crew on duty at `at`; all of them in a city that names no crews."""
        manned = {crew.vehicle for crew in self.on_duty(at)}
        return [vehicle for vehicle in self.vehicles if not self.crews or vehicle.id in manned]
