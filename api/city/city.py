"""A city as the rest of the house uses it: views for the cameras, an order for the cases, names for the pages."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from api.city.cameras import CameraPart, ground_of
from api.city.draft import read_city
from api.city.editions import Editions
from api.city.file import CityFile
from api.city.networks import Network
from api.city.order import order_of
from api.city.part import Name, did_you_mean
from api.city.patrol import CityRoads
from api.city.places import Places
from api.city.problems import in_file_order
from api.errors import CityError, Problem
from cases.city import CityOrder
from cases.grid import Grid
from cases.patrolling.roads import RoadMap
from cases.patrolling.roster import Roster
from cases.retention import Retention
from inference.camera import CameraView
from inference.patrol.street_map import StreetMap
from inference.rules.rule import Dwell
from inference.zones.hours import Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """One city.

    Attributes:
        path: the file it was read from; None for a built-in one.
        file: what stands there, key by key.
        calendar: its holidays and time zone.
        views: what the pipeline needs to know of each camera, by camera.
        dwell: seconds after which an object counts, by violation.
        stall_parts: detector classes that make a stall together with a person.
        grid: its map.
        editions: those of its duty list, as they were read.
        areas: what people call its areas, by code.
        networks: other networks whose events are understood.
        roads: what its patrols see.
        streets: what is permitted where, for rules of moving eyes; None where the city says nothing.
        road_names: what people call the roads, by id.
        roster: its patrol vehicles and their crews.
        order: what `cases` needs to know; None where the file has no duty list and so nothing can be filed.
    """

    path: Path | None
    file: CityFile
    calendar: Calendar
    views: Mapping[str, CameraView]
    dwell: Dwell
    stall_parts: frozenset[str]
    grid: Grid
    editions: Editions
    areas: Mapping[str, Name]
    order: CityOrder | None
    networks: tuple[Network, ...] = ()
    roads: RoadMap = field(default_factory=RoadMap)
    streets: StreetMap | None = None
    road_names: Mapping[str, Name] = field(default_factory=dict[str, Name])
    roster: Roster = field(default_factory=Roster)

    @property
    def retention(self) -> Retention:
        """How long evidence is kept after its case has ended."""
        return self.file.retention.build()

    def camera(self, camera: str) -> CameraPart:
        """What the file says about a camera.

        Raises:
            CityError: there is none of this name.
        """
        for part in self.file.cameras:
            if part.id == camera:
                return part
        hint = did_you_mean(camera, self.views) or f"it has: {', '.join(self.views) or 'none'}"
        sentence = f"has no camera of the name that was asked for; {hint}"
        raise CityError([Problem(file=str(self.path or "city"), line=None, key="cameras", sentence=sentence)])

    def presets_of(self, camera: str) -> Mapping[str, str]:
        """The entries of a camera that turns, by the name of their preset; none for a camera that looks one way."""
        presets = ((part.preset, part.id) for part in self.file.cameras)
        return {preset.name: id for preset, id in presets if preset and preset.camera == camera}

    @property
    def senders(self) -> tuple[str, ...]:
        """As cameras and vehicles are called when they push; one that turns has one name for all its presets."""
        return tuple(dict.fromkeys(part.sender for part in self.file.cameras))

    def view(self, camera: str) -> CameraView:
        """What the pipeline needs to know of a camera.

        Raises:
            CityError: there is none of this name.
        """
        return self.views[self.camera(camera).id]

    def address(self, camera: str, environment: Mapping[str, str]) -> str:
        """Where a camera's pictures come from: `push`, a path, or an RTSP address with its password: never print it.

        Raises:
            CityError: there is no such camera.
            SettingsError: the environment lacks its credentials.
        """
        part = self.camera(camera)
        address = part.address(environment)
        return str(self.path.parent / address) if self.path and part.is_path else address

    @property
    def drop_folders(self) -> Mapping[str, Path]:
        """Where recordings are dropped, by vehicle; those without a folder are left out."""
        here = self.path.parent if self.path else Path()
        return {part.id: here / part.recordings for part in self.file.cameras if part.recordings}

    def with_dwell(self, seconds: float) -> "City":
        """The same city, but an object counts in every zone after `seconds`."""
        return replace(self, dwell=replace(self.dwell, override=seconds))

    def with_moving_cameras(self) -> "City":
        """The same city, but every camera is carried around, so nothing can stand in its picture."""
        return replace(self, views={name: replace(view, moving=True) for name, view in self.views.items()})


def load_city(path: Path, *, environment: Mapping[str, str] | None = None) -> City:
    """Read a city file.

    Args:
        path: a YAML file.
        environment: where the secrets stand that the file names; None does not look whether they are there.

    Raises:
        CityError: it cannot be used; each problem has file, line, key and a sentence.
    """
    draft = read_city(path)
    wrong = list(draft.problems(environment))
    if wrong:
        raise in_file_order(wrong)
    city = build_city(draft.file, path, draft.places, draft.editions, draft.roads)
    return replace(city, networks=draft.networks.networks)


def build_city(
    file: CityFile,
    path: Path | None = None,
    places: Places | None = None,
    editions: Editions | None = None,
    roads: CityRoads | None = None,
) -> City:
    """The city that a checked file describes, with the areas and duties that it names."""
    places = places or Places(areas=(), names={})
    editions = editions or Editions()
    roads = roads or CityRoads()
    calendar = file.calendar.in_zone(file.city.zone)
    views = {
        camera.id: CameraView(
            id=camera.id,
            zones=tuple(zone.build(calendar) for zone in camera.zones),
            position=camera.position.build() if camera.position else None,
            moving=camera.moving,
            name=camera.name.zh,
            ground=ground_of(camera.reference_points),
        )
        for camera in file.cameras
    }
    grid = Grid(places.areas)
    order = order_of(file, file.duty_list, calendar, grid, editions) if file.duty_list else None
    return City(
        path=path,
        file=file,
        calendar=calendar,
        views=views,
        dwell=file.rules.dwells(),
        stall_parts=frozenset(file.rules.stall_encroachment.parts),
        grid=grid,
        editions=editions,
        areas=places.names,
        order=order,
        roads=roads.map(grid),
        streets=roads.streets,
        road_names=roads.names,
        roster=file.patrol.roster(calendar),
    )
