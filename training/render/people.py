"""People: smooth unions of capsules, dressed by which limb a face belongs to."""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from training.render.geometry import Model, box, surface
from training.render.paint import Colour, Paint, cloth
from training.render.surface_nets import surface_nets

STEPS = 8  # pictures of one walking cycle
STRIDE = 1.35  # metres of one cycle
_BLEND = 0.035  # metres over which two limbs melt into each other

Vector = NDArray[np.float64]


class Posture(StrEnum):
    """How somebody holds themselves."""

    WALK = "walk"
    STAND = "stand"
    BEND = "bend"
    SIT = "sit"
    RIDE = "ride"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Looks of one person. Colours are linear RGB; `seed` varies hair, sleeves and stance."""

    top: Colour
    bottom: Colour
    skin: Colour = (0.55, 0.34, 0.24)
    height: float = 1.7
    helmet: Colour | None = None
    apron: Colour | None = None
    handbag: Colour | None = None
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Joints:
    """Radians, left then right: thigh and upper arm forward, knee back, elbow bent; trunk lean; hip in metres."""

    thigh: tuple[float, float]
    knee: tuple[float, float]
    arm: tuple[float, float]
    elbow: tuple[float, float]
    lean: float = 0.0
    hip: float = 0.92


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Limb:
    """A capsule whose radius grows from `ra` at `a` to `rb` at `b`."""

    dress: str
    a: Vector
    b: Vector
    ra: float
    rb: float


def _joints(posture: Posture, phase: float, seed: int) -> _Joints:
    swing, lift = math.sin(phase), 0.55 * math.cos(phase)
    loose = (seed * 0.37) % 1.0
    match posture:
        case Posture.WALK:
            knees = (max(0.0, -lift) + 0.06, max(0.0, lift) + 0.06)
            arms = (-0.40 * swing, 0.40 * swing)
            return _Joints(thigh=(0.42 * swing, -0.42 * swing), knee=knees, arm=arms, elbow=(0.35, 0.35), lean=0.03)
        case Posture.RIDE:
            return _Joints(thigh=(1.25, 1.25), knee=(1.25, 1.25), arm=(0.85, 0.85), elbow=(0.35, 0.35), hip=0.90)
        case Posture.SIT:
            return _Joints(thigh=(1.5, 1.5), knee=(1.5, 1.5), arm=(0.35, 0.45), elbow=(0.9, 0.9), hip=0.52)
        case Posture.BEND:
            return _Joints(thigh=(0.05, -0.05), knee=(0.2, 0.1), arm=(0.9, 0.6), elbow=(0.5, 0.5), lean=0.45)
        case Posture.STAND:
            arms = (0.1 + 0.25 * loose, -0.02)
            return _Joints(thigh=(0.04, -0.05), knee=(0.05, 0.05), arm=arms, elbow=(0.2 + 0.9 * loose, 0.2))


def _swung(angle: float, length: float, sideways: float = 0.0) -> Vector:
    """A bone of `length` hanging down, swung forward by `angle`."""
    return length * np.array([math.sin(angle), sideways, -math.cos(angle)])


def _side(joints: _Joints, side: int, hip: Vector, up: Vector, *, sleeves: bool) -> list[_Limb]:
    """Trunk half, leg and arm of one side; `side` is 1 for left, -1 for right."""
    k, y = (0, np.array([0.0, 1.0, 0.0])) if side > 0 else (1, np.array([0.0, -1.0, 0.0]))
    waist, chest, neck = hip + up * 0.14, hip + up * 0.40, hip + up * 0.56
    knee = hip + y * 0.09 + _swung(joints.thigh[k], 0.43)
    ankle = knee + _swung(joints.thigh[k] - joints.knee[k], 0.42)
    shoulder = neck + y * 0.185 - up * 0.06
    swing = joints.arm[k] + joints.lean
    elbow = shoulder + _swung(swing, 0.28, side * 0.12)
    wrist = elbow + _swung(swing + joints.elbow[k], 0.24, -side * 0.03)
    toe = ankle + np.array([0.14, side * 0.02, -0.045])
    return [
        _Limb(dress="top", a=waist + y * 0.055, b=chest + y * 0.085, ra=0.105, rb=0.115),
        _Limb(dress="top", a=chest + y * 0.08 + up * 0.04, b=neck + y * 0.15 - up * 0.055, ra=0.085, rb=0.06),
        _Limb(dress="bottom", a=hip + y * 0.06, b=waist + y * 0.05 - up * 0.02, ra=0.115, rb=0.105),
        _Limb(dress="bottom", a=hip + y * 0.085 - up * 0.02, b=knee, ra=0.092, rb=0.066),
        _Limb(dress="bottom", a=knee, b=ankle + np.array([0, 0, 0.03]), ra=0.064, rb=0.046),
        _Limb(dress="shoe", a=ankle + np.array([-0.03, 0, -0.035]), b=toe, ra=0.046, rb=0.036),
        _Limb(dress="top", a=shoulder, b=elbow, ra=0.056, rb=0.048),
        _Limb(dress="top" if sleeves else "skin", a=elbow, b=wrist, ra=0.044, rb=0.034),
        _Limb(dress="skin", a=wrist, b=wrist + _swung(swing + joints.elbow[k], 0.08), ra=0.036, rb=0.03),
    ]


def _head(figure: Figure, hip: Vector, up: Vector) -> list[_Limb]:
    neck, head = hip + up * 0.56, hip + up * 0.72 + np.array([0.02, 0, 0])
    ahead = np.array([1.0, 0, 0])
    limbs = [
        _Limb(dress="skin", a=neck - up * 0.04, b=neck + up * 0.08, ra=0.052, rb=0.05),
        _Limb(dress="skin", a=head - up * 0.03 + ahead * 0.015, b=head + up * 0.04, ra=0.078, rb=0.092),
        _Limb(dress="hair", a=head + up * 0.045 - ahead * 0.022, b=head + up * 0.05 - ahead * 0.03, ra=0.1, rb=0.102),
    ]
    if figure.seed % 2:
        limbs.append(_Limb(dress="hair", a=head - ahead * 0.06, b=head - up * 0.13 - ahead * 0.065, ra=0.075, rb=0.06))
    if figure.helmet:
        limbs.append(_Limb(dress="helmet", a=head + up * 0.05, b=head + up * 0.06 - ahead * 0.02, ra=0.128, rb=0.128))
    return limbs


def _fields(limbs: list[_Limb], detail: float, seed: int) -> tuple[dict[str, NDArray[np.float64]], Vector]:
    """Distance to each garment on a grid of `detail` metres, and the grid's origin."""
    ends = np.concatenate([np.stack([limb.a, limb.b]) for limb in limbs])
    low, high = ends.min(0) - 0.2, ends.max(0) + 0.2
    axes = [np.arange(low[k], high[k], detail) for k in range(3)]
    grid = np.stack(np.meshgrid(*axes, indexing="ij"), -1)
    fields: dict[str, NDArray[np.float64]] = {}
    for limb in limbs:
        bone = limb.b - limb.a
        t = np.clip(((grid - limb.a) @ bone) / (bone @ bone + 1e-9), 0, 1)
        away = np.linalg.norm(grid - limb.a - t[..., None] * bone, axis=-1) - (limb.ra + (limb.rb - limb.ra) * t)
        if (before := fields.get(limb.dress)) is not None:
            h = np.clip(0.5 + 0.5 * (away - before) / _BLEND, 0, 1)
            away = away * (1 - h) + before * h - _BLEND * h * (1 - h)
        fields[limb.dress] = away
    x, y, z = (grid[..., k] for k in range(3))
    folds = 0.006 * np.sin(z * 38 + 3 * np.sin(y * 17 + seed)) * np.sin(x * 21 + y * 13)
    return {dress: f + folds if dress in ("top", "bottom") else f for dress, f in fields.items()}, low


def person(figure: Figure, posture: Posture, phase: float = 0.0, *, detail: float = 0.02) -> Model:
    """Somebody who looks towards +x, feet on z = 0 (seat height 0.52 m when sitting, hip 0.90 m when riding).

    Args:
        figure: looks.
        posture: stance.
        phase: radians of the walking cycle.
        detail: metres between samples; smaller is finer and slower.
    """
    joints = _joints(posture, phase, figure.seed)
    hip, up = np.array([0.0, 0.0, joints.hip]), np.array([math.sin(joints.lean), 0.0, math.cos(joints.lean)])
    limbs = [limb for side in (1, -1) for limb in _side(joints, side, hip, up, sleeves=figure.seed % 3 != 0)]
    fields, origin = _fields(limbs + _head(figure, hip, up), detail, figure.seed)
    stacked = np.stack(list(fields.values()))
    vertices, faces = surface_nets(stacked.min(0), origin, detail)
    cell = np.clip(
        ((vertices[faces].mean(1) - origin) / detail).round().astype(int), 0, np.array(stacked.shape[1:]) - 1
    )
    dress = stacked[:, cell[:, 0], cell[:, 1], cell[:, 2]].argmin(0)
    colours: dict[str, Colour] = {
        "top": figure.top,
        "bottom": figure.bottom,
        "skin": figure.skin,
        "hair": (0.012, 0.01, 0.009),
        "shoe": (0.03, 0.03, 0.03) if figure.seed % 4 else (0.5, 0.5, 0.5),
        "helmet": figure.helmet or (1.0, 1.0, 1.0),
    }
    paints: list[Paint] = [cloth(colours[name]) for name in fields]
    if figure.apron:
        paints.append(cloth(figure.apron))
        x, y, z = vertices[faces].mean(1).T
        front = (x > 0.02) & (np.abs(y) < 0.17) & (z > 0.62) & (z < 1.32)
        dress[front & np.isin(dress, [k for k, name in enumerate(fields) if name in ("top", "bottom")])] = len(fields)
    if posture not in (Posture.SIT, Posture.RIDE):
        vertices[:, 2] -= vertices[:, 2].min()
    scale = figure.height / 1.72
    body = surface(vertices * scale, faces, paints, dress, smooth=True)
    if figure.handbag:
        body += box(
            (0, 0.30 * scale, 0.62 * scale), (0.26, 0.1, 0.3), Paint(colour=figure.handbag, rough=0.6), bevel=0.03
        )
    return body
