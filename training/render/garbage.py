"""What is thrown away: bags, cartons, litter, heaps of them, and bins."""

import math

import numpy as np

from training.render.geometry import Model, box, gather, grid_faces, lathe, place, surface, tube
from training.render.noise import ball, ripples
from training.render.paint import CARDBOARD, TRIM, Colour, Paint
from training.render.vehicles import wheel

_BAGS = {
    "black": Paint(colour=(0.012, 0.012, 0.013), rough=0.28, bumps=(14, 0.35)),
    "white": Paint(colour=(0.72, 0.72, 0.70), rough=0.35, bumps=(14, 0.3)),
    "blue": Paint(colour=(0.16, 0.32, 0.55), rough=0.35, bumps=(14, 0.3)),
    "red": Paint(colour=(0.5, 0.06, 0.05), rough=0.35, bumps=(14, 0.3)),
    "green": Paint(colour=(0.10, 0.35, 0.14), rough=0.35, bumps=(14, 0.3)),
}
_SHREDS = tuple(
    Paint(colour=c, rough=0.6)
    for c in (
        (0.75, 0.75, 0.72),
        (0.5, 0.05, 0.04),
        (0.05, 0.15, 0.4),
        (0.1, 0.35, 0.12),
        (0.7, 0.5, 0.08),
        (0.6, 0.6, 0.62),
    )
)
_BOTTLE = Paint(colour=(0.25, 0.5, 0.35), rough=0.12)


def bag(colour: str, radius: float, seed: int) -> Model:
    """A knotted, slumped plastic bag on z = 0; `radius` in metres, `colour` black, white, blue, red or green."""
    rng = np.random.default_rng(seed)
    points, faces = ball(5)
    bulge, crease = ripples(points, rng, 0.18), ripples(points, rng, 0.6, 4)
    around = np.arctan2(points[:, 1], points[:, 0])
    high = np.clip((points[:, 2] - 0.45) / 0.55, 0, 1)
    reach = (1 + 0.22 * bulge + 0.09 * (1 - np.abs(crease) * 1.6)) * (1 + 0.05 * np.sin(around * 9 + 3 * bulge) * high)
    shape = points * reach[:, None]
    shape[:, 2] *= 0.85 + 0.15 * rng.random()
    shape[:, 0] *= 1 + 0.2 * rng.random()
    neck = np.clip((points[:, 2] - 0.86) / 0.14, 0, 1)
    tip = np.clip((points[:, 2] - 0.985) / 0.015, 0, 1)
    shape[:, :2] *= ((1 - 0.55 * neck) * (1 + 1.2 * tip))[:, None]
    shape[:, 2] += 0.30 * neck**1.5
    shape[:, 2] = np.maximum(shape[:, 2], -0.62 + 0.02 * bulge) + 0.62
    turn = (rng.uniform(-0.2, 0.2), rng.uniform(-0.2, 0.2), rng.uniform(0, 6.28))
    return surface(shape * radius, faces, _BAGS[colour], smooth=True).moved(place((0, 0, 0), turn))


def carton(size: float, seed: int) -> Model:
    """A cardboard box that somebody dropped, one flap open."""
    rng = np.random.default_rng(seed)
    body = box((0, 0, size * 0.31), (size, size * 0.75, size * 0.6), CARDBOARD, bevel=0.008)
    flap = box((size * 0.3, 0, size * 0.66), (size * 0.35, size * 0.7, 0.008), CARDBOARD, turn=(0, -0.7, 0))
    return (body + flap).moved(place((0, 0, 0), (0, rng.uniform(-0.08, 0.08), rng.uniform(0, 6.28))))


def litter(pieces: int, spread: float, seed: int) -> Model:
    """Bottles, cups and crumpled paper on z = 0 within `spread` metres."""
    rng = np.random.default_rng(seed)
    return gather([_shred(rng).moved(place(_within(rng, spread), rng.uniform(0, 6.28))) for _ in range(pieces)])


def _within(rng: np.random.Generator, spread: float) -> tuple[float, float, float]:
    angle, reach = rng.uniform(0, 2 * math.pi), spread * math.sqrt(rng.random())
    return reach * math.cos(angle), 0.7 * reach * math.sin(angle), 0.0


def _shred(rng: np.random.Generator) -> Model:
    kind = rng.random()
    if kind < 0.25:
        bottle = [(0.001, 0), (0.032, 0), (0.034, 0.14), (0.013, 0.19), (0.013, 0.22), (0.001, 0.22)]
        return lathe(bottle, _BOTTLE, sides=10, axis="x", at=(0, 0, 0.035))
    paint = _SHREDS[int(rng.integers(len(_SHREDS)))]
    if kind < 0.4:
        cup = lathe([(0.001, 0), (0.03, 0), (0.042, 0.1)], paint, sides=12)
        return cup.moved(place((0, 0, 0.04), (1.57, 0, 0)))
    grid = np.stack(np.meshgrid(np.linspace(-0.15, 0.15, 4), np.linspace(-0.11, 0.11, 4), indexing="ij"), -1).reshape(
        -1, 2
    )
    height = 0.008 + np.abs(rng.normal(0, 0.03, 16))
    flat = np.column_stack([grid + rng.uniform(-0.03, 0.03, (16, 2)), height])
    return surface(flat, grid_faces(4, 4), paint, smooth=True)


def load(seed: int, *, bags: int = 5, spread: float = 0.45, height: float = 0.25) -> Model:
    """What one person puts down at once: a few bags, some on top of others, and loose litter."""
    rng = np.random.default_rng(seed)
    colours = ("black", "white", "white", "blue", "red", "white", "black", "white", "green")
    parts = [litter(bags * 3, spread * 1.6, seed)]
    for k in range(bags):
        colour = colours[int(rng.integers(len(colours)))]
        radius = rng.uniform(0.22, 0.32) if colour == "black" else rng.uniform(0.15, 0.25)
        x, y, _ = _within(rng, spread * (1.0 if k < bags * 0.6 else 0.45))
        z = 0.0 if k < bags * 0.6 else height
        parts.append(bag(colour, radius, seed * 31 + k).moved(place((x, y, z))))
    return gather(parts)


def bin_body(colour: Colour, *, overflowing: bool = False, seed: int = 2) -> Model:
    """A wheeled bin of 240 litres, front towards +x, lid shut or thrown back over bags that stick out."""
    plastic = Paint(colour=colour, rough=0.45)
    rings = [(0.06, 0.20, 0.24), (0.10, 0.215, 0.25), (0.92, 0.29, 0.285), (0.93, 0.315, 0.31), (0.99, 0.315, 0.31)]
    angle = 2 * np.pi * np.arange(24) / 24 + np.pi / 24
    c, s = np.cos(angle), np.sin(angle)
    square = (np.abs(c) ** 6 + np.abs(s) ** 6) ** (-1 / 6)
    vertices = np.concatenate([np.stack([sx * square * c, sy * square * s, np.full(24, z)], -1) for z, sx, sy in rings])
    parts = [surface(vertices, [grid_faces(5, 24, wrap=True), np.arange(24)[None, ::-1]], plastic, smooth=True)]
    parts += [wheel(-0.26, side * 0.2, 0.1, 0.05) for side in (1, -1)]
    parts.append(
        tube([(-0.33, -0.2, 0.97), (-0.40, -0.2, 0.98), (-0.40, 0.2, 0.98), (-0.33, 0.2, 0.97)], 0.018, plastic)
    )
    parts.append(box((0.262, 0, 0.62), (0.01, 0.22, 0.22), _SHREDS[0], turn=(0, 0.09, 0)))
    if overflowing:
        parts.append(box((-0.40, 0, 0.72), (0.05, 0.6, 0.58), plastic, bevel=0.02, turn=(0, -0.12, 0)))
        for k, (colour_name, r, at) in enumerate(
            (("black", 0.27, (0.02, 0.04, 0.80)), ("white", 0.2, (0.1, -0.14, 0.95)), ("red", 0.15, (-0.1, 0.14, 1.05)))
        ):
            parts.append(bag(colour_name, r, seed + k).moved(place(at)))
    else:
        parts.append(box((0, 0, 1.015), (0.68, 0.64, 0.05), plastic, bevel=0.022))
        parts.append(box((0, 0, 1.045), (0.5, 0.46, 0.03), TRIM, bevel=0.012))
    return gather(parts)
