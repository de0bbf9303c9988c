"""The scenario language: one YAML file says what stands and moves in the street, and which findings are due."""

import itertools
from datetime import time
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, FiniteFloat, model_validator

from inference.findings import ViolationKind
from inference.geo import LatLon
from inference.zones.hours import HoursSpan, Schedule
from inference.zones.zone import ZoneKind
from training.render.paint import CAR_COLOURS
from training.render.vehicles import SHAPES
from training.render.whereabouts import Whereabouts

Place = tuple[FiniteFloat, FiniteFloat]
Waypoint = tuple[FiniteFloat, FiniteFloat, FiniteFloat]
Rgb = tuple[
    Annotated[float, Field(ge=0, le=1)], Annotated[float, Field(ge=0, le=1)], Annotated[float, Field(ge=0, le=1)]
]


class Strict(BaseModel):
    """What a scenario file may say: nothing unknown, no infinities."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class VehicleActor(Strict):
    """A car, van, bus or truck; its origin is the middle of its footprint."""

    model: Literal["vehicle"]
    shape: str
    colour: str
    plate: str

    @model_validator(mode="after")
    def _known(self) -> "VehicleActor":
        if self.shape not in (*SHAPES, "truck") or self.colour not in CAR_COLOURS:
            shapes = ", ".join((*SHAPES, "truck"))
            raise ValueError(f"shape must be one of {shapes} and colour one of {', '.join(CAR_COLOURS)}")
        return self


class ScooterActor(Strict):
    """A motor scooter, with or without somebody on it."""

    model: Literal["scooter"]
    colour: str
    crate: bool = False
    rider: bool = False


class CycleActor(Strict):
    """A bicycle or a cargo tricycle, with or without somebody on it."""

    model: Literal["bicycle", "tricycle"]
    colour: str
    rider: bool = False
    load: Literal["nothing", "cartons", "bags", "fruit"] = "nothing"
    seed: int = 0


class PersonActor(Strict):
    """Somebody on foot: walks while moving, stands otherwise."""

    model: Literal["person"]
    top: Rgb
    bottom: Rgb
    height: float = Field(default=1.7, ge=1.0, le=2.1)
    apron: Rgb | None = None
    handbag: Rgb | None = None
    carries: Literal["bags", "nothing"] = "nothing"
    seed: int = 0


class GarbageActor(Strict):
    """A heap that grows: at each of `grows` seconds somebody puts down another load at its offset."""

    model: Literal["garbage"]
    loads: list[tuple[FiniteFloat, FiniteFloat, FiniteFloat]] = Field(min_length=1, description="seconds, dx, dy")
    bags: int = Field(default=5, ge=1, le=20)
    seed: int = 0


class BinActor(Strict):
    """A wheeled bin."""

    model: Literal["bin"]
    colour: Rgb
    overflowing: bool = False


class StallActor(Strict):
    """A piece of a vendor's stall, or what a shop puts before its door; `length` in metres where it has one."""

    model: Literal["cart", "table", "goods", "parasol", "stool", "blanket", "rack", "shop-goods"]
    colour: Rgb = (0.05, 0.15, 0.45)
    length: float = Field(default=1.9, ge=0.6, le=6)
    seed: int = 0


class SignalActor(Strict):
    """The lamp of a traffic signal: red, then green from `green_at` seconds on."""

    model: Literal["signal"]
    green_at: FiniteFloat


Kind = VehicleActor | ScooterActor | CycleActor | PersonActor | GarbageActor | BinActor | StallActor | SignalActor


class Actor(Strict):
    """One thing in the street.

    Attributes:
        id: its name in the truth; actors of one `group` are one object there.
        kind: what it is and how it looks.
        path: waypoints (seconds, x, y); the actor appears with the first and is gone after the last.
        stays: it stays where its path ends; what has only one waypoint always stays.
        facing: degrees, instead of the direction of travel.
        height: metres above the carriageway, instead of the road or pavement under its place.
        group: the truth's name for several actors that are one thing.
    """

    id: str
    kind: Annotated[Kind, Field(discriminator="model")]
    path: list[Waypoint] = Field(min_length=1)
    stays: bool = False
    facing: FiniteFloat | None = None
    height: FiniteFloat | None = None
    group: str | None = None

    @model_validator(mode="after")
    def _in_time(self) -> "Actor":
        times = [t for t, _, _ in self.path]
        if any(b <= a for a, b in itertools.pairwise(times)):
            raise ValueError(f"waypoints of '{self.id}' must have rising seconds")
        return self


class ZoneSpec(Strict):
    """A polygon on the ground, as a city would draw it, with the dwell the demo uses.

    Attributes:
        hours: when it is in force each day, as in `07:00-09:30`; none means always.
        queue: vehicles may have to wait here.
    """

    id: str
    kind: ZoneKind
    polygon: list[Place] = Field(min_length=3)
    raised: bool = False
    dwell: float | None = Field(default=None, gt=0)
    hours: tuple[Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$")], ...] = ()
    queue: bool = False

    def schedule(self) -> Schedule:
        """When it is in force, by the clock of Shanghai."""
        spans = (span.split("-") for span in self.hours)
        return Schedule(
            spans=tuple(HoursSpan(start=time.fromisoformat(a), end=time.fromisoformat(b)) for a, b in spans)
        )


class Expected(Strict):
    """A finding that must come: which object, of which kind, in which zone."""

    kind: ViolationKind
    object: str
    zone: str


class CameraSpec(Strict):
    """Position, aim and size of the picture."""

    label: str
    at: tuple[FiniteFloat, FiniteFloat, FiniteFloat]
    look: tuple[FiniteFloat, FiniteFloat, FiniteFloat]
    fov: float = Field(gt=5, lt=120)
    width: int = Field(default=960, ge=320, le=3840, multiple_of=2)
    height: int = Field(default=540, ge=180, le=2160, multiple_of=2)
    noise: float = Field(default=0.010, ge=0, le=0.2)


class StreetSpec(Strict):
    """What differs from the plain street."""

    stop_line: FiniteFloat | None = None
    bays: list[tuple[FiniteFloat, FiniteFloat, FiniteFloat, FiniteFloat]] = []
    collection: FiniteFloat | None = None


class LightSpec(Strict):
    """The sun in degrees, see `blender.Light`; `lamps` switches street lamps and shop lights on."""

    elevation: float = Field(default=50.0, ge=-5, le=90)
    azimuth: FiniteFloat = 222.0
    exposure: FiniteFloat = 0.0
    sky: float = Field(default=0.13, gt=0, le=1)
    lamps: bool = False


class Conditions(Strict):
    """What happens to the camera and its pictures, in seconds of the clip.

    Attributes:
        brightness: (second, factor), joined by straight lines.
        infrared: (from, to): no colour.
        rain: 0 none .. 1 heavy.
        shake: standard deviation of the mast's sway, share of the picture's width.
        outages: (from, to): no picture comes.
        restarts: the program is killed and started again.
    """

    brightness: tuple[tuple[FiniteFloat, Annotated[float, Field(ge=0.02, le=3)]], ...] = ()
    infrared: tuple[tuple[FiniteFloat, FiniteFloat], ...] = ()
    rain: float = Field(default=0.0, ge=0, le=1)
    shake: float = Field(default=0.0, ge=0, le=0.02)
    outages: tuple[tuple[FiniteFloat, FiniteFloat], ...] = ()
    restarts: tuple[FiniteFloat, ...] = ()


class MapSpec(Strict):
    """Where the street lies: WGS84 of x = y = 0, and degrees clockwise from north of +x."""

    lat: float = Field(ge=-85, le=85)
    lon: float = Field(ge=-180, le=180)
    bearing: float = Field(default=90.0, ge=0, lt=360)

    def whereabouts(self) -> Whereabouts:
        """As a frame to compute in."""
        return Whereabouts(origin=LatLon(lat=self.lat, lon=self.lon), bearing=self.bearing)


class StreetPlan(Strict):
    """What stands and moves in a street, whoever looks at it; `seconds` is the time that it tells of."""

    name: str = Field(pattern=r"^[a-z0-9-]+$")
    about: str
    start: AwareDatetime
    seconds: float = Field(gt=0, le=86_400)
    fps: int = Field(ge=1, le=25)
    samples: int = Field(default=10, ge=1, le=512)
    seed: int = 3
    light: LightSpec = LightSpec()
    street: StreetSpec = StreetSpec()
    zones: list[ZoneSpec] = []
    actors: list[Actor]
    expected: list[Expected] = []

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        ids = [a.id for a in self.actors]
        if len(set(ids)) < len(ids):
            raise ValueError("two actors have the same id")
        objects, zones = {a.group or a.id for a in self.actors}, {z.id: z for z in self.zones}
        for due in self.expected:
            if due.object not in objects or due.zone not in zones:
                raise ValueError(f"expected finding names an unknown object '{due.object}' or zone '{due.zone}'")
        return self


class Scenario(StreetPlan):
    """A clip of a fixed camera: `seconds` long at `fps` pictures a second; a clip second is one in the street."""

    seconds: float = Field(gt=0, le=600)
    place: MapSpec | None = None
    camera: CameraSpec
    conditions: Conditions = Conditions()

    @model_validator(mode="after")
    def _timed(self) -> Self:
        zones = {z.id: z for z in self.zones}
        for due in self.expected:
            if zones[due.zone].dwell is None:
                raise ValueError(f"zone '{due.zone}' needs a dwell, because a finding is expected there")
        return self

    def frames(self) -> int:
        """Number of pictures."""
        return round(self.seconds * self.fps)
