"""The shell of a car or bus: one lofted surface whose faces are painted by where they lie."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.render.geometry import Model, Points, surface
from training.render.paint import CAR_GLASS, TRIM, Paint

Curve = tuple[tuple[float, float], ...]  # (x, z) in metres, x rising
Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

LACQUER, GLASS, BLACK, HEADLAMP, TAILLAMP, BRIGHT = range(6)
_SEGMENTS = (
    1,
    1,
    4,
    8,
    8,
    3,
    2,
    16,
    4,
    6,
    5,
)  # faces between two guide points, from the keel to the middle of the roof
_SIDE_GLASS, _ROOF = 7, 8  # segments: between belt and roof edge; all above it


@dataclass(frozen=True, slots=True, kw_only=True)
class CarShape:
    """Proportions of one body, metres, x = 0 in the middle, nose at +x.

    Attributes:
        length, width: outer size without mirrors.
        clearance: height of the sill.
        corner: exponent of the superellipse seen from above; higher is boxier.
        soften: how much the side view is rounded.
        lean: how far the side windows lean in, per metre of height.
        top: side view of bonnet, windscreen, roof and boot.
        belt: lower edge of the side windows.
        windscreen, rear_window, side_glass: x from, x to.
        pillars: x of the posts between the side windows; the first two are the doors'.
        axles: x of the wheels.
        wheel: radius.
    """

    length: float
    width: float
    clearance: float
    corner: float
    soften: float
    lean: float
    top: Curve
    belt: Curve
    windscreen: tuple[float, float]
    rear_window: tuple[float, float]
    side_glass: tuple[float, float]
    pillars: tuple[float, ...]
    axles: tuple[float, float]
    wheel: float

    def belt_at(self, x: float) -> float:
        """Height of the lower window edge at x."""
        return float(np.interp(x, *_columns(self.belt)))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Skin:
    """The lofted quads and, for the middle of each, where it lies."""

    vertices: Points
    faces: NDArray[np.int64]
    x: Array
    y: Array
    z: Array
    segment: NDArray[np.int64]
    top: Array
    belt: Array
    half: Array
    roof_half: Array


def _columns(curve: Curve) -> tuple[Array, Array]:
    points = np.array(curve)
    return points[:, 0], points[:, 1]


def _softened(curve: Curve, xs: Array, sigma: float) -> Array:
    """The curve at `xs`, convolved with a Gaussian of `sigma` metres."""
    dense = np.linspace(curve[0][0], curve[-1][0], 1200)
    height = np.interp(dense, *_columns(curve))
    step = dense[1] - dense[0]
    reach = max(1, int(3 * sigma / step))
    kernel = np.exp(-((np.arange(-reach, reach + 1) * step) ** 2) / (2 * sigma**2))
    padded = np.pad(height, reach, mode="edge")
    rounded = np.lib.stride_tricks.sliding_window_view(padded, len(kernel)) @ (kernel / kernel.sum())
    return np.interp(xs, dense, rounded)


def _stations(shape: CarShape) -> Array:
    """Relative positions -1..1 along the car: even in the middle, crowded towards the rounded ends."""
    ends = 1 - np.logspace(-3.6, -1.6, 12)
    middle = np.linspace(-0.975, 0.975, int(shape.length * 38))
    return np.unique(np.concatenate([middle, ends, -ends, [-1.0, 1.0]]))


def _half_sections(shape: CarShape, s: Array, top: Array, belt: Array) -> tuple[Array, Array, Array, Array]:
    """Y and z of the right half of every section, (points, stations); and the half widths at belt and roof."""
    ends = np.abs(s)
    half = shape.width / 2 * np.maximum(1 - ends**shape.corner, 0) ** (1 / shape.corner) * (1 - 0.05 * ends**3)
    keel = shape.clearance + 0.10 * np.clip((ends - 0.9) / 0.1, 0, 1) ** 2
    cabin = top - belt
    roof = np.maximum(half - shape.lean * cabin, 0.5 * half)
    d = np.clip(cabin / 0.3, 0, 1)
    guides = [
        (0 * half, keel),
        (0.86 * half, keel),
        (0.95 * half, keel + 0.05),
        (half * 0.99, keel + 0.16),
        (half, keel + 0.5 * (belt - keel)),
        (half * 0.995, belt - 0.10),
        (half * 0.985, belt - 0.04),
        (half * 0.955, belt),
        (roof * (0.93 + 0.04 * d), top - 0.012 - 0.043 * d),
        (roof * 0.90, top - 0.018 * d),
        (roof * 0.5, top + 0.018),
        (0 * roof, top + 0.028),
    ]
    y, z = (np.stack([guide[k] for guide in guides]) for k in (0, 1))
    knots = np.cumsum((0, *_SEGMENTS))
    fine = np.arange(knots[-1] + 1)
    low = np.clip(np.searchsorted(knots, fine, side="right") - 1, 0, len(_SEGMENTS) - 1)
    t = ((fine - knots[low]) / np.array(_SEGMENTS)[low])[:, None]
    y, z = y[low] * (1 - t) + y[low + 1] * t, z[low] * (1 - t) + z[low + 1] * t
    for _ in range(2):
        y[2:-1] = (y[1:-2] + 2 * y[2:-1] + y[3:]) / 4
        z[2:-1] = (z[1:-2] + 2 * z[2:-1] + z[3:]) / 4
    return y, z, half, roof


def _loft(shape: CarShape) -> _Skin:
    s = _stations(shape)
    xs = s * shape.length / 2
    top = _softened(shape.top, xs, shape.soften)
    belt = np.minimum(_softened(shape.belt, xs, 0.1), top - 0.035)
    y, z, half, roof = _half_sections(shape, s, top, belt)
    rows = len(y)
    ring_y, ring_z = np.concatenate([y, -y[-2:0:-1]]), np.concatenate([z, z[-2:0:-1]])
    rings, columns = ring_y.shape
    vertices = np.stack([np.broadcast_to(xs, ring_y.shape), ring_y, ring_z], -1).reshape(-1, 3)
    index = np.arange(rings * columns).reshape(rings, columns)
    below = np.roll(index, -1, axis=0)
    faces = np.stack([below[:, :-1], below[:, 1:], index[:, 1:], index[:, :-1]], -1).reshape(-1, 4)
    x, fy, fz = vertices[faces].mean(1).T
    ring = np.repeat(np.arange(rings), columns - 1)
    row = np.minimum(np.minimum(ring, rings - 1 - ring), rows - 2)
    return _Skin(
        vertices=vertices,
        faces=faces,
        x=x,
        y=fy,
        z=fz,
        segment=np.repeat(np.arange(len(_SEGMENTS)), _SEGMENTS)[row],
        top=np.interp(x, xs, top),
        belt=np.interp(x, xs, belt),
        half=np.interp(x, xs, half),
        roof_half=np.interp(x, xs, roof),
    )


def _glass(skin: _Skin, shape: CarShape, index: NDArray[np.int32]) -> None:
    between = (skin.z > skin.belt + 0.035) & (skin.z < skin.top - 0.095)
    along = (skin.x > shape.side_glass[0]) & (skin.x < shape.side_glass[1])
    side = between & along & (skin.top - skin.belt > 0.17) & (skin.segment == _SIDE_GLASS)
    index[side] = GLASS
    for x in shape.pillars:
        index[side & (np.abs(skin.x - x) < 0.037)] = BLACK
    roof, across = skin.segment >= _ROOF, np.abs(skin.y)
    front, back = shape.windscreen, shape.rear_window
    index[roof & (skin.x > front[0]) & (skin.x < front[1]) & (across < skin.roof_half * 0.93)] = GLASS
    index[roof & (skin.x > back[0]) & (skin.x < back[1]) & (across < skin.roof_half * 0.90)] = GLASS


def _lamps(skin: _Skin, shape: CarShape, index: NDArray[np.int32]) -> None:
    nose, half = shape.length / 2, shape.width / 2
    across, ahead = np.abs(skin.y), nose - skin.x
    bonnet = float(np.interp(nose - 0.12, skin.x[np.argsort(skin.x)], skin.top[np.argsort(skin.x)]))
    tail = shape.belt[0][1]
    lamp = (ahead < 0.40) & (skin.z < bonnet - 0.03 + 0.05 * ahead) & (skin.z > bonnet - 0.20 + 0.3 * ahead)
    index[lamp & (across > 0.56 * half)] = HEADLAMP
    grille = (ahead < 0.14) & (across < 0.52 * half) & (skin.z > bonnet - 0.22) & (skin.z < bonnet - 0.06)
    lip = (ahead < 0.2) & (across < 0.62 * half) & (np.abs(skin.z - shape.clearance - 0.16) < 0.06)
    index[grille | lip] = BLACK
    behind = skin.x + nose
    if shape.corner > 12:  # a van: upright lamps at the corners
        index[(behind < 0.12) & (across > 0.86 * half) & (skin.z > 0.75) & (skin.z < 1.05)] = TAILLAMP
    else:
        index[(behind < 0.30) & (across > 0.52 * half) & (skin.z > tail - 0.17) & (skin.z < tail - 0.02)] = TAILLAMP


def _seams(skin: _Skin, shape: CarShape, index: NDArray[np.int32]) -> None:
    """Bumpers, sills, door gaps, handles, boot lid: what makes a lump of lacquer a car."""
    across, behind = np.abs(skin.y), skin.x + shape.length / 2
    sill, tail = shape.clearance, shape.belt[0][1]
    plain = index == LACQUER
    black = (behind < 0.2) & (skin.z < sill + 0.22) | (skin.z < sill + 0.075)
    doors = (shape.side_glass[1] - 0.12, shape.pillars[0], shape.pillars[1] - 0.12)
    for x in doors:
        black |= (
            (np.abs(skin.x - x) < 0.011) & (skin.z > sill + 0.13) & (skin.z < skin.belt) & (across > 0.7 * skin.half)
        )
    rear = behind < 0.28
    black |= rear & (np.abs(skin.z - sill - 0.36) < 0.011)
    black |= rear & (np.abs(across - 0.25 * shape.width) < 0.010) & (skin.z > sill + 0.36) & (skin.z < tail)
    black |= rear & (across < 0.30) & (skin.z > sill + 0.36) & (skin.z < sill + 0.60)
    bonnet = (skin.x > shape.windscreen[1]) & (skin.x < shape.length / 2 - 0.25) & (skin.z > skin.belt)
    black |= bonnet & (np.abs(across - 0.37 * shape.width) < 0.009)
    index[plain & black] = BLACK
    handle = np.zeros(len(index), bool)
    for x in (shape.pillars[0] + 0.16, shape.pillars[0] - 0.78):
        handle |= (np.abs(skin.x - x) < 0.09) & (np.abs(skin.z - skin.belt + 0.10) < 0.02) & (across > 0.8 * skin.half)
    index[plain & handle & ~black] = BRIGHT


def _bus(skin: _Skin, shape: CarShape, index: NDArray[np.int32]) -> None:
    """Front and rear panes, lamps, doors on the kerb side, a light band along the flank."""
    nose, across = shape.length / 2, np.abs(skin.y)
    ahead, behind = nose - skin.x, skin.x + nose
    index[(np.abs(skin.z - 0.95) < 0.13) & (index == LACQUER) & (across > 0.8)] = BRIGHT
    index[(ahead < 0.16) & (skin.z > 1.15) & (skin.z < 2.62)] = GLASS
    index[(ahead < 0.16) & (skin.z >= 2.66) & (skin.z < 2.92) & (across < 1.0)] = BLACK
    index[(behind < 0.16) & (skin.z > 1.75) & (skin.z < 2.5) & (across < 1.05)] = GLASS
    index[(ahead < 0.3) & (across > 0.75) & (skin.z > 0.6) & (skin.z < 0.84)] = HEADLAMP
    index[(behind < 0.2) & (across > 1.0) & (skin.z > 0.8) & (skin.z < 1.3)] = TAILLAMP
    index[skin.z < 0.36] = BLACK
    for x in (4.45, 0.6):
        door = (np.abs(skin.x - x) < 0.55) & (skin.y < -1.0) & (skin.z > 0.45) & (skin.z < 2.5)
        index[door] = GLASS
        index[door & ((np.abs(skin.x - x) < 0.03) | (np.abs(np.abs(skin.x - x) - 0.53) < 0.03))] = BLACK


def shell(shape: CarShape, lacquer: Paint, lights: tuple[Paint, Paint], *, bus: bool = False) -> Model:
    """The painted body with wheel arches cut out.

    Args:
        shape: proportions.
        lacquer: colour of the body.
        lights: material of the head lamps and of the tail lamps.
        bus: paint it as a bus.
    """
    skin = _loft(shape)
    index = np.zeros(len(skin.faces), np.int32)
    _glass(skin, shape, index)
    if bus:
        _bus(skin, shape, index)
    else:
        _lamps(skin, shape, index)
        _seams(skin, shape, index)
    keep: Mask = np.ones(len(index), bool)
    for axle in shape.axles:
        arch = (skin.x - axle) ** 2 + (skin.z - shape.wheel) ** 2 < (shape.wheel + 0.065) ** 2
        keep &= ~(arch & (np.abs(skin.y) > 0.5 * skin.half))
    bright = (
        Paint(colour=(0.75, 0.75, 0.73), rough=0.35) if bus else Paint(colour=(0.6, 0.6, 0.6), rough=0.2, metal=0.9)
    )
    paints = (lacquer, CAR_GLASS, TRIM, *lights, bright)
    return surface(skin.vertices, skin.faces[keep], paints, index[keep], smooth=True)
