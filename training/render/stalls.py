"""What street vendors bring: cart, folding table, goods, parasol, stools."""

import itertools
import math

import numpy as np

from training.render.geometry import Model, box, gather, grid_faces, label, lathe, place, surface, tube
from training.render.noise import ball
from training.render.paint import CARDBOARD, STEEL, TRIM, Colour, Paint, cloth
from training.render.vehicles import wheel

FRUIT: tuple[Colour, ...] = (
    (0.45, 0.03, 0.02),
    (0.75, 0.25, 0.02),
    (0.75, 0.55, 0.05),
    (0.15, 0.35, 0.03),
    (0.10, 0.02, 0.08),
    (0.7, 0.33, 0.2),
)
_WOOD = Paint(colour=(0.30, 0.20, 0.10), rough=0.8)
_BLUE_TRAY = Paint(colour=(0.03, 0.12, 0.35))
_STOOL = Paint(colour=(0.5, 0.04, 0.03))
_SHEET_STEEL = Paint(colour=(0.55, 0.56, 0.57), rough=0.28, metal=0.95)
_CART_RED = Paint(colour=(0.5, 0.03, 0.02), rough=0.45)
_SIGN = Paint(colour=(0.9, 0.75, 0.1), rough=0.6)


def tray(width: float, depth: float, seed: int) -> Model:
    """A crate of one kind of fruit, two layers, on z = 0."""
    rng = np.random.default_rng(seed)
    rim = (_WOOD, _BLUE_TRAY)[seed % 2]
    parts = [box((0, 0, 0.01), (width, depth, 0.02), _WOOD)]
    for side in (1, -1):
        parts.append(box((side * width / 2, 0, 0.045), (0.012, depth, 0.09), rim))
        parts.append(box((0, side * depth / 2, 0.045), (width, 0.012, 0.09), rim))
    radius = 0.045 * rng.uniform(0.8, 1.3)
    points, faces = ball(2)
    nx, ny = max(2, int(width / radius / 2.05)), max(2, int(depth / radius / 2.05))
    layered = [(a, b, k) for k in range(2) for a in range(nx - k) for b in range(ny - k)]
    a, b, layer = np.array(layered).T
    pitch = np.stack([1 + 2.03 * (a + layer / 2), 1 + 2.03 * (b + layer / 2), 1 + 1.5 * layer], -1)
    centres = radius * pitch + (-width / 2, -depth / 2, 0.02)
    centres[:, :2] += rng.uniform(-0.1, 0.1, (len(centres), 2)) * radius
    vertices = (points[None] * radius + centres[:, None]).reshape(-1, 3)
    indices = (faces[None] + np.arange(len(centres))[:, None, None] * len(points)).reshape(-1, 3)
    colour = FRUIT[int(rng.integers(len(FRUIT)))]
    return gather([*parts, surface(vertices, indices, Paint(colour=colour, rough=0.4), smooth=True)])


def parasol(colours: tuple[Colour, Colour], *, height: float = 2.35, radius: float = 1.4) -> Model:
    """A market parasol with eight panels in two colours, a hanging rim and a foot."""
    rings, sides = 8, 40
    t = np.linspace(0, 1, rings + 1)[:, None]
    angle = 2 * np.pi * np.arange(sides) / sides
    sag = np.cos(math.pi * ((np.arange(sides) % 5) / 5 - 0.5))
    reach = radius * t * (1 - 0.06 * sag * t)
    z = height - 0.42 * t**1.5 - 0.05 * sag * t**2
    dome = np.stack([reach * np.cos(angle), reach * np.sin(angle), z], -1)
    rim = dome[-1] - np.column_stack([np.zeros((sides, 2)), 0.16 + 0.03 * (np.arange(sides) % 2)])
    vertices = np.concatenate([dome.reshape(-1, 3), rim])
    paint_of = np.tile((np.arange(sides) // 5) % 2, rings + 1)
    cover = surface(
        vertices, grid_faces(rings + 2, sides, wrap=True), tuple(cloth(c) for c in colours), paint_of, smooth=True
    )
    foot = lathe([(0.001, 0), (0.22, 0), (0.2, 0.09), (0.001, 0.1)], Paint(colour=(0.2, 0.2, 0.2), rough=0.8))
    return gather([cover, tube([(0, 0, 0), (0, 0, height + 0.05)], 0.022, STEEL), foot])


def table(colour: Colour, *, length: float = 1.9, depth: float = 0.75, height: float = 0.74) -> Model:
    """A folding table with a cloth that hangs in waves."""
    fabric = cloth(colour)
    parts = [box((0, 0, height), (length, depth, 0.03), fabric)]
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]) * (length / 2, depth / 2)
    edge = np.concatenate([np.linspace(a, b, 16, endpoint=False) for a, b in itertools.pairwise(corners)])
    wave = np.sin(np.arange(len(edge))[:, None] * (2.1, 1.7)) * (0.02, 0.05) + (1.02, 1.04)
    rows = [
        np.column_stack([edge, np.full(64, height + 0.01)]),
        np.column_stack([edge * wave, np.full(64, height - 0.42)]),
    ]
    parts.append(surface(np.concatenate(rows), grid_faces(2, 64, wrap=True), fabric, smooth=True))
    for x in (1, -1):
        for y in (1, -1):
            leg = [
                (x * (length / 2 - 0.1), y * (depth / 2 - 0.08), height),
                (x * (length / 2 - 0.25), y * (depth / 2 - 0.08), 0),
            ]
            parts.append(tube(leg, 0.014, STEEL, sides=6))
    return gather(parts)


def goods(length: float, seed: int, *, height: float = 0.76, depth: float = 0.7) -> Model:
    """Trays of fruit side by side on a table top, more on the ground before it, cartons beside it."""
    count = max(1, int(length / 0.45))
    parts: list[Model] = []
    for k in range(count):
        x = (k + 0.5) * length / count - length / 2
        for row, y in enumerate((-depth / 4, depth / 4)):
            parts.append(tray(length / count * 0.92, depth / 2 * 0.92, seed + 7 * k + row).moved(place((x, y, height))))
        low = tray(0.44, 0.4, seed + 40 + k).moved(place((x, -0.78, 0.18 if k % 2 else 0.0), 0.05 * (k % 3 - 1)))
        parts.append(low)
        if k % 2:
            parts.append(box((x, -0.78, 0.09), (0.4, 0.36, 0.18), CARDBOARD, bevel=0.008))
    for k, (x, y, z) in enumerate(((0.35, -0.35, 0.17), (0.36, 0.05, 0.17), (0.35, -0.25, 0.47))):
        parts.append(box((length / 2 + x, y, z), (0.4, 0.34, 0.3), CARDBOARD, bevel=0.008, turn=0.15 * (k - 1)))
    return gather(parts)


def stool() -> Model:
    """A red plastic stool."""
    return box((0, 0, 0.4), (0.3, 0.3, 0.05), _STOOL, bevel=0.02) + gather(
        [
            tube([(x * 0.12, y * 0.12, 0.4), (x * 0.16, y * 0.16, 0)], 0.022, _STOOL, sides=6)
            for x in (1, -1)
            for y in (1, -1)
        ]
    )


def food_cart() -> Model:
    """A pushed cart for pancakes: steel body, canopy on posts, pans, sauces, gas bottle. Front towards -y."""
    parts = [
        box((0, 0, 0.62), (1.7, 0.85, 0.7), _SHEET_STEEL, bevel=0.02),
        box((0, -0.432, 0.62), (1.66, 0.012, 0.62), _CART_RED),
        box((0, 0, 0.985), (1.8, 0.95, 0.03), _SHEET_STEEL),
        label("鸡蛋灌饼  烤冷面", 0.2, _SIGN, (0, -0.442, 0.66), (math.pi / 2, 0, 0), depth=0.003),
    ]
    for x in (1, -1):
        for y in (1, -1):
            parts.append(tube([(x * 0.8, y * 0.4, 0.97), (x * 0.8, y * 0.4, 2.1)], 0.016, STEEL, sides=6))
            parts.append(wheel(x * 0.5, y * 0.36, 0.24, 0.07))
    roof = [
        (-1.05, -0.75, 2.02),
        (1.05, -0.75, 2.02),
        (1.0, 0, 2.28),
        (-1.0, 0, 2.28),
        (1.05, 0.65, 2.05),
        (-1.05, 0.65, 2.05),
    ]
    rim = [(-1.05, -0.78, 1.82), (1.05, -0.78, 1.82)]
    parts.append(surface(roof + rim, np.array([(0, 1, 2, 3), (3, 2, 4, 5), (6, 7, 1, 0)]), _CART_RED))
    pan = [(0.001, 0), (0.17, 0), (0.19, 0.18), (0.185, 0.18), (0.16, 0.03), (0.001, 0.03)]
    for k, x in enumerate((-0.55, 0, 0.5)):
        parts.append(lathe(pan, _SHEET_STEEL if k == 1 else TRIM, sides=24, at=(x, 0.02, 1.0)))
    jar = [(0.001, 0), (0.035, 0), (0.035, 0.15), (0.012, 0.2), (0.001, 0.2)]
    for k, colour in enumerate(FRUIT[:5]):
        parts.append(lathe(jar, Paint(colour=colour, rough=0.4), sides=10, at=(-0.7 + k * 0.09, -0.32, 1.0)))
    gas = [(0.001, 0), (0.15, 0), (0.16, 0.5), (0.1, 0.58), (0.001, 0.58)]
    parts.append(lathe(gas, Paint(colour=(0.35, 0.37, 0.38)), sides=18, at=(0.6, 0.62, 0.0)))
    parts.append(tube([(-0.9, -0.3, 0.95), (-1.2, -0.3, 1.0), (-1.2, 0.3, 1.0), (-0.9, 0.3, 0.95)], 0.018, STEEL))
    return gather(parts)


def blanket(length: float, seed: int) -> Model:
    """Goods spread on a cloth on the ground: trays, shoes' boxes, small things."""
    rng = np.random.default_rng(seed)
    colour = FRUIT[seed % len(FRUIT)]
    parts = [box((0, 0, 0.008), (length, 1.2, 0.012), cloth((colour[0] * 0.5, colour[1] * 0.5, 0.25)))]
    for k in range(int(length / 0.28)):
        for row in range(3):
            x, y = -length / 2 + 0.16 + 0.28 * k, -0.4 + 0.4 * row
            size = rng.uniform(0.1, 0.22, 3)
            tint = FRUIT[int(rng.integers(len(FRUIT)))] if rng.random() < 0.6 else (0.6, 0.58, 0.55)
            paint = Paint(colour=tint, rough=0.6)
            parts.append(box((x, y, 0.012 + size[2] / 2), size, paint, bevel=0.01, turn=float(rng.uniform(-0.4, 0.4))))
    return gather(parts)


def clothes_rack(length: float, seed: int) -> Model:
    """A rail with clothes on hangers."""
    rng = np.random.default_rng(seed)
    top = 1.65
    parts = [tube([(-length / 2, 0, top), (length / 2, 0, top)], 0.015, STEEL, sides=6)]
    for x in (-length / 2, length / 2):
        parts.append(tube([(x, 0, 0.05), (x, 0, top)], 0.015, STEEL, sides=6))
        parts.append(tube([(x, -0.3, 0.03), (x, 0.3, 0.03)], 0.018, STEEL, sides=6))
    for x in np.arange(-length / 2 + 0.1, length / 2 - 0.05, 0.11):
        tint = tuple(float(v) for v in rng.uniform(0.02, 0.6, 3))
        drop, width = rng.uniform(0.6, 1.05), rng.uniform(0.38, 0.5)
        parts.append(
            box((x, 0, top - 0.08 - drop / 2), (0.05, width, drop), cloth((tint[0], tint[1], tint[2])), bevel=0.02)
        )
    return gather(parts)


def shop_goods(length: float, seed: int) -> Model:
    """What a shop puts before its door: stacked crates and low stands with trays, in a row along x."""
    rng = np.random.default_rng(seed)
    parts: list[Model] = []
    for k, x in enumerate(np.arange(-length / 2 + 0.3, length / 2, 0.6)):
        rows = 1 + int(rng.integers(3))
        for row in range(rows):
            parts.append(tray(0.54, 0.42, seed + 5 * k + row).moved(place((x, -0.22 * row, 0.32 - 0.1 * row + 0.02))))
            parts.append(box((x, -0.22 * row, (0.32 - 0.1 * row) / 2), (0.5, 0.4, 0.32 - 0.1 * row), CARDBOARD))
        if rng.random() < 0.4:
            parts.append(box((x, 0.34, 0.4), (0.5, 0.34, 0.8), CARDBOARD, bevel=0.008))
    return gather(parts)
