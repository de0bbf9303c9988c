"""Light and rain over a finished picture, as a scenario's conditions say. Geometry stays."""

import cv2
import numpy as np
from numpy.typing import NDArray

from training.render.scenario import Conditions

Picture = NDArray[np.uint8]  # (height, width, 3) BGR


def conditioned(picture: Picture, conditions: Conditions, at: float, rng: np.random.Generator) -> Picture:
    """A picture as the scenario's light, rain and sensor leave it."""
    image = picture.astype(np.float32)
    if any(a <= at < b for a, b in conditions.infrared):
        image = np.repeat((image @ np.array([0.1, 0.3, 0.6], np.float32))[..., None], 3, axis=2)
    if conditions.brightness:
        seconds, factors = zip(*conditions.brightness, strict=True)
        image *= np.float32(np.interp(at, seconds, factors))
    if conditions.rain:
        image = image * (1 - 0.25 * conditions.rain) + 40 * conditions.rain
        _streaks(image, conditions.rain, rng)
    return np.clip(image, 0, 255).astype(np.uint8)


def _streaks(image: NDArray[np.float32], rain: float, rng: np.random.Generator) -> None:
    height, width = image.shape[:2]
    starts = rng.uniform(0, 1, (int(220 * rain), 2)) * (width, height)
    for x, y in starts.astype(int).tolist():
        cv2.line(image, (x, y), (x + 1, y + height // 26), (200, 200, 200), 1, cv2.LINE_AA)
