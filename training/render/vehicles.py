"""Cars, vans and buses: shell, wheels, plates and a cabin that shows through the glass."""

from dataclasses import dataclass

import numpy as np

from training.render.bodywork import CarShape, shell
from training.render.geometry import Model, box, gather, label, lathe, place, tube, turned
from training.render.paint import STEEL, TRIM, Paint, cloth, lacquer
from training.render.people import Figure, Posture, person

SHAPES: dict[str, CarShape] = {
    "sedan": CarShape(
        length=4.65, width=1.82, clearance=0.19, corner=9, soften=0.055, lean=0.42, wheel=0.32, axles=(-1.38, 1.42),
        top=((-2.33, 0.70), (-2.28, 0.99), (-1.72, 1.05), (-1.0, 1.39), (-0.45, 1.455), (0.1, 1.45), (0.32, 1.40),
             (1.12, 0.985), (1.9, 0.86), (2.22, 0.74), (2.33, 0.52)),
        belt=((-2.3, 0.95), (1.2, 0.89), (2.3, 0.7)),
        windscreen=(0.36, 1.08), rear_window=(-1.66, -1.05), side_glass=(-1.42, 0.98), pillars=(-0.12, -1.02),
    ),
    "hatch": CarShape(
        length=4.0, width=1.74, clearance=0.19, corner=9, soften=0.05, lean=0.40, wheel=0.30, axles=(-1.25, 1.27),
        top=((-2.0, 0.7), (-1.98, 1.0), (-1.72, 1.36), (-1.3, 1.49), (-0.4, 1.53), (0.15, 1.50), (0.4, 1.44),
             (1.1, 1.02), (1.65, 0.9), (1.92, 0.76), (2.0, 0.5)),
        belt=((-2.0, 1.0), (1.2, 0.92), (2.0, 0.72)),
        windscreen=(0.44, 1.06), rear_window=(-1.96, -1.5), side_glass=(-1.5, 0.98), pillars=(-0.15, -1.05),
    ),
    "suv": CarShape(
        length=4.7, width=1.90, clearance=0.24, corner=10, soften=0.055, lean=0.34, wheel=0.37, axles=(-1.38, 1.42),
        top=((-2.35, 0.8), (-2.31, 1.12), (-2.05, 1.54), (-1.75, 1.66), (-0.8, 1.72), (0.1, 1.70), (0.38, 1.62),
             (1.08, 1.15), (2.0, 1.04), (2.27, 0.92), (2.35, 0.6)),
        belt=((-2.3, 1.12), (1.1, 1.04), (2.3, 0.85)),
        windscreen=(0.42, 1.05), rear_window=(-2.28, -1.86), side_glass=(-1.9, 0.98), pillars=(-0.1, -1.1),
    ),
    "van": CarShape(
        length=4.5, width=1.68, clearance=0.22, corner=14, soften=0.05, lean=0.16, wheel=0.30, axles=(-1.38, 1.55),
        top=((-2.25, 0.9), (-2.23, 1.3), (-2.12, 1.82), (-1.8, 1.93), (0.9, 1.93), (1.18, 1.84), (1.86, 1.12),
             (2.12, 0.98), (2.25, 0.6)),
        belt=((-2.3, 1.08), (2.3, 1.0)),
        windscreen=(1.2, 1.84), rear_window=(-2.24, -2.06), side_glass=(-2.0, 1.72), pillars=(0.72, -0.5),
    ),
    "bus": CarShape(
        length=10.6, width=2.5, clearance=0.28, corner=30, soften=0.07, lean=0.05, wheel=0.48, axles=(-2.6, 3.0),
        top=((-5.3, 2.4), (-5.25, 2.95), (-4.9, 3.05), (4.9, 3.05), (5.2, 2.95), (5.3, 2.6)),
        belt=((-5.3, 1.25), (5.3, 1.1)),
        windscreen=(9, 9), rear_window=(9, 9), side_glass=(-5.0, 5.05), pillars=(-3.7, -2.4, -1.1, 0.2, 1.5, 2.8, 4.0),
    ),
}  # fmt: skip

_TYRE = Paint(colour=(0.012, 0.012, 0.012), rough=0.85)
_RIM = Paint(colour=(0.45, 0.46, 0.48), rough=0.3, metal=1.0)
_DARK = Paint(colour=(0.006, 0.006, 0.006), rough=0.9)
_SEAT = cloth((0.06, 0.055, 0.05))
_LAMPS = (
    Paint(colour=(0.62, 0.65, 0.68), rough=0.08, metal=0.55),
    Paint(colour=(0.32, 0.006, 0.006), rough=0.12),
)
_ACROSS = np.pi / 2  # turns writing upright


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """What to build: a key of `SHAPES`, a colour of `CAR_COLOURS`, an invented number plate."""

    kind: str
    colour: str
    plate: str


def wheel(x: float, y: float, radius: float, width: float = 0.2) -> Model:
    """A spoked wheel that stands on the ground, its outer side away from y = 0."""
    out = 1.0 if y > 0 else -1.0
    r, w = radius, width / 2
    profile = [
        (r * 0.5, -w), (r * 0.93, -w), (r, -w + 0.03), (r, w - 0.03), (r * 0.93, w), (r * 0.68, w),
        (r * 0.65, w - 0.03), (r * 0.2, w - 0.012), (r * 0.17, w), (0.001, w + 0.004),
    ]  # fmt: skip
    paint_of = np.ones((len(profile) - 1, 30), np.int32)
    paint_of[:5] = 0
    paint_of[6, np.isin(np.arange(30) % 6, (0, 1, 2))] = 2
    return turned([(a, h * out) for a, h in profile], (_TYRE, _RIM, _DARK), paint_of, axis="y", at=(x, y, radius))


def _running_gear(shape: CarShape, *, wide: float) -> list[Model]:
    parts = [box((0, 0, shape.clearance + 0.06), (shape.length * 0.86, shape.width * 0.62, 0.1), _DARK)]
    for axle in shape.axles:
        for side in (1, -1):
            inner, outer = side * (shape.width / 2 - 0.36), side * (shape.width / 2 - 0.055)
            well = [(0.001, inner), (shape.wheel + 0.075, inner), (shape.wheel + 0.075, outer)]
            parts.append(lathe(well, _DARK, sides=28, axis="y", at=(axle, 0, shape.wheel)))
            parts.append(wheel(axle, side * (shape.width / 2 - 0.125), shape.wheel, wide))
    return parts


def _plates(vehicle: Vehicle, shape: CarShape) -> list[Model]:
    bus = vehicle.kind == "bus"
    ground = Paint(colour=(0.7, 0.45, 0.02) if bus else (0.01, 0.05, 0.32), rough=0.4)
    ink = Paint(colour=(0.02, 0.02, 0.02) if bus else (0.85, 0.85, 0.85))
    parts: list[Model] = []
    for end in (1, -1):
        z = 0.55 if bus else shape.clearance + (0.27 if end > 0 else 0.48)
        parts.append(box((end * (shape.length / 2 + 0.002), 0, z), (0.02, 0.44, 0.14), ground))
        at, turn = (end * (shape.length / 2 + 0.015), 0, z), (_ACROSS, 0, _ACROSS * end)
        parts.append(label(vehicle.plate, 0.105, ink, at, turn, depth=0.002))
    return parts


def _cabin(shape: CarShape, *, rows: int, driver: bool) -> list[Model]:
    first = shape.windscreen[0] - 0.55
    belt = shape.belt_at(0)
    parts = [
        box((shape.windscreen[1] - 0.30, 0, belt - 0.16), (0.5, shape.width * 0.82, 0.22), _SEAT, bevel=0.06),
        box((0, 0, belt - 0.45), (shape.length * 0.8, shape.width * 0.8, 0.04), _SEAT),
    ]
    for row in range(rows):
        for side in (1, -1):
            x = first - 0.9 * row
            parts.append(box((x, side * 0.36, belt - 0.12), (0.14, 0.5, 0.55), _SEAT, bevel=0.05, turn=(0, -0.2, 0)))
            parts.append(box((x - 0.05, side * 0.36, belt + 0.24), (0.09, 0.24, 0.16), _SEAT, bevel=0.03))
    if driver:
        figure = Figure(top=(0.2, 0.2, 0.22), bottom=(0.03, 0.03, 0.04), seed=3)
        parts.append(person(figure, Posture.SIT, detail=0.03).moved(place((first + 0.12, 0.36, belt - 0.98))))
    return parts


def _bus_fittings(shape: CarShape) -> list[Model]:
    seat = cloth((0.04, 0.12, 0.25))
    parts = [box((0, 0, 1.0), (shape.length * 0.95, shape.width * 0.9, 0.05), _SEAT)]
    for k in range(9):
        for side in (1, -1):
            parts.append(box((-4.3 + k * 0.95, side * 0.78, 1.25), (0.12, 0.85, 0.75), seat, bevel=0.03))
    nose = shape.length / 2
    for side in (1, -1):
        parts.append(box((nose + 0.12, side * (shape.width / 2 + 0.10), 2.2), (0.10, 0.16, 0.42), TRIM, bevel=0.03))
        arm = [(nose - 0.1, side * 1.1, 2.7), (nose + 0.12, side * 1.3, 2.65), (nose + 0.12, side * 1.35, 2.35)]
        parts.append(tube(arm, 0.025, TRIM))
        parts.append(tube([(nose + 0.02, side * 0.15, 1.2), (nose + 0.03, side * 0.7, 1.75)], 0.012, TRIM))
    parts.append(box((-0.6, 0, 3.15), (2.6, 1.7, 0.22), Paint(colour=(0.6, 0.6, 0.6)), bevel=0.06))
    led = Paint(colour=(1.0, 0.35, 0.03), glow=4.0)
    parts.append(label("88 路  青石桥", 0.20, led, (nose + 0.005, 0, 2.79), (_ACROSS, 0, _ACROSS), depth=0.002))
    return parts


def vehicle(spec: Vehicle) -> Model:
    """Build a car, van or bus, standing on z = 0 with its nose towards +x."""
    shape, paint = SHAPES[spec.kind], lacquer(spec.colour)
    bus = spec.kind == "bus"
    parts = [
        shell(shape, paint, _LAMPS, bus=bus),
        *_running_gear(shape, wide=0.28 if bus else 0.21),
        *_plates(spec, shape),
    ]
    if bus:
        return gather([*parts, *_bus_fittings(shape)])
    parts += _cabin(shape, rows=3 if spec.kind == "van" else 2, driver=spec.kind != "van")
    mirror = shape.side_glass[1] - 0.12
    for side in (1, -1):
        at = (mirror, side * (shape.width / 2 + 0.08), shape.belt_at(mirror) + 0.08)
        parts.append(box(at, (0.11, 0.19, 0.13), paint, bevel=0.035))
        if spec.kind == "suv":
            rail = [
                (-1.5, side * 0.62, 1.69),
                (-1.4, side * 0.62, 1.76),
                (0.1, side * 0.62, 1.76),
                (0.25, side * 0.62, 1.69),
            ]
            parts.append(tube(rail, 0.018, STEEL))
    return gather(parts)
