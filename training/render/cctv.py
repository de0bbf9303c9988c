"""The look of a street camera: softness, vignette, haze, noise, halo, overlay. Geometry stays, so boxes stay exact."""

from dataclasses import dataclass
from datetime import datetime

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]  # (height, width, 3) BGR
Float = NDArray[np.float32]
_HAZE = np.array([0.80, 0.78, 0.75], np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How good the camera is.

    Attributes:
        noise: standard deviation of the sensor's noise, 1 is full scale.
        saturation: 1 keeps colours.
        haze: share of grey light added, more of it near the top of the picture.
        sharpening: strength of the in-camera halo.
    """

    noise: float = 0.010
    saturation: float = 0.80
    haze: float = 0.045
    sharpening: float = 0.5


def cctv(picture: Picture, look: Look, seed: int) -> Picture:
    """Make a clean rendered picture look as a street camera delivers it; the same seed gives the same noise."""
    rng = np.random.default_rng(seed)
    image = picture.astype(np.float32) / 255
    height, width = image.shape[:2]
    image = _blurred(image, 0.62 * width / 960)
    image += np.float32(0.9) * _blurred(np.clip(image - 0.82, 0, 1).astype(np.float32), width / 120)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    from_middle = (x / width - 0.5) ** 2 + ((y / height - 0.5) * height / width) ** 2
    image *= (1 - 0.16 * from_middle / 0.33)[..., None]
    grey = (image @ np.array([0.114, 0.587, 0.299], np.float32))[..., None]
    image = grey + (image - grey) * look.saturation
    haze = look.haze + 0.10 * np.clip(1 - y / height * 1.6, 0, 1)[..., None]
    image = image * (1 - haze) + _HAZE * haze
    image += _grain((height, width), look.noise, rng) * (0.6 + 0.8 * np.sqrt(np.clip(1 - image, 0, 1)))
    image += look.sharpening * (image - _blurred(image, 1.1 * width / 960))
    return (np.clip(image, 0, 1) * 255).astype(np.uint8)


def _blurred(image: NDArray[np.floating], sigma: float) -> Float:
    return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), dtype=np.float32)


def _grain(size: tuple[int, int], strength: float, rng: np.random.Generator) -> Float:
    """Luminance noise, partly in clumps, and coarse colour noise."""
    fine = rng.normal(0, strength, size).astype(np.float32)
    fine = 0.6 * fine + 0.64 * _blurred(fine, 0.8)
    coarse = rng.normal(0, 0.45 * strength, (size[0] // 3, size[1] // 3, 3)).astype(np.float32)
    return (fine[..., None] + cv2.resize(coarse, (size[1], size[0]))).astype(np.float32)


def overlay(picture: Picture, label: str, at: datetime) -> Picture:
    """Write the camera's clock (top left) and name (bottom right) into the picture, as recorders do."""
    marked = picture.copy()
    height, width = marked.shape[:2]
    scale = width / 960 * 0.62
    face = cv2.FONT_HERSHEY_SIMPLEX
    (wide, _), _ = cv2.getTextSize(label, face, scale, 1)
    for text, x, y in ((at.strftime("%Y-%m-%d %H:%M:%S"), 0.016, 0.05), (label, 0.984 - wide / width, 0.965)):
        corner = (int(x * width), int(y * height))
        for shade, thick in ((20, 3), (240, 1)):
            cv2.putText(marked, text, corner, face, scale, (shade, shade, shade), thick, cv2.LINE_AA)
    return marked
