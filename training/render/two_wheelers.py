"""Motor scooters, parked or ridden."""

from training.render.geometry import Model, box, gather, place, tube
from training.render.paint import STEEL, TRIM, Paint, lacquer
from training.render.people import Figure, Posture, person
from training.render.vehicles import wheel

_LAMP = Paint(colour=(0.62, 0.65, 0.68), rough=0.08, metal=0.55)
_CRATE = Paint(colour=(0.75, 0.42, 0.02), rough=0.6)


def scooter(colour: str, *, crate: bool = False, rider: Figure | None = None) -> Model:
    """A motor scooter with its nose towards +x; `colour` is a key of `CAR_COLOURS`."""
    paint = lacquer(colour)
    parts = [
        wheel(0.62, 0, 0.24, 0.1),
        wheel(-0.55, 0, 0.24, 0.11),
        tube([(0.62, 0, 0.24), (0.5, 0, 0.62), (0.42, 0, 0.98)], 0.035, STEEL),
        tube([(0.36, 0.33, 1.03), (0.42, 0.15, 1.0), (0.42, -0.15, 1.0), (0.36, -0.33, 1.03)], 0.02, TRIM),
        box((0.47, 0, 0.72), (0.12, 0.34, 0.52), paint, bevel=0.05, turn=(0, -0.25, 0)),
        box((0.54, 0, 0.9), (0.1, 0.2, 0.14), _LAMP, bevel=0.04),
        box((0.15, 0, 0.33), (0.6, 0.26, 0.08), paint, bevel=0.03),
        box((-0.35, 0, 0.52), (0.72, 0.26, 0.36), paint, bevel=0.09),
        box((-0.28, 0, 0.75), (0.68, 0.27, 0.1), TRIM, bevel=0.045),
        box((0.62, 0, 0.5), (0.34, 0.12, 0.04), paint, bevel=0.018),
        tube([(-0.1, 0.16, 0.3), (-0.5, 0.17, 0.33), (-0.75, 0.17, 0.4)], 0.04, STEEL),
        box((-0.78, 0, 0.62), (0.06, 0.2, 0.1), Paint(colour=(0.32, 0.006, 0.006), rough=0.12), bevel=0.02),
    ]
    for side in (1, -1):
        parts.append(tube([(0.38, side * 0.24, 1.03), (0.38, side * 0.28, 1.14)], 0.008, TRIM))
        parts.append(box((0.38, side * 0.29, 1.17), (0.03, 0.12, 0.08), TRIM, bevel=0.01))
    if crate:
        parts.append(box((-0.72, 0, 0.98), (0.42, 0.44, 0.42), _CRATE, bevel=0.03))
    if rider:
        parts.append(person(rider, Posture.RIDE).moved(place((-0.22, 0, -0.05))))
    return gather(parts)
