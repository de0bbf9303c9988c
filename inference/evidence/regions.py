"""Boxes of the detector, as rows and columns that exist in a picture."""

from dataclasses import dataclass
from math import ceil, floor, isfinite

from inference.detections import Box
from inference.errors import EvidenceError
from inference.frame import ImageBGR, SizeWH

_FAR = 1e9  # pixels: beyond any picture, and small enough to count with


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """At least one whole pixel of a picture: columns `left` to `right` and rows `top` to `bottom`, ends excluded."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Pixels."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Pixels."""
        return self.bottom - self.top

    def of(self, pixels: ImageBGR) -> ImageBGR:
        """The region's pixels: a view, not a copy."""
        return pixels[self.top : self.bottom, self.left : self.right]


def region(box: Box, size_wh: SizeWH, margin: float = 0.0, least_margin: float = 0.0) -> Region | None:
    """The part of a picture that a box covers, grown on all sides; None where they do not meet.

    Args:
        box: x1 y1 x2 y2 in pixels, corners in any order.
        size_wh: of the picture.
        margin: grow each side by this fraction of the box's width or height.
        least_margin: but by at least so many pixels.

    Raises:
        EvidenceError: a corner is not a finite number.

    >>> region((10.2, 10.0, 19.5, 30.0), (100, 20))
    Region(left=10, top=10, right=20, bottom=20)
    >>> region((10.0, 10.0, 20.0, 20.0), (100, 100), margin=0.15)
    Region(left=8, top=8, right=22, bottom=22)
    """
    if not all(isfinite(value) for value in box):
        raise EvidenceError(f"the box {box} is no place in a picture; give finite pixels")
    columns = _span(box[0], box[2], size_wh[0], margin, least_margin)
    rows = _span(box[1], box[3], size_wh[1], margin, least_margin)
    if columns is None or rows is None:
        return None
    return Region(left=columns[0], right=columns[1], top=rows[0], bottom=rows[1])


def _span(one: float, other: float, length: int, margin: float, least_margin: float) -> tuple[int, int] | None:
    low, high = (min(max(end, -_FAR), _FAR) for end in sorted((one, other)))
    if high < 0 or low >= length:
        return None
    grow = max(least_margin, margin * (high - low))
    start = max(0, floor(low - grow))
    return start, min(length, max(start + 1, ceil(high + grow)))
