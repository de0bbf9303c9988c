"""A kept picture as a panorama: the sender's own JPEG untouched, anything else decoded and encoded exactly once."""

from dataclasses import dataclass

import cv2

from inference.errors import EvidenceError, PictureRefused
from inference.evidence.kept import KeptPicture
from inference.evidence.store import EvidenceStore
from inference.frame import ImageBGR, Original, SizeWH
from inference.sources.pictures import decode_original

JPEG = "image/jpeg"

JPEG_QUALITY = 92
"""Of every picture we encode ourselves: no visible blocks on a number plate, a third of the size of quality 98."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Panorama:
    """The whole picture at the size the camera gave.

    Attributes:
        jpeg: the file.
        pixels: what was decoded, never drawn on.
        original: the key packet (or PNG) it was decoded from; None where `jpeg` itself is what the sender gave.
    """

    jpeg: bytes
    pixels: ImageBGR
    original: Original | None

    @property
    def size_wh(self) -> SizeWH:
        """Width and height in pixels."""
        return self.pixels.shape[1], self.pixels.shape[0]


def develop(kept: KeptPicture, store: EvidenceStore) -> Panorama:
    """Turn what was kept into a picture, at full size.

    Raises:
        EvidenceError: the bytes are missing, changed, or no picture.
    """
    original = Original(data=store.get(kept.sha256), media_type=kept.media_type)
    try:
        pixels = decode_original(original)
    except PictureRefused as error:
        raise EvidenceError(f"kept picture {kept.sha256} cannot be developed: {error}") from error
    if kept.media_type == JPEG:
        return Panorama(jpeg=original.data, pixels=pixels, original=None)
    return Panorama(jpeg=encode_jpeg(pixels), pixels=pixels, original=original)


def encode_jpeg(pixels: ImageBGR) -> bytes:
    """A JPEG of our own: quality 92, no EXIF, no thumbnail, no comment.

    Raises:
        EvidenceError: the picture is empty or larger than a JPEG can be.
    """
    height, width = pixels.shape[:2]
    if not (0 < width <= 65535 and 0 < height <= 65535):
        raise EvidenceError(f"a picture of {width}x{height} pixels cannot be a JPEG; 1 to 65535 on each side can")
    _, encoded = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    return encoded.tobytes()
