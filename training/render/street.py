"""The street itself: carriageway with paint and wear, kerbs, pavements, furniture, trees and houses."""

import math
from dataclasses import dataclass

import numpy as np

from training.render.buildings import BAY, across, block, terrace
from training.render.geometry import Model, box, floor, gather, lathe, place, sheet, tube
from training.render.paint import TRIM, WHITE_LINE, YELLOW_LINE, Paint, Tiling, cloth
from training.render.vegetation import fallen_leaves, tree

KERB_NORTH, KERB_SOUTH = 4.6, -3.6  # y of the two kerbs
WALL_NORTH, WALL_SOUTH = 9.6, -8.2  # y of the two shop fronts
PAVEMENT = 0.14  # metres above the carriageway
LANE_LINE = 3.08  # y of the line between the westbound lane and the kerb strip
_WEST, _EAST = -120.0, 95.0  # x of the ends

_LAMPS_NORTH, _LAMPS_SOUTH = (-13.0, 12.6, 33.0, 56.0, -38.0, -64.0), (12.0, 38.0)

_ASPHALT = Paint(colour=(0.140, 0.142, 0.146), rough=0.82, specular=0.3, asphalt=True)
_PATCH = Paint(colour=(0.085, 0.085, 0.088), rough=0.82, specular=0.3, asphalt=True)
_IRON = Paint(colour=(0.045, 0.04, 0.038), metal=0.6)
_SOIL = cloth((0.06, 0.045, 0.03))
_POLE = Paint(colour=(0.16, 0.17, 0.18), metal=0.5)


def _stones(a: tuple[float, float, float], b: tuple[float, float, float], width: float, height: float) -> Paint:
    joint = (0.13, 0.125, 0.12)
    return Paint(colour=a, rough=0.85, stains=0.25, tiling=Tiling(other=b, joint=joint, width=width, height=height))


_KERBSTONE = _stones((0.38, 0.37, 0.35), (0.33, 0.32, 0.31), 0.8, 5.0)
_PAVING = (
    _stones((0.34, 0.30, 0.27), (0.28, 0.25, 0.235), 0.4, 0.2),
    _stones((0.30, 0.30, 0.29), (0.26, 0.26, 0.255), 0.3, 0.3),
)
_TACTILE = _stones((0.55, 0.38, 0.06), (0.50, 0.34, 0.05), 0.3, 0.3)
_WALLS = (
    Paint(colour=(0.48, 0.40, 0.33), rough=0.75, stains=0.4,
          tiling=Tiling(other=(0.44, 0.36, 0.30), joint=(0.3, 0.28, 0.25), width=0.25, height=0.08, wall=True)),
    Paint(colour=(0.52, 0.49, 0.43), rough=0.85, stains=0.5),
    Paint(colour=(0.30, 0.14, 0.10), rough=0.8, stains=0.3,
          tiling=Tiling(other=(0.26, 0.12, 0.09), joint=(0.3, 0.28, 0.26), width=0.25, height=0.08, wall=True)),
    Paint(colour=(0.42, 0.45, 0.46), rough=0.85, stains=0.5),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What differs between streets.

    Attributes:
        stop_line: x of a stop line of the westbound lane, with a zebra and a signal beyond it; None for none.
        bays: (x0, x1, y0, y1) of parking bays painted on the northern pavement.
        collection: x of the middle of the marked collection point for bins, on the northern pavement; None for none.
        seed: trees, shops, leaves.
    """

    stop_line: float | None = None
    bays: tuple[tuple[float, float, float, float], ...] = ()
    collection: float | None = None
    seed: int = 3


def _carriageway(layout: Layout) -> list[Model]:
    parts = [floor(_WEST, _EAST, KERB_SOUTH, KERB_NORTH, 0, _ASPHALT)]
    for x0, x1, y0, y1 in ((6, 9.5, 0.4, 2.1), (-9, -7.6, -2.9, -1.2), (24, 31, -2.7, -1.0)):
        parts.append(floor(x0, x1, y0, y1, 0.002, _PATCH))
    for x in np.arange(_WEST, _EAST - 3, 6):
        parts.append(floor(x, x + 3, -0.02, 0.12, 0.004, WHITE_LINE))
    parts.append(floor(_WEST, _EAST, LANE_LINE - 0.06, LANE_LINE + 0.06, 0.004, WHITE_LINE))
    parts.append(floor(_WEST, _EAST, KERB_SOUTH + 0.18, KERB_SOUTH + 0.30, 0.004, WHITE_LINE))
    parts.append(floor(_WEST, _EAST, KERB_NORTH - 0.20, KERB_NORTH - 0.08, 0.004, YELLOW_LINE))
    for x in 3 + 0.8 * np.arange(12):
        top = KERB_NORTH - 0.25
        parts.append(
            sheet(
                [(x, 3.2, 0.0045), (x + 0.12, 3.2, 0.0045), (x + 1.22, top, 0.0045), (x + 1.1, top, 0.0045)],
                YELLOW_LINE,
            )
        )
    ring = cloth((0.10, 0.10, 0.10))
    for x, y in ((2.5, -1.4), (17, 1.7), (-5, 1.5), (36, -1.6)):
        parts.append(lathe([(0.36, 0.005), (0.33, 0.006), (0.001, 0.006)], _IRON, sides=28, at=(x, y, 0)))
        parts.append(lathe([(0.46, 0.004), (0.36, 0.005)], ring, sides=28, at=(x, y, 0)))
    parts += [floor(x, x + 0.7, KERB_NORTH - 0.42, KERB_NORTH - 0.06, 0.006, _IRON) for x in (-8, 4.5, 19, 33)]
    if layout.stop_line is not None:
        parts += _junction(layout.stop_line)
    return parts


def _junction(x: float) -> list[Model]:
    """Stop line of the westbound lane, the zebra beyond it and the signal; the lamp itself is an actor."""
    parts = [floor(x - 0.4, x, 0.15, LANE_LINE - 0.1, 0.0046, WHITE_LINE)]
    for y in np.arange(KERB_SOUTH + 0.5, KERB_NORTH - 0.5, 0.9):
        parts.append(floor(x - 5.0, x - 1.4, y, y + 0.45, 0.0046, WHITE_LINE))
    post = [(x - 0.6, KERB_NORTH + 0.45, 0), (x - 0.6, KERB_NORTH + 0.45, 5.6), (x - 0.6, 1.0, 5.8)]
    parts.append(tube(post, 0.07, _POLE))
    parts.append(box((x - 0.6, 1.4, 5.35), (0.22, 0.36, 1.0), TRIM, bevel=0.03))
    return parts


def _pavements(layout: Layout) -> list[Model]:
    parts: list[Model] = []
    middle, length = (_WEST + _EAST) / 2, _EAST - _WEST
    for side, kerb, wall, paving in ((1, KERB_NORTH, WALL_NORTH, _PAVING[0]), (-1, KERB_SOUTH, WALL_SOUTH, _PAVING[1])):
        parts.append(box((middle, kerb + side * 0.07, 0.07), (length, 0.14, 0.15), _KERBSTONE))
        low, high = sorted((kerb + side * 0.14, wall))
        parts.append(floor(_WEST, _EAST, low, high, PAVEMENT, paving))
        low, high = sorted((kerb + side * 2.0, kerb + side * 2.3))
        parts.append(floor(_WEST, _EAST, low, high, PAVEMENT + 0.004, _TACTILE))
    for x0, x1, y0, y1 in layout.bays:
        edges = ((x0, x1, y0, y0 + 0.08), (x0, x1, y1 - 0.08, y1), (x0, x0 + 0.08, y0, y1), (x1 - 0.08, x1, y0, y1))
        parts += [
            floor(a, b, c, d, PAVEMENT + 0.006, Paint(colour=(0.7, 0.7, 0.68), rough=0.6)) for a, b, c, d in edges
        ]
    if layout.collection is not None:
        x = layout.collection
        parts.append(
            floor(x - 1.3, x + 1.3, KERB_NORTH + 0.2, KERB_NORTH + 1.3, PAVEMENT + 0.006, cloth((0.10, 0.24, 0.14)))
        )
    return parts


def _trees(layout: Layout) -> list[Model]:
    rng = np.random.default_rng(layout.seed)
    kinds = (tree(6.6, 2.1, 1), tree(7.2, 2.3, 2), tree(6.0, 1.9, 3))
    parts: list[Model] = []
    rows = (
        (KERB_NORTH + 0.85, 0.8, (-19, -28, -37, -47, -58, -70, 18.5, 26, 33, 41, 49, 58, 67, 77)),
        (KERB_SOUTH - 1.1, 0.75, (-18, -29, -40, -52, -66, 19, 28.5, 38, 48, 58, 69, 80)),
    )
    for y, scale, xs in rows:
        for k, x in enumerate(xs):
            at = place((x, y, PAVEMENT), 1.7 * k, scale + 0.25 * rng.random())
            parts.append(kinds[k % 3].moved(at))
            parts.append(floor(x - 0.55, x + 0.55, y - 0.5, y + 0.5, PAVEMENT + 0.01, _SOIL))
    return parts


def lamp_post(height: float = 7.5) -> Model:
    """A street lamp whose arm reaches towards -y."""
    arm = [(0, 0, height - 0.1), (0, -0.9, height + 0.25), (0, -1.8, height + 0.3)]
    parts = [tube([(0, 0, 0), (0, 0, height)], (0.09, 0.06), _POLE, sides=10), tube(arm, 0.04, _POLE)]
    return gather([*parts, box((0, -2.05, height + 0.28), (0.22, 0.6, 0.1), _POLE, bevel=0.03)])


def lamp_heads() -> list[tuple[float, float, float]]:
    """Where the street lamps shine from."""
    north = [(x, KERB_NORTH + 0.5 - 2.05, PAVEMENT + 7.6) for x in _LAMPS_NORTH]
    return north + [(x, KERB_SOUTH - 0.3 + 2.05, PAVEMENT + 7.6) for x in _LAMPS_SOUTH]


def shop_lights() -> list[tuple[float, float, float]]:
    """Where light falls out of the shops onto the pavement."""
    return [(float(x), y, 2.9) for y in (WALL_NORTH - 0.6, WALL_SOUTH + 0.6) for x in range(-4, 60, 9)]


def no_parking_sign(height: float = 2.5) -> Model:
    """The round sign, facing -x."""
    red, blue = Paint(colour=(0.6, 0.02, 0.02), rough=0.4), Paint(colour=(0.02, 0.08, 0.45), rough=0.4)
    parts = [
        tube([(0, 0, 0), (0, 0, height + 0.3)], 0.03, _POLE),
        lathe([(0.32, 0), (0.001, 0)], red, sides=32, axis="x", at=(-0.04, 0, height)),
        lathe([(0.26, 0), (0.001, 0)], blue, sides=32, axis="x", at=(-0.045, 0, height)),
    ]
    bars = [box((-0.05, 0, height), (0.004, 0.54, 0.055), red, turn=(angle, 0, 0)) for angle in (0.785, -0.785)]
    return gather(parts + bars)


def _furniture() -> list[Model]:
    parts = [lamp_post().moved(place((x, KERB_NORTH + 0.5, PAVEMENT))) for x in _LAMPS_NORTH]
    parts += [lamp_post().moved(place((x, KERB_SOUTH - 0.3, PAVEMENT), math.pi)) for x in _LAMPS_SOUTH]
    parts.append(no_parking_sign().moved(place((13.6, KERB_NORTH + 0.35, PAVEMENT))))
    cabinet = Paint(colour=(0.20, 0.26, 0.22), stains=0.4)
    parts.append(box((21.2, KERB_NORTH + 0.7, 0.79), (0.9, 0.45, 1.3), cabinet, bevel=0.02))
    for k in range(5):
        xs = np.linspace(-20, 60, 24)
        sag = 5.5 + k * 0.12 - 0.33 * (1 - ((xs - 8) / 30) ** 2)
        parts.append(tube(np.column_stack([xs, np.full(24, 9.3), sag]), 0.012, TRIM, sides=5))
    return parts


def _houses(seed: int) -> list[Model]:
    north = (
        (-104.0, 8, 3, 1, 6),
        (-69.0, 10, 3, 2, 7),
        (-26.0, 6, 3, 0, 1),
        (-0.5, 5, 4, 1, 2),
        (21.0, 6, 3, 2, 0),
        (47.0, 8, 5, 3, 4),
    )
    south = ((-108.0, 7, 4, 0, 8), (-75.0, 11, 3, 1, 9), (-28.0, 4, 3, 3, 5), (6.0, 6, 3, 1, 3), (33.0, 10, 4, 0, 1))
    parts = [terrace(n, floors, _WALLS[w], seed + s).moved(place((x, WALL_NORTH, 0))) for x, n, floors, w, s in north]
    for x, n, floors, w, s in south:
        parts.append(across(terrace(n, floors, _WALLS[w], seed + s), x + n * BAY, WALL_SOUTH))
    far = ((110, 0, (12.0, 26.0, 26.0), 2), (120, -26, (12.0, 22.0, 34.0), 3), (118, 24, (12.0, 24.0, 30.0), 0))
    parts += [block(x, y, size, _WALLS[w]) for x, y, size, w in far]
    for x, y, size, w in (
        (150, 0, (12.0, 30.0, 24.0), 1),
        (158, -30, (12.0, 24.0, 32.0), 0),
        (156, 28, (12.0, 26.0, 28.0), 3),
    ):
        parts.append(block(x, y, size, _WALLS[w]).moved(place((0, 0, 0), math.pi)))
    return parts


def street(layout: Layout) -> Model:
    """Everything that never moves, as one model. Traffic keeps right: what drives towards +x is at y < 0."""
    ground = floor(-300, 300, -300, 300, -0.03, cloth((0.2, 0.19, 0.17)))
    parts = [ground, *_carriageway(layout), *_pavements(layout), *_trees(layout), *_furniture(), *_houses(layout.seed)]
    parts.append(fallen_leaves(-8, 40, KERB_NORTH, layout.seed))
    return gather(parts)


def signal_lamp(red: bool) -> Model:
    """The shining lamps of a signal head, facing +x: red above or green below."""
    lit = Paint(colour=(1.0, 0.03, 0.02) if red else (0.05, 1.0, 0.25), glow=6.0)
    return lathe([(0.12, 0), (0.001, 0.01)], lit, sides=20, axis="x", at=(0.12, 0, 0.3 if red else -0.3))
