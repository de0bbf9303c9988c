"""A resident's photo: kept without what the phone wrote into it, with a copy that everybody may see."""

import threading

from starlette.exceptions import HTTPException

from api.doors import Doors
from api.receiving import attach
from cases.report import Attachment
from inference.evidence.panorama import JPEG, encode_jpeg
from inference.evidence.privacy import masked
from inference.evidence.private import private_boxes
from inference.sources.still_picture import still_picture

LARGEST_WH = (1920, 1920)
"""A photo is shrunk into it: enough to see a heap of bags, and it bounds what a stranger can have us work on."""

AT_ONCE = 2
"""Strangers' photos that are worked on at the same time; more are told to come back, so nobody else has to wait."""


def keep_photo(doors: Doors, data: bytes, slots: threading.BoundedSemaphore) -> Attachment:
    """Decode a photo and keep it anew: no EXIF, no position, no serial number, no thumbnail is left.

    Where this process has a model that knows people and vehicles, a copy with both masked is kept beside it; without
    one there is none, and the photo is shown to nobody outside.

    Args:
        doors: where it is kept.
        data: a JPEG or PNG.
        slots: who else is at work.

    Raises:
        PictureRefused: it is none, too large, or damaged.
        HTTPException: 503, too many at once.
    """
    if not slots.acquire(blocking=False):
        raise HTTPException(503, "many people send photos just now; send yours again in a moment", {"Retry-After": "3"})
    try:
        pixels = still_picture(data).bgr(LARGEST_WH)
        plain = encode_jpeg(pixels)
        private = private_boxes(doors.detector, pixels) if doors.detector is not None else None
        public = None if private is None else doors.evidence.put(encode_jpeg(masked(pixels, private)))
    finally:
        slots.release()
    kept = Attachment(
        sha256=doors.evidence.put(plain),
        media_type=JPEG,
        size_bytes=len(plain),
        received_at=doors.clock(),
        public_sha256=public,
    )
    return attach(doors.store, kept)
