"""The copy meant for the public: nobody and no number plate can be recognised in it.

Whole people and whole vehicles are masked, because a mask that must first find the face or the plate fails where it
finds none. Without detections there is no copy at all.
"""

from collections.abc import Sequence

import cv2

from inference.detections import Box
from inference.evidence.overlay import draw_box
from inference.evidence.regions import Region, region
from inference.frame import ImageBGR, SizeWH

CELLS = 8
"""At most so many cells along the longer side of a mask: a face or a plate inside is then one or two cells."""

SMALLEST_CELL = 8
"""Pixels: keeps a small box, perhaps a face or a plate taken for something else, from being masked too finely."""

MARGIN = 0.08
"""A mask is larger than the box by this fraction on each side: boxes at a low threshold are loose."""

LEAST_MARGIN = 8.0
"""Pixels: what JPEG smears across the edge of a mask comes from inside the mask."""


def public_copy(pixels: ImageBGR, private_boxes: Sequence[Box] | None, target: Box) -> ImageBGR | None:
    """A copy in which every private box is masked, the target's outline drawn on top.

    Args:
        pixels: the panorama; it stays as it is.
        private_boxes: every person and every vehicle, at a low threshold; None where nobody looked.
        target: what the case is about; it is outlined, and masked only if it is among `private_boxes`.

    Returns:
        The copy, or None where `private_boxes` is None: what was not looked for cannot be masked.

    Raises:
        EvidenceError: a box is not finite.
    """
    if private_boxes is None:
        return None
    copy = masked(pixels, private_boxes)
    outlined = region(target, _size_wh(pixels))
    if outlined is not None:
        draw_box(copy, outlined)
    return copy


def masked(pixels: ImageBGR, private_boxes: Sequence[Box]) -> ImageBGR:
    """A copy in which every box is a grid of at most 8x8 cells, each of one colour.

    Raises:
        EvidenceError: a box is not finite.
    """
    copy = pixels.copy()
    for box in private_boxes:
        mask = region(box, _size_wh(pixels), MARGIN, LEAST_MARGIN)
        if mask is not None:
            _pixelate(copy, mask)  # where boxes overlap, what is averaged again only gets coarser
    return copy


def _pixelate(pixels: ImageBGR, mask: Region) -> None:
    cell = max(SMALLEST_CELL, max(mask.width, mask.height) / CELLS)
    cells_wh = (max(1, round(mask.width / cell)), max(1, round(mask.height / cell)))
    means = cv2.resize(mask.of(pixels), cells_wh, interpolation=cv2.INTER_AREA)
    mask.of(pixels)[:] = cv2.resize(means, (mask.width, mask.height), interpolation=cv2.INTER_NEAREST)


def _size_wh(pixels: ImageBGR) -> SizeWH:
    return pixels.shape[1], pixels.shape[0]
