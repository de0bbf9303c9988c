"""Pictures that are already pixels, and pixels back from kept originals."""

from dataclasses import dataclass

import cv2
import numpy as np

from inference.errors import PictureRefused
from inference.frame import ImageBGR, ImageLuma, Original, SizeWH, fit_scale
from inference.sources.still_picture import still_picture
from inference.sources.video_picture import decode_key_packet


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ArrayPicture:
    """A picture that was rendered or computed; it has no original bytes.

    Attributes:
        pixels: (height, width, 3) uint8.
    """

    pixels: ImageBGR

    @property
    def size_wh(self) -> SizeWH:
        """Width and height in pixels."""
        height, width = self.pixels.shape[:2]
        return width, height

    def luma(self, size_wh: SizeWH) -> ImageLuma:
        """The whole picture in grey, stretched to `size_wh`."""
        small = cv2.resize(self.pixels, size_wh, interpolation=cv2.INTER_AREA)
        return np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), dtype=np.uint8)

    def bgr(self, fit_wh: SizeWH | None = None) -> ImageBGR:
        """Colour, full size (the very array) or shrunk into `fit_wh`."""
        scale = fit_scale(self.size_wh, fit_wh) if fit_wh else 1.0
        if scale == 1.0:
            return self.pixels
        wanted = (max(1, round(self.size_wh[0] * scale)), max(1, round(self.size_wh[1] * scale)))
        return np.asarray(cv2.resize(self.pixels, wanted, interpolation=cv2.INTER_AREA), dtype=np.uint8)

    def original(self) -> None:
        """Nothing: these pixels came from no camera."""
        return


def decode_original(original: Original) -> ImageBGR:
    """The full picture of kept bytes, as the source's `Picture.bgr()` gave it.

    Raises:
        PictureRefused: damaged, too large, or of a media type that no source gives.
    """
    kind = original.media_type.partition("/")[0]
    if kind == "image":
        return still_picture(original.data).bgr()
    if kind == "video":
        return decode_key_packet(original)
    raise PictureRefused(
        f"{original.media_type} cannot be decoded; only image/jpeg, image/png, video/h264, video/hevc can"
    )
