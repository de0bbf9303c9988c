"""A light truck with a box body."""

import math

from training.render.geometry import Model, box, gather, label, tube
from training.render.paint import CAR_GLASS, STEEL, TRIM, Paint, lacquer
from training.render.vehicles import wheel

_DARK = Paint(colour=(0.02, 0.02, 0.02), rough=0.9)
_BOX = Paint(colour=(0.66, 0.67, 0.66), rough=0.45, stains=0.25)
_RIB = Paint(colour=(0.42, 0.43, 0.44), rough=0.5)
_LAMP = Paint(colour=(0.62, 0.65, 0.68), rough=0.1, metal=0.5)
_RED = Paint(colour=(0.32, 0.006, 0.006), rough=0.12)
_PLATE, _INK = Paint(colour=(0.7, 0.45, 0.02), rough=0.4), Paint(colour=(0.02, 0.02, 0.02))
LENGTH, WIDTH = 6.0, 2.06


def truck(colour: str, plate: str) -> Model:
    """A truck of 6 m on z = 0, nose towards +x; `colour` of the cab is a key of `CAR_COLOURS`."""
    paint, front = lacquer(colour), LENGTH / 2
    parts = [
        box((0, 0, 0.62), (LENGTH * 0.94, 0.8, 0.2), _DARK),
        box((front - 0.75, 0, 0.98), (1.5, 1.94, 0.86), paint, bevel=0.09),
        box((front - 0.84, 0, 1.72), (1.28, 1.86, 0.86), paint, bevel=0.14),
        box((front - 0.205, 0, 1.74), (0.03, 1.62, 0.66), CAR_GLASS, turn=(0, -0.06, 0)),
        box((front + 0.01, 0, 0.62), (0.08, 1.9, 0.24), TRIM, bevel=0.03),
        box((-0.82, 0, 1.78), (4.26, WIDTH, 2.06), _BOX, bevel=0.03),
        box((-2.96, 0, 0.6), (0.08, 1.9, 0.14), _RIB),
    ]
    for side in (1, -1):
        parts.append(box((front - 0.85, side * 0.935, 1.74), (0.8, 0.02, 0.52), CAR_GLASS))
        parts.append(box((front + 0.0, side * 0.74, 0.96), (0.05, 0.3, 0.2), _LAMP, bevel=0.02))
        parts.append(box((-2.99, side * 0.82, 0.78), (0.04, 0.24, 0.14), _RED))
        parts.append(tube([(front - 0.2, side * 0.95, 1.95), (front + 0.05, side * 1.12, 1.8)], 0.018, TRIM))
        parts.append(box((front + 0.06, side * 1.13, 1.66), (0.07, 0.17, 0.34), TRIM, bevel=0.02))
        parts += [box((-2.6 + k * 0.6, side * WIDTH / 2, 1.78), (0.05, 0.03, 1.95), _RIB) for k in range(7)]
        parts.append(wheel(front - 0.95, side * 0.86, 0.38, 0.22))
        parts.append(wheel(-1.6, side * 0.80, 0.38, 0.4))
    for end, x in ((1, front + 0.06), (-1, -3.01)):
        parts.append(box((x, 0, 0.66), (0.02, 0.44, 0.14), _PLATE))
        turn = (math.pi / 2, 0, math.pi / 2 * end)
        parts.append(label(plate, 0.105, _INK, (x + end * 0.013, 0, 0.66), turn, depth=0.002))
    parts.append(tube([(-2.98, 0, 0.85), (-2.98, 0, 2.7)], 0.015, STEEL))
    return gather(parts)
