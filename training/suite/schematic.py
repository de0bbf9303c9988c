"""Schematic pictures of a scenario: every object a textured silhouette in its exact place. Milliseconds, no Blender.

They carry what the gate, the registration and the appearance of stays need; no detector is asked to recognise them.
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from inference.frame import ImageBGR
from training.render.camera import Camera
from training.render.cast import Player
from training.render.clip import camera_of
from training.render.geometry import apply
from training.render.scenario import Scenario
from training.render.weather import conditioned

_SCENERY = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One picture, and how far the mast had swayed to the right and down, pixels."""

    picture: ImageBGR
    sway: tuple[float, float]


class Schematic:
    """Draws a scenario, farther things first."""

    def __init__(self, scenario: Scenario, players: list[Player]) -> None:
        self._scenario, self._players, self._camera = scenario, players, camera_of(scenario)
        self._scenery = _texture(_SCENERY, self._camera.width, self._camera.height, 60, 190)

    def look(self, at: float) -> Look:
        """The picture at a second of the clip."""
        canvas = self._scenery.copy()
        shown = [p for p in self._players if p.present(at)]
        for player in sorted(shown, key=lambda p: -_distance(self._camera, p, at)):
            self._draw(canvas, player, at)
        conditions = self._scenario.conditions
        rng = np.random.default_rng((self._scenario.seed, round(at * 100)))
        dx, dy = rng.normal(0, conditions.shake * self._camera.width, 2)
        if conditions.shake:
            matrix = np.array([[1, 0, dx], [0, 1, dy]], np.float64)
            size = (self._camera.width, self._camera.height)
            canvas = np.asarray(cv2.warpAffine(canvas, matrix, size, borderMode=cv2.BORDER_REFLECT), np.uint8)
        lit = conditioned(canvas, conditions, at, rng).astype(np.float32)
        lit += rng.normal(0, 2.5, lit.shape[:2]).astype(np.float32)[..., None]
        return Look(picture=np.clip(lit, 0, 255).astype(np.uint8), sway=(float(dx), float(dy)))

    def _draw(self, canvas: ImageBGR, player: Player, at: float) -> None:
        pixels, ahead = self._camera.project(apply(player.matrix(at), player.points(player.variant(at))))
        if not ahead.all():
            return
        hull = cv2.convexHull(np.rint(pixels).astype(np.int32))
        x, y, w, h = cv2.boundingRect(hull)
        left, top = max(0, x), max(0, y)
        right, bottom = min(self._camera.width, x + w), min(self._camera.height, y + h)
        if right - left < 2 or bottom - top < 2 or w > 4000 or h > 4000:
            return
        seed = int(hashlib.sha256(player.actor.id.encode()).hexdigest()[:8], 16)
        patch = np.asarray(cv2.resize(_cloth(seed), (w, h), interpolation=cv2.INTER_LINEAR), np.uint8)
        mask = np.zeros((h, w), np.uint8)
        cv2.fillConvexPoly(mask, hull - np.array([x, y], np.int32), 255)
        inner = slice(top - y, bottom - y), slice(left - x, right - x)
        region = canvas[top:bottom, left:right]
        region[mask[inner] > 0] = patch[inner][mask[inner] > 0]


def _distance(camera: Camera, player: Player, at: float) -> float:
    return float(np.linalg.norm(player.matrix(at)[:3, 3] - camera.at))


@lru_cache(maxsize=256)
def _cloth(seed: int) -> ImageBGR:
    return _texture(seed, 96, 96, 0, 256)


@lru_cache(maxsize=8)
def _texture(seed: int, width: int, height: int, low: int, high: int) -> ImageBGR:
    rng = np.random.default_rng(seed)
    coarse = rng.integers(low, high, (max(2, height // 20), max(2, width // 20), 3)).astype(np.uint8)
    smooth = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC).astype(np.float32)
    fine = cv2.resize(rng.normal(0, 12, (height // 3, width // 3)).astype(np.float32), (width, height))
    return np.clip(smooth + fine[..., None], 0, 255).astype(np.uint8)
