"""Rows of shops with flats above them. Names on the signs are invented."""

import math
from dataclasses import dataclass

import numpy as np

from training.render.geometry import Model, box, gather, label, lathe, place, sheet, surface, tube
from training.render.paint import CONCRETE, SHOP_GLASS, TRIM, Colour, Paint, cloth
from training.render.stalls import FRUIT

BAY = 4.2  # metres of one shop front
_GROUND, _STOREY = 3.7, 3.1  # metres
_ALUMINIUM = Paint(colour=(0.30, 0.31, 0.32), rough=0.35, metal=0.7)
_ROLLER = Paint(colour=(0.36, 0.38, 0.40), rough=0.45, metal=0.5, stains=0.4)
_INSIDE = Paint(colour=(0.55, 0.52, 0.46), rough=0.8)
_CEILING_LIGHT = Paint(colour=(1.0, 0.88, 0.7), glow=5.0)
_PANE = Paint(colour=(0.02, 0.025, 0.03), rough=0.05, specular=0.9)
_CURTAIN = cloth((0.45, 0.42, 0.36))
_UPRIGHT = (math.pi / 2, 0.0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """One invented shop: name, second line, colours of the board and of the letters."""

    name: str
    line: str
    board: Colour
    letters: Colour


SHOPS = (
    Shop(name="顺意五金建材", line="SHUNYI HARDWARE", board=(0.02, 0.10, 0.40), letters=(0.95, 0.9, 0.8)),
    Shop(name="果漾鲜果", line="FRESH FRUIT", board=(0.03, 0.30, 0.08), letters=(0.95, 0.95, 0.85)),
    Shop(name="巷口面馆", line="NOODLES", board=(0.45, 0.02, 0.015), letters=(0.95, 0.75, 0.15)),
    Shop(name="康宁里大药房", line="PHARMACY", board=(0.02, 0.32, 0.22), letters=(0.95, 0.95, 0.95)),
    Shop(name="便利小站 24H", line="MINI MART", board=(0.75, 0.72, 0.66), letters=(0.75, 0.05, 0.03)),
    Shop(name="青丝美发", line="HAIR", board=(0.03, 0.03, 0.035), letters=(0.85, 0.8, 0.7)),
    Shop(name="老周家电维修", line="REPAIRS", board=(0.55, 0.30, 0.02), letters=(0.95, 0.95, 0.9)),
    Shop(name="墨方图文", line="PRINT & PAPER", board=(0.25, 0.03, 0.20), letters=(0.95, 0.9, 0.9)),
    Shop(name="云岭茶行", line="TEA", board=(0.08, 0.18, 0.05), letters=(0.9, 0.8, 0.5)),
)


def _board(shop: Shop, x: float) -> Model:
    z = _GROUND - 0.42
    parts = [
        box((x, -0.12, z), (BAY - 0.12, 0.3, 0.92), Paint(colour=shop.board, rough=0.45), bevel=0.02),
        box((x, -0.10, z), (BAY - 0.06, 0.24, 0.98), _ALUMINIUM),
        label(shop.name, 0.60, Paint(colour=shop.letters), (x, -0.285, z + 0.09), _UPRIGHT, depth=0.015),
        label(shop.line, 0.17, Paint(colour=shop.letters), (x, -0.280, z - 0.34), _UPRIGHT),
    ]
    return gather(parts)


def _shutter(x: float, width: float) -> Model:
    rows = np.arange(41)
    z, y = rows / 40 * (_GROUND - 0.9), 0.22 + 0.025 * (rows % 2)
    left = np.column_stack([np.full(41, x - width / 2), y, z])
    vertices = np.stack([left, left + np.array([width, 0, 0])], 1).reshape(-1, 3)
    k = 2 * rows[:-1]
    return surface(vertices, np.stack([k, k + 1, k + 3, k + 2], -1), _ROLLER)


def _shelves(x: float, width: float, rng: np.random.Generator) -> Model:
    board = Paint(colour=(0.5, 0.5, 0.48), rough=0.6)
    parts = [box((x, 3.6, 0.55), (width * 0.5, 0.6, 1.0), Paint(colour=(0.3, 0.2, 0.12)))]
    plain: tuple[Colour, ...] = ((0.7, 0.7, 0.7), (0.03, 0.12, 0.4), (0.5, 0.05, 0.04), (0.05, 0.05, 0.06))
    palette = (*FRUIT, *plain)
    for side in (-1, 1):
        for z in (0.5, 1.1, 1.7):
            parts.append(box((x + side * width * 0.36, 2.4, z), (0.5, 3.4, 0.03), board))
            for k in range(9):
                tall = rng.uniform(0.15, 0.4)
                at = (x + side * width * 0.36, 0.9 + k * 0.36, z + tall / 2 + 0.015)
                parts.append(box(at, (0.42, 0.26, tall), Paint(colour=palette[int(rng.integers(len(palette)))])))
    return gather(parts)


def _window_front(x: float, width: float, rng: np.random.Generator) -> Model:
    top = _GROUND - 0.9
    left, right = x - width / 2, x + width / 2
    parts = [
        sheet([(left, 0.3, 0.3), (right, 0.3, 0.3), (right, 0.3, top), (left, 0.3, top)], SHOP_GLASS),
        box((x, 0.3, 0.15), (width, 0.14, 0.3), CONCRETE),
    ]
    parts += [box((x + t * width, 0.29, top / 2), (0.06, 0.08, top), _ALUMINIUM) for t in (-0.5, -0.18, 0.18, 0.5)]
    parts += [box((x, 0.29, z), (width, 0.08, 0.06), _ALUMINIUM) for z in (0.32, 2.2, top)]
    if rng.random() < 0.7:
        colours: tuple[Colour, ...] = ((0.6, 0.1, 0.08), (0.7, 0.6, 0.1), (0.1, 0.3, 0.5), (0.7, 0.7, 0.68))
        paint = Paint(colour=colours[int(rng.integers(4))])
        parts.append(box((x - width * 0.34, 0.27, 1.25), (width * 0.26, 0.01, 0.9), paint))
    return gather(parts)


def _awning(x: float, width: float, rng: np.random.Generator) -> Model:
    colours: tuple[Colour, ...] = ((0.03, 0.22, 0.10), (0.45, 0.05, 0.04), (0.04, 0.10, 0.35), (0.45, 0.30, 0.06))
    out, top = rng.uniform(1.0, 1.5), _GROUND - 0.95
    xs = np.linspace(x - width / 2, x + width / 2, 15)
    hem = top - 0.74 - 0.05 * (np.arange(15) % 2)
    back, front = (
        np.column_stack([xs, np.full(15, -0.05), np.full(15, top)]),
        np.column_stack([xs, np.full(15, -out)] * 1),
    )
    front = np.column_stack([front, np.full(15, top - 0.55)])
    rim = np.column_stack([xs, np.full(15, -out - 0.01), hem])
    vertices = np.concatenate([back, front, rim])
    k = np.arange(14)
    faces = np.concatenate([np.stack([k + r, k + 1 + r, k + 16 + r, k + 15 + r], -1) for r in (0, 15)])
    paints = (cloth(colours[int(rng.integers(4))]), cloth((0.70, 0.68, 0.62)))
    return surface(vertices, faces, paints, np.concatenate([k % 2, k % 2]))


def shop_front(shop: Shop, x: float, rng: np.random.Generator) -> Model:
    """One bay: sign, then a shutter, a glass front or an open room with shelves; sometimes an awning."""
    width = BAY - 0.45
    kind = ("glass", "glass", "open", "shutter")[int(rng.integers(4))]
    parts = [_board(shop, x), box((x - BAY / 2, 2.4, _GROUND / 2), (0.1, 4.4, _GROUND), _INSIDE)]
    if kind == "shutter":
        parts.append(_shutter(x, width))
    else:
        parts.append(box((x, 2.2, _GROUND - 0.32), (width * 0.8, 0.3, 0.04), _CEILING_LIGHT))
        parts.append(_shelves(x, width, rng))
        if kind == "glass":
            parts.append(_window_front(x, width, rng))
    if rng.random() < 0.5:
        parts.append(_awning(x, width, rng))
    return gather(parts)


def _flat_window(x: float, z: float, rng: np.random.Generator) -> Model:
    parts = [box((x, 0.2, z), (1.5, 0.12, 1.6), _ALUMINIUM), box((x, 0.08, z - 0.85), (1.7, 0.28, 0.08), CONCRETE)]
    parts += [box((x + side * 0.37, 0.15, z), (0.66, 0.06, 1.48), _PANE) for side in (-1, 1)]
    if rng.random() < 0.5:
        parts.append(box((x + (0.5, -0.5)[int(rng.integers(2))], 0.113, z), (0.4, 0.012, 1.46), _CURTAIN))
    if rng.random() < 0.55:
        parts.append(
            box((x, -0.12, z - 1.2), (0.85, 0.34, 0.58), Paint(colour=(0.55, 0.55, 0.52), rough=0.6), bevel=0.015)
        )
        parts.append(lathe([(0.001, 0), (0.2, 0)], TRIM, sides=20, axis="y", at=(x - 0.12, -0.295, z - 1.2)))
    if rng.random() < 0.3:
        for k in range(8):
            bar = x - 0.75 + k * 0.214
            parts.append(tube([(bar, -0.3, z - 0.8), (bar, -0.3, z + 0.75)], 0.012, _ALUMINIUM, sides=5))
        for level in (z - 0.8, z, z + 0.75):
            parts.append(tube([(x - 0.78, -0.3, level), (x + 0.78, -0.3, level)], 0.014, _ALUMINIUM, sides=5))
        washing: tuple[Colour, ...] = (
            (0.5, 0.1, 0.1),
            (0.1, 0.2, 0.5),
            (0.6, 0.6, 0.6),
            (0.1, 0.1, 0.12),
            (0.5, 0.45, 0.2),
        )
        for k in range(4):
            paint = cloth(washing[int(rng.integers(5))])
            parts.append(box((x - 0.5 + k * 0.33, -0.2, z - 0.25), (0.26, 0.03, 0.8), paint))
    return gather(parts)


def terrace(bays: int, floors: int, wall: Paint, seed: int) -> Model:
    """A row of shops along +x from x = 0, front at y = 0 facing -y.

    Args:
        bays: shops in the row, `BAY` metres each.
        floors: storeys above the shops.
        wall: material of the upper floors.
        seed: picks shops, shutters, awnings, washing.
    """
    rng = np.random.default_rng(seed)
    width, top = bays * BAY, _GROUND + floors * _STOREY
    pier = Paint(colour=((0.42, 0.38, 0.33), (0.30, 0.29, 0.28), (0.5, 0.48, 0.45))[seed % 3], rough=0.7, stains=0.5)
    middle = width / 2
    parts = [
        box((middle, 4.2, (_GROUND + top) / 2), (width, 8, top - _GROUND), wall),
        box((middle, 0.15, top + 0.35), (width + 0.2, 0.3, 0.7), CONCRETE),
        box((middle, 0.1, _GROUND - 0.02), (width, 0.5, 0.18), CONCRETE),
        box((middle, 4.6, _GROUND / 2), (width, 0.2, _GROUND), _INSIDE),
        box((middle, 2.4, 0.08), (width, 4.4, 0.04), Paint(colour=(0.35, 0.33, 0.3))),
        box((middle, 2.4, _GROUND - 0.25), (width, 4.4, 0.04), Paint(colour=(0.7, 0.7, 0.68), rough=0.8)),
    ]
    for k in range(bays + 1):
        x = min(max(k * BAY, 0.15), width - 0.15)
        parts.append(box((x, 0.25, _GROUND / 2), (0.45, 0.5, _GROUND), pier))
    for k in range(bays):
        parts.append(shop_front(SHOPS[(seed * 4 + k) % len(SHOPS)], (k + 0.5) * BAY, rng))
        for floor in range(floors):
            z = _GROUND + floor * _STOREY + 1.55
            parts += [_flat_window((k + 0.5 + t) * BAY, z, rng) for t in (-0.25, 0.25)]
    for x in (0.3, width - 0.3):
        parts.append(tube([(x, 0.1, 0), (x, 0.1, top)], 0.05, Paint(colour=(0.5, 0.48, 0.43), rough=0.7)))
    return gather(parts)


def block(x: float, y: float, size: tuple[float, float, float], wall: Paint) -> Model:
    """A distant house that closes the view: a box with windows towards -x."""
    deep, wide, high = size
    parts = [box((x, y, high / 2), size, wall)]
    for floor in range(int(high / 3.2)):
        for column in range(int(wide / 3)):
            at = (x - deep / 2 - 0.03, y - wide / 2 + 1.5 + 3 * column, 2 + 3.2 * floor)
            parts.append(box(at, (0.1, 1.7, 1.7), _PANE))
    return gather(parts)


def across(model: Model, x: float, y: float) -> Model:
    """Turn a terrace so that it faces +y, its last bay ending at x."""
    return model.moved(place((x, y, 0), math.pi))
