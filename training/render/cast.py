"""Actors in the flesh: which model an actor shows at a time, and where."""

import math
from functools import lru_cache

from training.render import garbage, stalls
from training.render.cycles import bicycle, tricycle
from training.render.geometry import Matrix, Model, Points, gather, outline, place
from training.render.motion import Pose, Track
from training.render.people import STEPS, STRIDE, Figure, Posture, person
from training.render.scenario import (
    Actor,
    BinActor,
    CycleActor,
    GarbageActor,
    Kind,
    PersonActor,
    ScooterActor,
    SignalActor,
    StallActor,
    VehicleActor,
)
from training.render.street import KERB_NORTH, KERB_SOUTH, PAVEMENT, signal_lamp
from training.render.trucks import truck
from training.render.two_wheelers import scooter
from training.render.vehicles import Vehicle, vehicle

_CLASSES = {
    "scooter": "motorcycle",
    "bicycle": "bicycle",
    "tricycle": "tricycle",
    "person": "person",
    "garbage": "garbage",
}
_RIDER = Figure(top=(0.50, 0.33, 0.05), bottom=(0.02, 0.02, 0.03), helmet=(0.62, 0.60, 0.55), seed=5)


class Player:
    """One actor: its track, and its models made when they are first needed.

    Where `thin`, only the outermost points of its models are kept: boxes stay the same to about a pixel.
    """

    def __init__(self, actor: Actor, *, thin: bool = False) -> None:
        self._thin = thin
        self.actor = actor
        self.track = Track(actor.path, None if actor.facing is None else math.radians(actor.facing))
        first, last = actor.path[0][0], actor.path[-1][0]
        self._points: dict[str, Points] = {}
        self._extents: dict[str, tuple[Points, Points]] = {}
        self._span = first, math.inf if actor.stays or len(actor.path) == 1 else last

    @property
    def name(self) -> str:
        """Its name in the truth."""
        return self.actor.group or self.actor.id

    def present(self, at: float) -> bool:
        """Whether it is in the street."""
        return self._span[0] <= at < self._span[1]

    def variant(self, at: float) -> str:
        """Which of its models shows at a time."""
        kind = self.actor.kind
        if isinstance(kind, PersonActor):
            pose = self.track.pose(at)
            return f"walk{int(pose.travelled / STRIDE * STEPS) % STEPS}" if pose.moving else "stand"
        if isinstance(kind, GarbageActor):
            return f"loads{sum(t <= at for t, _, _ in kind.loads)}"
        if isinstance(kind, SignalActor):
            return "red" if at < kind.green_at else "green"
        return "only"

    def matrix(self, at: float) -> Matrix:
        """Where it stands."""
        pose: Pose = self.track.pose(at)
        ground = PAVEMENT if not KERB_SOUTH <= pose.y <= KERB_NORTH else 0.0
        return place((pose.x, pose.y, ground if self.actor.height is None else self.actor.height), pose.heading)

    def model(self, variant: str) -> Model:
        """Build one of its models."""
        return model_of(self.actor.kind, variant)

    def points(self, variant: str) -> Points:
        """Vertices of one of its models, in the actor's own frame."""
        if variant not in self._points:
            kind = self.actor.kind
            self._points[variant] = _thinned(kind, variant) if self._thin else self.model(variant).points()
        return self._points[variant]

    def extent(self, variant: str) -> tuple[Points, Points]:
        """Lowest and highest corner of the box around one of its models, in the actor's own frame."""
        if variant not in self._extents:
            points = self.points(variant)
            self._extents[variant] = points.min(0), points.max(0)
        return self._extents[variant]

    def detector_class(self) -> str | None:
        """Its class in the words of `datasets`; None for what no detector should see."""
        kind = self.actor.kind
        if isinstance(kind, VehicleActor):
            return kind.shape if kind.shape in ("bus", "truck") else "car"
        if isinstance(kind, BinActor):
            return "bin_overflow" if kind.overflowing else "bin"
        if isinstance(kind, SignalActor):
            return None
        return _CLASSES.get(kind.model, "stall")


def model_of(kind: Kind, variant: str, *, detail: float = 0.02) -> Model:
    """Build what an actor shows; `detail` in metres is that of people."""
    if isinstance(kind, VehicleActor):
        if kind.shape == "truck":
            return truck(kind.colour, kind.plate)
        return vehicle(Vehicle(kind=kind.shape, colour=kind.colour, plate=kind.plate))
    if isinstance(kind, ScooterActor):
        return scooter(kind.colour, crate=kind.crate, rider=_RIDER if kind.rider else None)
    if isinstance(kind, CycleActor):
        rider = _RIDER if kind.rider else None
        if kind.model == "bicycle":
            return bicycle(kind.colour, rider=rider)
        return tricycle(kind.colour, rider=rider, load=kind.load, seed=kind.seed)
    if isinstance(kind, PersonActor):
        return _walker(kind, variant, detail)
    if isinstance(kind, GarbageActor):
        return _heap(kind, int(variant.removeprefix("loads")))
    if isinstance(kind, BinActor):
        return garbage.bin_body(kind.colour, overflowing=kind.overflowing)
    if isinstance(kind, SignalActor):
        return signal_lamp(red=variant == "red")
    return _stall(kind)


def _thinned(kind: Kind, variant: str) -> Points:
    """The outermost points of a model; what only differs in colour has the same."""
    if isinstance(kind, VehicleActor):
        kind = kind.model_copy(update={"colour": "white", "plate": ""})
    return _outline_of(type(kind), kind.model_dump_json(), variant)


@lru_cache(maxsize=512)
def _outline_of(form: type[Kind], kind: str, variant: str) -> Points:
    return outline(model_of(form.model_validate_json(kind), variant, detail=0.04).points())


def _walker(kind: PersonActor, variant: str, detail: float) -> Model:
    figure = Figure(
        top=kind.top, bottom=kind.bottom, height=kind.height, apron=kind.apron, handbag=kind.handbag, seed=kind.seed
    )
    if variant == "stand":
        body = person(figure, Posture.STAND, detail=detail)
    else:
        body = person(figure, Posture.WALK, 2 * math.pi * int(variant.removeprefix("walk")) / STEPS, detail=detail)
    if kind.carries == "bags":
        for colour, y, radius in (("black", 0.34, 0.24), ("white", -0.32, 0.19)):
            body += garbage.bag(colour, radius, kind.seed).moved(place((0.05, y, 0.22)))
    return body


def _heap(kind: GarbageActor, loads: int) -> Model:
    parts: list[Model] = []
    for k, (_, dx, dy) in enumerate(kind.loads[:loads]):
        parts.append(garbage.load(kind.seed + k, bags=kind.bags).moved(place((dx, dy, 0))))
        if k % 2:
            side = 1 if dx > 0 else -1
            parts.append(garbage.carton(0.42 + 0.06 * k, kind.seed + k).moved(place((dx + side * 0.75, dy - 0.2, 0))))
    return gather(parts)


def _stall(kind: StallActor) -> Model:
    match kind.model:
        case "cart":
            return stalls.food_cart()
        case "table":
            return stalls.table(kind.colour)
        case "goods":
            return stalls.goods(kind.length, kind.seed)
        case "parasol":
            return stalls.parasol((kind.colour, (0.75, 0.72, 0.66)))
        case "stool":
            return stalls.stool()
        case "blanket":
            return stalls.blanket(kind.length, kind.seed)
        case "rack":
            return stalls.clothes_rack(kind.length, kind.seed)
        case "shop-goods":
            return stalls.shop_goods(kind.length, kind.seed)
