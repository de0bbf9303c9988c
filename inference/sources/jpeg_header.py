"""The walk through a JPEG's segments (ITU-T T.81, annex B)."""

import re
from collections.abc import Iterator

from inference.errors import PictureRefused
from inference.frame import SizeWH
from inference.sources.picture_header import PictureHeader, check_length, check_trailing, checked_size, cut_off

MAX_SCANS = 64
MAX_JPEG_BYTES = 8 * 1024 * 1024

_EXIF_START = b"Exif\x00\x00"
_DECODABLE_FRAMES = (0xC0, 0xC1, 0xC2)  # baseline, extended, progressive
_OTHER_FRAMES = (0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF)  # lossless, hierarchical, arithmetic
_STAND_ALONE = (0x01, *range(0xD0, 0xD8))
_SOI, _EOI, _SOS, _APP1 = 0xD8, 0xD9, 0xDA, 0xE1
_MARKER_IN_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


def jpeg_header(data: bytes) -> PictureHeader:
    """Check a whole JPEG file.

    Raises:
        PictureRefused: the sentence says why.
    """
    check_length(data, MAX_JPEG_BYTES)
    if data[:2] != b"\xff\xd8":
        raise PictureRefused("this is no JPEG; send the picture as image/jpeg")
    size_wh: SizeWH | None = None
    exif: bytes | None = None
    scans = 0
    for marker, segment in _segments(data):
        if marker in _DECODABLE_FRAMES:
            if size_wh is not None:
                raise PictureRefused("the JPEG has two frame headers; save it again")
            size_wh = _frame_size(segment)
        elif marker == _APP1 and exif is None and segment.startswith(_EXIF_START):
            exif = segment[len(_EXIF_START) :]
        elif marker == _SOS:
            scans += 1
            if size_wh is None or scans > MAX_SCANS:
                raise PictureRefused(f"the JPEG has no frame header or over {MAX_SCANS} scans; save it again")
    if size_wh is None or scans == 0:
        raise PictureRefused("the JPEG holds no picture; save it again")
    return PictureHeader(media_type="image/jpeg", size_wh=size_wh, exif=exif)


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and content of each segment up to the end marker; pixel data is stepped over."""
    at = 2
    while True:
        marker, at = _next_marker(data, at)
        if marker == _EOI:
            check_trailing(len(data) - at)
            return
        if marker in _STAND_ALONE:
            continue
        if marker in _OTHER_FRAMES or marker == _SOI:
            raise PictureRefused("this kind of JPEG is not read; save it as baseline or progressive")
        length = int.from_bytes(data[at : at + 2], "big")
        if length < 2 or at + length > len(data):
            raise cut_off()
        yield marker, data[at + 2 : at + length]
        at = _end_of_scan(data, at + length) if marker == _SOS else at + length


def _next_marker(data: bytes, at: int) -> tuple[int, int]:
    """The marker code at `at` (fill bytes skipped) and where it ends."""
    start = at
    while data[at : at + 1] == b"\xff":
        at += 1
    if at == start or at >= len(data) or data[at] == 0:
        raise cut_off()
    return data[at], at + 1


def _frame_size(segment: bytes) -> SizeWH:
    if len(segment) < 6:
        raise cut_off()
    return checked_size(int.from_bytes(segment[3:5], "big"), int.from_bytes(segment[1:3], "big"))


def _end_of_scan(data: bytes, at: int) -> int:
    found = _MARKER_IN_SCAN.search(data, at)
    if found is None:
        raise cut_off()
    return found.start()
