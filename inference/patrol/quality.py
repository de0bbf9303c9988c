"""Is a picture worth looking at? Dark, blurred, veiled or covered ones are left out before inference, and counted.

Everything is measured on the small grey picture, in the band in which the street lies: sky and bonnet are smooth and
still whatever the weather.
"""

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.frame import ImageLuma, SizeWH

QUALITY_WH: SizeWH = (320, 180)
BAND = (0.35, 0.85)
"""From and to, as shares of the picture's height."""
BLOCKS_WH: SizeWH = (16, 9)

DARK_LEVEL = 40.0
"""Grey level below which 95 % of a picture that shows nothing lie (as for re-checks by fixed cameras)."""
BLURRED_BELOW = 0.035
"""Sharpness: energy of the finest edges (Laplacian) as a share of all contrast, both as variances."""
PLAIN_CONTRAST = 6.0
"""Grey levels, one standard deviation of a block: less shows neither wheels nor bags nor wares."""
VEILED_FROM = 0.85
"""Share of plain blocks: fog, heavy rain, a film of water or dirt on the lens."""
STUCK_LEVELS = 2.0
"""Grey levels by which a block changes at most although the vehicle has driven on: something sits on the lens."""
MOVING_LEVELS = 6.0
"""Grey levels by which a quarter of the blocks changes when it has."""
COVERED_FROM = 0.35
"""Share of stuck blocks."""
LOOKS_STUCK = 4
"""In so many inspected looks one after the other."""


class Flaw(StrEnum):
    """Why a picture is not worth looking at."""

    DARK = "dark"
    BLURRED = "blurred"
    VEILED = "veiled"
    COVERED = "covered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """What was measured of one picture.

    Attributes:
        brightness: grey level below which 95 % of it lie, 0..255.
        sharpness: see `BLURRED_BELOW`.
        plain: share of blocks without contrast, 0..1.
        covered: share of blocks that have not changed for `LOOKS_STUCK` looks while the street passed by, 0..1.
    """

    brightness: float
    sharpness: float
    plain: float
    covered: float

    @property
    def flaw(self) -> Flaw | None:
        """The first reason to leave the picture out, or None."""
        if self.brightness < DARK_LEVEL:
            return Flaw.DARK
        if self.plain >= VEILED_FROM:
            return Flaw.VEILED
        if self.sharpness < BLURRED_BELOW:
            return Flaw.BLURRED
        return Flaw.COVERED if self.covered >= COVERED_FROM else None


class QualityWatch:
    """Measures the pictures of one camera, one after the other, taken at different places. Not thread safe."""

    def __init__(self) -> None:
        self._before: NDArray[np.float32] | None = None
        self._stuck = np.zeros((BLOCKS_WH[1], BLOCKS_WH[0]), np.int32)

    def measure(self, luma: ImageLuma) -> Quality:
        """What a picture is worth.

        Args:
            luma: the whole picture in grey, `QUALITY_WH`.
        """
        height = luma.shape[0]
        band = luma[round(BAND[0] * height) : round(BAND[1] * height)]
        edges = cv2.Laplacian(band, cv2.CV_32F, ksize=1)
        contrast = float(band.astype(np.float32).var())
        return Quality(
            brightness=float(np.percentile(luma, 95)),
            sharpness=float(edges.var()) / (contrast + 1.0) / 4,
            plain=float((_contrasts(band) < PLAIN_CONTRAST).mean()),
            covered=self._covered(band),
        )

    def _covered(self, band: ImageLuma) -> float:
        small = cv2.resize(band, (BLOCKS_WH[0] * 4, BLOCKS_WH[1] * 4), interpolation=cv2.INTER_AREA).astype(np.float32)
        before, self._before = self._before, small
        if before is None:
            return 0.0
        change = cv2.resize(np.abs(small - before), BLOCKS_WH, interpolation=cv2.INTER_AREA)
        if float(np.percentile(change, 75)) < MOVING_LEVELS:
            return 0.0  # nothing passed by, so that nothing can be told
        self._stuck = np.where(change < STUCK_LEVELS, self._stuck + 1, 0).astype(np.int32)
        return float((self._stuck >= LOOKS_STUCK).mean())


def _contrasts(band: ImageLuma) -> NDArray[np.float32]:
    """Standard deviation of each block."""
    grey = band.astype(np.float32)
    mean = cv2.resize(grey, BLOCKS_WH, interpolation=cv2.INTER_AREA)
    square = cv2.resize(grey * grey, BLOCKS_WH, interpolation=cv2.INTER_AREA)
    return np.sqrt(np.maximum(square - mean * mean, 0)).astype(np.float32)
