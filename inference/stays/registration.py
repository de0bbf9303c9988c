"""Where the camera looks now, compared with its reference picture.

A mast sways, a lens zooms slowly, a controller nudges the camera: everything in the picture moves together although
nothing in the street does. Zones and stays live in the reference picture; this maps them to the picture at hand.
"""

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.detections import Box
from inference.frame import ImageLuma, SizeWH

Matrix = NDArray[np.float64]  # (2, 3): reference picture -> picture at hand, both in fractions of width and height

LUMA_LONG_SIDE = 320
CORNERS = 220
GRID_WH = (5, 4)
LEAST_INLIERS = 14
LEAST_INLIER_SHARE = 0.35
REPROJECTION_PX = 1.5
STILL_PX = 0.6
"""Movement of the picture's corners, in pixels of the small grey picture, that is measuring noise."""
EVENED_OVER_PX = 8.0
NOISE_GREY_LEVELS = 4.0
"""Contrast below which texture is taken for noise."""
LARGEST_SCALE = 2.5
ALIKE_GREY_LEVELS = 10
ALIKE_SHARE = 0.75
_IDENTITY = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class View:
    """How the picture at hand lies relative to the reference picture.

    Attributes:
        matrix: maps fractions of the reference picture to fractions of this one.
        lost: nothing of the reference could be found again: the camera looks elsewhere.
    """

    matrix: Matrix
    lost: bool = False

    @property
    def steady(self) -> bool:
        """Whether the picture lies exactly on the reference."""
        return not self.lost and bool(np.array_equal(self.matrix, _IDENTITY))

    @property
    def drawable(self) -> bool:
        """Whether what was drawn on the reference picture lies right on this one, within a hundredth of its size."""
        return not self.lost and _largest_move(self.matrix) < 0.01

    def to_picture(self, box: Box) -> Box:
        """A box of the reference picture (fractions), in this picture (fractions; may reach outside 0..1)."""
        return _mapped(self.matrix, box)

    def to_reference(self, box: Box) -> Box:
        """A box of this picture (fractions), in the reference picture."""
        return _mapped(np.asarray(cv2.invertAffineTransform(self.matrix), np.float64), box)


STILL = View(matrix=_IDENTITY)


def luma_size(size_wh: SizeWH) -> SizeWH:
    """Size of the small grey picture that registration wants of a picture of `size_wh`."""
    scale = min(1.0, LUMA_LONG_SIDE / max(size_wh))
    return max(16, round(size_wh[0] * scale)), max(16, round(size_wh[1] * scale))


class Registration:
    """Finds each picture's place relative to one reference picture.

    The reference is warped by the last known view before it is compared: a slow zoom adds up instead of getting lost.
    """

    def __init__(self, reference: ImageLuma | None = None, last: View = STILL) -> None:
        """Start with a remembered `reference`, or take the first picture as reference."""
        self._reference = reference
        self._last = last

    @property
    def reference(self) -> ImageLuma | None:
        """The reference picture, or None before the first look."""
        return self._reference

    @property
    def last(self) -> View:
        """The last view that was found."""
        return self._last

    def locate(self, luma: ImageLuma) -> View:
        """Find the view of `luma` (grey, of `luma_size`)."""
        if self._reference is None:
            self.anchor(luma)
            return STILL
        reference = _sized_like(self._reference, luma)
        for guess in (self._last, STILL):
            expected = _warped(reference, guess.matrix)
            step = _step(_lit_like(expected, luma), luma)
            if step is None:  # lamps light the street anew: only its fine texture is the same
                step = _step(_evened(expected), _evened(luma))
            if step is not None:
                self._last = _snapped(View(matrix=_chained(step, guess.matrix)), luma)
                return self._last
            if guess.steady:
                break
        if _mostly_alike(_warped(reference, self._last.matrix), luma):
            return self._last  # traffic took all the texture there was; what lies behind it has not moved
        return View(matrix=self._last.matrix, lost=True)

    def anchor(self, luma: ImageLuma) -> None:
        """Take `luma` as the reference from now on."""
        self._reference, self._last = luma, STILL


def _step(expected: ImageLuma, luma: ImageLuma) -> Matrix | None:
    """Similarity from the expected picture to the real one in fractions, or None where they do not fit together."""
    corners = _corners(expected)
    if len(corners) < LEAST_INLIERS:
        return _IDENTITY  # too plain or too dark to tell: nothing says that the camera has moved
    found, status, _ = cv2.calcOpticalFlowPyrLK(expected, luma, corners, None, winSize=(21, 21), maxLevel=3)  # pyright: ignore[reportCallIssue, reportArgumentType]
    kept = status.ravel() == 1
    if int(kept.sum()) < LEAST_INLIERS:
        return None
    fitted: tuple[NDArray[np.float64] | None, NDArray[np.uint8]] = cv2.estimateAffinePartial2D(  # pyright: ignore[reportAssignmentType]
        corners[kept], found[kept], method=cv2.RANSAC, ransacReprojThreshold=REPROJECTION_PX
    )
    matrix, inliers = fitted
    if matrix is None or int(inliers.sum()) < max(LEAST_INLIERS, LEAST_INLIER_SHARE * int(kept.sum())):
        return None
    if not 1 / LARGEST_SCALE < float(np.hypot(matrix[0, 0], matrix[1, 0])) < LARGEST_SCALE:
        return None
    return _in_fractions(np.asarray(matrix, np.float64), luma)


def _corners(picture: ImageLuma) -> NDArray[np.float32]:
    """Corners (n, 1, 2) in pixels, as many in every part of the picture: nothing large may claim most of them."""
    height, width = picture.shape
    columns, rows = GRID_WH
    found = [np.empty((0, 1, 2), np.float32)]
    for top, bottom in pairwise(height * i // rows for i in range(rows + 1)):
        for left, right in pairwise(width * i // columns for i in range(columns + 1)):
            here: NDArray[np.float32] | None = cv2.goodFeaturesToTrack(  # pyright: ignore[reportAssignmentType]
                np.ascontiguousarray(picture[top:bottom, left:right]), CORNERS // (columns * rows), 0.05, 6
            )
            if here is not None:
                found.append(here + np.array([left, top], np.float32))
    return np.concatenate(found)


def _sized_like(reference: ImageLuma, luma: ImageLuma) -> ImageLuma:
    """The reference at the size of `luma`: a stream that changes its resolution shows the same street."""
    if reference.shape == luma.shape:
        return reference
    return np.asarray(cv2.resize(reference, (luma.shape[1], luma.shape[0]), interpolation=cv2.INTER_AREA), np.uint8)


def _evened(picture: ImageLuma) -> ImageLuma:
    """The texture of `picture` with the same brightness and contrast everywhere.

    The flow takes light for movement, and infrared lamps, street lamps and shadows light every part of a street anew.
    """
    grey = picture.astype(np.float32)
    above = grey - cv2.GaussianBlur(grey, (0, 0), EVENED_OVER_PX)
    contrast = np.sqrt(cv2.GaussianBlur(above * above, (0, 0), EVENED_OVER_PX))
    return np.clip(128 + 48 * above / (contrast + NOISE_GREY_LEVELS), 0, 255).astype(np.uint8)


def _lit_like(picture: ImageLuma, other: ImageLuma) -> ImageLuma:
    """`picture` with the brightness and contrast of `other`, because the flow takes light for movement.

    Measured by percentiles, so that a bright van in one of them does not count as light.
    """
    dark, middle, bright = np.percentile(picture[::3, ::3], (10, 50, 90))
    wanted_dark, wanted_middle, wanted_bright = np.percentile(other[::3, ::3], (10, 50, 90))
    gain = float((wanted_bright - wanted_dark) / max(bright - dark, 1.0))
    shift = float(wanted_middle - gain * middle)
    return cv2.LUT(picture, np.clip(np.arange(256) * gain + shift, 0, 255).astype(np.uint8)).astype(np.uint8)


def _mostly_alike(expected: ImageLuma, luma: ImageLuma) -> bool:
    blocks_b = cv2.resize(luma, (32, 18), interpolation=cv2.INTER_AREA).astype(np.float32)
    blocks_a = cv2.resize(_lit_like(expected, luma), (32, 18), interpolation=cv2.INTER_AREA).astype(np.float32)
    return float((np.abs(blocks_b - blocks_a) < ALIKE_GREY_LEVELS).mean()) >= ALIKE_SHARE


def _in_fractions(matrix: Matrix, luma: ImageLuma) -> Matrix:
    height, width = luma.shape
    size, per = np.diag([width, height]).astype(float), np.diag([1 / width, 1 / height])
    return np.column_stack([per @ matrix[:, :2] @ size, per @ matrix[:, 2]])


def _in_pixels(matrix: Matrix, luma: ImageLuma) -> Matrix:
    height, width = luma.shape
    size, per = np.diag([width, height]).astype(float), np.diag([1 / width, 1 / height])
    return np.column_stack([size @ matrix[:, :2] @ per, size @ matrix[:, 2]])


def _warped(reference: ImageLuma, matrix: Matrix) -> ImageLuma:
    if np.array_equal(matrix, _IDENTITY):
        return reference
    height, width = reference.shape
    warped = cv2.warpAffine(
        reference,
        _in_pixels(matrix, reference),
        (width, height),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(warped, np.uint8)


def _chained(after: Matrix, before: Matrix) -> Matrix:
    return np.column_stack([after[:, :2] @ before[:, :2], after[:, :2] @ before[:, 2] + after[:, 2]])


def _snapped(view: View, luma: ImageLuma) -> View:
    """The identity where the picture's corners have moved by less than measuring noise."""
    height, width = luma.shape
    return STILL if _largest_move(view.matrix, (width, height)) < STILL_PX else view


def _largest_move(matrix: Matrix, size_wh: tuple[float, float] = (1.0, 1.0)) -> float:
    corners = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    moved = corners @ matrix[:, :2].T + matrix[:, 2] - corners
    return float(np.abs(moved * np.array(size_wh)).max())


def _mapped(matrix: Matrix, box: Box) -> Box:
    x1, y1, x2, y2 = box
    corners = np.array([[x1, y1], [x2, y1], [x1, y2], [x2, y2]]) @ matrix[:, :2].T + matrix[:, 2]
    low, high = corners.min(axis=0), corners.max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])
