"""The walk through a PNG's chunks (PNG third edition, section 5)."""

from collections.abc import Iterator

from inference.frame import SizeWH
from inference.sources.picture_header import PictureHeader, check_length, check_trailing, checked_size, cut_off

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
MAX_PNG_BYTES = 64 * 1024 * 1024


def png_header(data: bytes) -> PictureHeader:
    """Check a whole PNG file.

    Raises:
        PictureRefused: the sentence says why.
    """
    check_length(data, MAX_PNG_BYTES)
    size_wh: SizeWH | None = None
    exif: bytes | None = None
    pixels = False
    for kind, content in _chunks(data):
        if size_wh is None:
            if kind != b"IHDR" or len(content) != 13:
                raise cut_off()
            size_wh = checked_size(int.from_bytes(content[:4], "big"), int.from_bytes(content[4:8], "big"))
        elif kind == b"eXIf":
            exif = content
        pixels = pixels or kind == b"IDAT"
    if size_wh is None or not pixels:
        raise cut_off()
    return PictureHeader(media_type="image/png", size_wh=size_wh, exif=exif)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Type and content of each chunk in front of the end chunk."""
    if not data.startswith(PNG_SIGNATURE):
        raise cut_off()
    at = len(PNG_SIGNATURE)
    while True:
        length = int.from_bytes(data[at : at + 4], "big")
        kind = data[at + 4 : at + 8]
        end = at + 12 + length
        if end > len(data):
            raise cut_off()
        if kind == b"IEND":
            check_trailing(len(data) - end)
            return
        yield kind, data[at + 8 : end - 4]
        at = end
