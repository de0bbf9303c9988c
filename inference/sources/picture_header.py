"""What a picture file says about itself, checked before anything is decoded.

A header of a few hundred bytes can make a decoder ask for gigabytes and take half a minute. So nothing is decoded
before a walk through the whole file has found its size, its number of scans and its end.
"""

from dataclasses import dataclass

from inference.errors import PictureRefused
from inference.frame import SizeWH

MAX_PIXELS = 40_000_000
"""No picture larger than this is ever decoded."""

MAX_TRAILING_BYTES = 4096
"""Some cameras pad their files; anything longer is another file hidden behind the picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureHeader:
    """A picture that may be decoded.

    Attributes:
        media_type: `image/jpeg` or `image/png`.
        size_wh: pixels as stored, before any orientation is applied.
        exif: the TIFF structure of the EXIF block, if there is one.
    """

    media_type: str
    size_wh: SizeWH
    exif: bytes | None


def checked_size(width: int, height: int) -> SizeWH:
    """The size, if it may be decoded.

    Raises:
        PictureRefused: no pixels, or more than `MAX_PIXELS`.
    """
    if not 0 < width * height <= MAX_PIXELS:
        raise PictureRefused(
            f"the picture claims {width}x{height} pixels; send at most {MAX_PIXELS // 10**6} megapixels"
        )
    return width, height


def check_length(data: bytes, limit: int) -> None:
    """Raises PictureRefused where a file has more bytes than `limit`."""
    if len(data) > limit:
        raise PictureRefused(f"the picture has {len(data)} bytes; send at most {limit}")


def check_trailing(count: int) -> None:
    """Raises PictureRefused where `count` bytes after the picture's end are too many."""
    if count > MAX_TRAILING_BYTES:
        raise PictureRefused(f"{count} bytes follow the end of the picture; send the picture alone")


def cut_off() -> PictureRefused:
    """The error for a file that ends, or makes no sense, before its end."""
    return PictureRefused("the picture is damaged or cut off; send it again")
