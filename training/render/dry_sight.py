"""What hides what, without Blender: every actor hides what lies behind the box around it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from training.render.camera import Camera
from training.render.cast import Player
from training.render.geometry import Points

_SAMPLES = 80
_FULL = 0.85  # an actor fills about this much of its box along each axis


class DrySight:
    """Ray tests against the actors' boxes. Trees, posts and houses hide nothing here; rendering knows them."""

    def __init__(self, players: Sequence[Player]) -> None:
        self._players = players
        self._names = {p.actor.id: p.name for p in players}
        self._camera: Camera | None = None
        self._boxes: dict[str, tuple[NDArray[np.float64], Points, Points]] = {}

    def show(self, camera: Camera, at: float) -> None:
        """Look at the street at a time, in the scenario's seconds."""
        self._camera, self._boxes = camera, {}
        for player in self._players:
            if player.present(at):
                low, high = player.extent(player.variant(at))
                middle, half = (low + high) / 2, (high - low) / 2 * _FULL
                into = np.asarray(np.linalg.inv(player.matrix(at)), dtype=np.float64)
                self._boxes[player.actor.id] = (into, middle - half, middle + half)

    def __call__(self, actor: str, points: Points) -> float:
        """Share of an actor's points (street frame) that the camera sees; parts of one thing do not hide each other."""
        camera = self._camera
        if camera is None:
            raise ValueError("show the street before asking what can be seen")
        chosen = points[np.random.default_rng(0).permutation(len(points))[:_SAMPLES]]
        pixels, ahead = camera.project(chosen)
        seen = ahead & (pixels >= 0).all(1) & (pixels < (camera.width, camera.height)).all(1)
        own = {p.actor.id for p in self._players if p.name == self._names[actor]}
        for name, (into, low, high) in self._boxes.items():
            if name not in own:
                seen &= ~_crossed(into, low, high, np.asarray(camera.at), chosen)
        return round(float(seen.mean()), 2)


def _crossed(
    into: NDArray[np.float64], low: Points, high: Points, eye: NDArray[np.float64], targets: Points
) -> NDArray[np.bool_]:
    """Which of the segments from `eye` to `targets` pass through a box (slabs in the box's own frame)."""
    a = into[:3, :3] @ eye + into[:3, 3]
    ray = targets @ into[:3, :3].T + into[:3, 3] - a
    safe = np.where(np.abs(ray) < 1e-12, 1e-12, ray)
    first, second = (low - a) / safe, (high - a) / safe
    enters, leaves = np.minimum(first, second).max(1), np.maximum(first, second).min(1)
    return (enters < leaves) & (leaves > 0) & (enters < 0.999)
