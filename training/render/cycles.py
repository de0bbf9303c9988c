"""Bicycles and cargo tricycles, parked or ridden."""

import numpy as np

from training.render import garbage, stalls
from training.render.geometry import Model, box, gather, place, tube
from training.render.paint import STEEL, TRIM, Paint, lacquer
from training.render.people import Figure, Posture, person
from training.render.vehicles import wheel

_TYRE = Paint(colour=(0.012, 0.012, 0.012), rough=0.85)
_BASKET = Paint(colour=(0.10, 0.10, 0.11), rough=0.6)
_BED = Paint(colour=(0.05, 0.16, 0.30), rough=0.5, stains=0.4)


def _spoked(x: float, radius: float) -> Model:
    """A thin wheel with spokes."""
    turn = 2 * np.pi * np.arange(25) / 24
    rim = np.column_stack([x + radius * np.cos(turn), np.zeros(25), radius * (1 + np.sin(turn))])
    spokes = [tube([(x, 0, radius), tuple(rim[k])], 0.003, STEEL, sides=4) for k in range(0, 24, 2)]
    return gather([tube(rim, 0.019, _TYRE, sides=6), *spokes])


def bicycle(colour: str, *, rider: Figure | None = None) -> Model:
    """A city bicycle with a basket, nose towards +x; `colour` is a key of `CAR_COLOURS`."""
    paint = lacquer(colour)
    crank, saddle, head = (-0.05, 0, 0.29), (-0.25, 0, 0.80), (0.42, 0, 0.82)
    parts = [
        _spoked(0.54, 0.33), _spoked(-0.52, 0.33),
        tube([saddle, crank, head], 0.018, paint, sides=6),
        tube([(-0.52, 0, 0.33), crank], 0.014, paint, sides=6),
        tube([(-0.52, 0, 0.33), saddle], 0.012, paint, sides=6),
        tube([(0.54, 0, 0.33), head, (0.38, 0, 1.0)], 0.016, STEEL, sides=6),
        tube([(0.26, 0.27, 1.02), (0.38, 0.12, 1.0), (0.38, -0.12, 1.0), (0.26, -0.27, 1.02)], 0.013, TRIM, sides=6),
        box((-0.27, 0, 0.86), (0.26, 0.16, 0.06), TRIM, bevel=0.025),
        box((0.60, 0, 0.86), (0.28, 0.34, 0.24), _BASKET, bevel=0.02),
        box((-0.55, 0, 0.70), (0.36, 0.13, 0.02), TRIM),
        box((-0.05, 0, 0.29), (0.16, 0.14, 0.03), TRIM),
    ]  # fmt: skip
    if rider:
        parts.append(person(rider, Posture.RIDE).moved(place((-0.27, 0, -0.03))))
    return gather(parts)


def tricycle(colour: str, *, rider: Figure | None = None, load: str = "nothing", seed: int = 0) -> Model:
    """An electric cargo tricycle, nose towards +x.

    Args:
        colour: a key of `CAR_COLOURS`.
        rider: somebody on it.
        load: nothing, cartons, bags or fruit.
        seed: of the load.
    """
    paint = lacquer(colour)
    parts = [
        wheel(1.05, 0, 0.25, 0.1),
        tube([(1.05, 0, 0.25), (0.92, 0, 0.7), (0.84, 0, 1.02)], 0.03, STEEL),
        tube([(0.74, 0.34, 1.06), (0.84, 0.14, 1.03), (0.84, -0.14, 1.03), (0.74, -0.34, 1.06)], 0.018, TRIM),
        box((0.9, 0, 0.78), (0.1, 0.36, 0.44), paint, bevel=0.04, turn=(0, -0.25, 0)),
        box((0.55, 0, 0.36), (0.75, 0.3, 0.08), paint, bevel=0.03),
        box((0.22, 0, 0.55), (0.34, 0.34, 0.34), paint, bevel=0.05),
        box((0.2, 0, 0.76), (0.36, 0.34, 0.09), TRIM, bevel=0.04),
        box((-0.75, 0, 0.56), (1.5, 1.0, 0.06), _BED),
    ]
    for side in (1, -1):
        parts.append(box((-0.75, side * 0.5, 0.72), (1.5, 0.03, 0.30), _BED))
        parts.append(wheel(-0.75, side * 0.44, 0.27, 0.11))
        parts.append(box((-0.75 + side * 0.75, 0, 0.72), (0.03, 1.0, 0.30), _BED))
        parts.append(box((-1.5, side * 0.4, 0.5), (0.03, 0.14, 0.1), Paint(colour=(0.32, 0.006, 0.006), rough=0.12)))
    parts += _load(load, seed)
    if rider:
        parts.append(person(rider, Posture.RIDE).moved(place((0.2, 0, -0.04))))
    return gather(parts)


def _load(kind: str, seed: int) -> list[Model]:
    if kind == "cartons":
        spots = ((-1.2, -0.22), (-1.2, 0.24), (-0.7, -0.2), (-0.65, 0.25), (-0.3, 0.0))
        return [garbage.carton(0.42, seed + k).moved(place((x, y, 0.6))) for k, (x, y) in enumerate(spots)]
    if kind == "bags":
        return [
            garbage.bag("white", 0.24, seed + k).moved(place((-1.2 + 0.4 * k, 0.18 * (-1) ** k, 0.6))) for k in range(4)
        ]
    if kind == "fruit":
        return [
            stalls.tray(0.46, 0.44, seed + 3 * k + row).moved(place((-1.22 + 0.48 * k, -0.24 + 0.48 * row, 0.86)))
            for k in range(3)
            for row in range(2)
        ] + [box((-0.75, 0, 0.85), (1.46, 0.98, 0.02), STEEL)]
    return []
