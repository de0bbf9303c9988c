"""JPEG and PNG pictures, decoded only when and as large as they are needed."""

from dataclasses import dataclass

import cv2
import numpy as np

from inference.errors import PictureRefused
from inference.frame import ImageBGR, ImageLuma, Original, SizeWH, fit_scale
from inference.sources.decoding import decode
from inference.sources.exif import read_exif
from inference.sources.jpeg_header import jpeg_header
from inference.sources.picture_header import PictureHeader
from inference.sources.png_header import PNG_SIGNATURE, png_header

_REDUCED_BGR = {2: cv2.IMREAD_REDUCED_COLOR_2, 4: cv2.IMREAD_REDUCED_COLOR_4, 8: cv2.IMREAD_REDUCED_COLOR_8}
_REDUCED_GREY = {
    2: cv2.IMREAD_REDUCED_GRAYSCALE_2,
    4: cv2.IMREAD_REDUCED_GRAYSCALE_4,
    8: cv2.IMREAD_REDUCED_GRAYSCALE_8,
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StillPicture:
    """An encoded picture whose header has been checked; make it with `still_picture`.

    Attributes:
        source: the file's own bytes.
        size_wh: pixels, the way up that EXIF asks for.
    """

    source: Original
    size_wh: SizeWH

    def luma(self, size_wh: SizeWH) -> ImageLuma:
        """The whole picture in grey, stretched to `size_wh`."""
        reduction = self._reduction(size_wh)
        grey = self._decoded(_REDUCED_GREY.get(reduction, cv2.IMREAD_GRAYSCALE))
        return np.asarray(cv2.resize(grey, size_wh, interpolation=cv2.INTER_AREA), dtype=np.uint8)

    def bgr(self, fit_wh: SizeWH | None = None) -> ImageBGR:
        """Colour, full size or shrunk into `fit_wh`."""
        if fit_wh is None:
            return self._decoded(cv2.IMREAD_COLOR)
        scale = fit_scale(self.size_wh, fit_wh)
        wanted = (max(1, round(self.size_wh[0] * scale)), max(1, round(self.size_wh[1] * scale)))
        pixels = self._decoded(_REDUCED_BGR.get(self._reduction(wanted), cv2.IMREAD_COLOR))
        if pixels.shape[1::-1] == wanted:
            return pixels
        return np.asarray(cv2.resize(pixels, wanted, interpolation=cv2.INTER_AREA), dtype=np.uint8)

    def original(self) -> Original:
        """The bytes as they came."""
        return self.source

    def _reduction(self, wanted_wh: SizeWH) -> int:
        """The strongest reduction (1, 2, 4, 8) that the decoder does for free and that leaves enough pixels."""
        ratio = min(self.size_wh[0] / wanted_wh[0], self.size_wh[1] / wanted_wh[1])
        return max((step for step in (2, 4, 8) if step <= ratio), default=1)

    def _decoded(self, mode: int) -> ImageBGR:
        pixels = decode(self.source.data, mode)
        if pixels is None:
            raise PictureRefused("the picture is damaged and cannot be decoded; send it again")
        return pixels


def header_of(data: bytes) -> PictureHeader:
    """Check a whole JPEG or PNG file without decoding it.

    Raises:
        PictureRefused: as `still_picture`.
    """
    return png_header(data) if data.startswith(PNG_SIGNATURE) else jpeg_header(data)


def still_picture(data: bytes, header: PictureHeader | None = None) -> StillPicture:
    """A picture from the bytes of a JPEG or PNG file; `header` is given where they have been checked already.

    Raises:
        PictureRefused: not a JPEG or PNG, over 40 megapixels, cut off, or with something hidden behind it. Damage in
            the pixel data shows only when the picture is decoded.
    """
    header = header or header_of(data)
    width, height = header.size_wh
    sideways = read_exif(header.exif).orientation >= 5
    return StillPicture(
        source=Original(data=data, media_type=header.media_type),
        size_wh=(height, width) if sideways else (width, height),
    )
