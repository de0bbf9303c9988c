"""A picture of any size in a canvas of one size, aspect kept, and boxes back again."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.detections import BoxesXYXY
from inference.frame import ImageBGR, SizeWH

PAD_GREY = 114
"""The grey that training pads with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterbox:
    """Where a picture lies in the canvas.

    Attributes:
        picture_wh: size of the picture.
        canvas_wh: size of the canvas.
        inner_wh: size at which the picture lies in the canvas.
        offset_xy: its top left corner there.
    """

    picture_wh: SizeWH
    canvas_wh: SizeWH
    inner_wh: SizeWH
    offset_xy: tuple[int, int]

    @classmethod
    def of(cls, picture_wh: SizeWH, canvas_wh: SizeWH) -> "Letterbox":
        """Centre a picture in a canvas, as large as it fits.

        >>> Letterbox.of((1920, 1080), (640, 384)).inner_wh
        (640, 360)
        """
        scale = min(canvas_wh[0] / picture_wh[0], canvas_wh[1] / picture_wh[1])
        inner_wh = (max(1, round(picture_wh[0] * scale)), max(1, round(picture_wh[1] * scale)))
        offset_xy = ((canvas_wh[0] - inner_wh[0]) // 2, (canvas_wh[1] - inner_wh[1]) // 2)
        return cls(picture_wh=picture_wh, canvas_wh=canvas_wh, inner_wh=inner_wh, offset_xy=offset_xy)

    @property
    def fill(self) -> float:
        """Share of the canvas that is picture, 0..1."""
        return self.inner_wh[0] * self.inner_wh[1] / (self.canvas_wh[0] * self.canvas_wh[1])

    def to_picture(self, boxes: BoxesXYXY, full_wh: SizeWH) -> BoxesXYXY:
        """Boxes in canvas pixels as boxes in a picture of `full_wh`, cut off at its edges.

        Args:
            boxes: (n, 4) x1 y1 x2 y2 in canvas pixels.
            full_wh: size to which the picture's own size stands for; the aspect may differ by a rounded pixel.
        """
        offset = np.array(self.offset_xy * 2, dtype=np.float32)
        scale = np.array((full_wh[0] / self.inner_wh[0], full_wh[1] / self.inner_wh[1]) * 2, dtype=np.float32)
        limit = np.array(full_wh * 2, dtype=np.float32)
        return np.clip((boxes - offset) * scale, 0.0, limit).astype(np.float32, copy=False)


class Canvas:
    """A reused uint8 (1, h, w, 3) input. One thread at a time."""

    def __init__(self, size_wh: SizeWH) -> None:
        self.pixels: NDArray[np.uint8] = np.full((1, size_wh[1], size_wh[0], 3), PAD_GREY, dtype=np.uint8)
        self._size_wh = size_wh
        self._last: Letterbox | None = None

    def place(self, picture: ImageBGR) -> Letterbox:
        """Put a picture into the canvas and say where it lies."""
        box = Letterbox.of((picture.shape[1], picture.shape[0]), self._size_wh)
        last = self._last
        if last is not None and (last.inner_wh, last.offset_xy) != (box.inner_wh, box.offset_xy):
            self.pixels[:] = PAD_GREY
        self._last = box
        (x, y), (width, height) = box.offset_xy, box.inner_wh
        inner = self.pixels[0, y : y + height, x : x + width]
        if box.picture_wh == box.inner_wh:
            inner[:] = picture
        else:
            shrinks = box.inner_wh[0] < box.picture_wh[0]
            cv2.resize(picture, box.inner_wh, dst=inner, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
        return box
