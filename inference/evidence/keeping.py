"""Which pictures of a watched stay are kept: the first that counts and the surest; the last when a rule decides."""

import logging
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from inference.detections import Box
from inference.errors import EvidenceError
from inference.evidence.kept import KeptPicture
from inference.evidence.panorama import JPEG, encode_jpeg
from inference.evidence.spool import Spool
from inference.frame import Frame, Original
from inference.stays.boxes import in_pixels
from inference.stays.stay import Stay

FRAMES_IN_REACH = 3
"""Looks back for the picture of a first sight: an object counts as standing from its second sight on."""
BETTER_BY = 0.05
"""Gain in confidence for which the surest picture is replaced."""

logger = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class _Held:
    """A frame in reach, and under which name and media type it was kept, if it was."""

    frame: Frame
    kept: tuple[str, str] | None = None


class PictureKeeper:
    """Keeps pictures of one camera's watched stays in the camera's own spool; the same frame is kept once."""

    def __init__(self, spool: Spool, remembered: Iterable[Stay] = ()) -> None:
        """Keep into `spool`, and clear it of all but the pictures of stays `remembered` from before a restart.

        Raises:
            EvidenceError: the spool cannot be used.
        """
        self._spool = spool
        self._reach: deque[_Held] = deque(maxlen=FRAMES_IN_REACH)
        self._spooled = _named_by(remembered)
        spool.keep_only(self._spooled)

    def see(self, frame: Frame) -> None:
        """Hold a frame in reach."""
        self._reach.append(_Held(frame=frame))

    def keep(self, stay: Stay, box: Box, confidence: float, frame: Frame, counts_from: datetime) -> Stay:
        """The stay with the pictures that this look adds.

        Args:
            stay: the watched stay, detected in this look.
            box: where, in fractions of the picture.
            confidence: of this detection, 0..1.
            frame: this look, the last that was seen.
            counts_from: since when it violates; a first picture from before proves nothing and is taken anew.
        """
        if stay.first is None or stay.first.captured_at < counts_from:
            first = self._first_sight(stay, box, counts_from) or self.picture(frame, box, confidence)
            best = first if first.confidence >= confidence else self.picture(frame, box, confidence)
            return replace(stay, first=first, best=best)
        if stay.best is None or confidence > stay.best.confidence + BETTER_BY:
            return replace(stay, best=self.picture(frame, box, confidence))
        return stay

    def picture(self, frame: Frame, box: Box, confidence: float) -> KeptPicture:
        """Keep this very look at what is in `box` (fractions)."""
        sha256, media_type = self._kept(frame)
        return KeptPicture(
            sha256=sha256,
            media_type=media_type,
            captured_at=frame.captured_at,
            box=in_pixels(box, frame.picture.size_wh),
            confidence=confidence,
        )

    def sweep(self, standing: Iterable[Stay]) -> None:
        """Throw away what no standing stay needs any more.

        Args:
            standing: stays as they were last written down. What only a later state has given up is still needed, in
                case the camera starts again from what was written.
        """
        needed = _named_by(standing) | {held.kept[0] for held in self._reach if held.kept}
        for sha256 in self._spooled - needed:
            self._spool.discard(sha256)
        self._spooled &= needed

    def _first_sight(self, stay: Stay, box: Box, counts_from: datetime) -> KeptPicture | None:
        """The picture of the first sight, if that counts and is in reach; nothing has moved, so the box holds."""
        if stay.first_seen < counts_from:
            return None
        for held in reversed(self._reach):
            if held.frame.captured_at == stay.first_seen:
                return self.picture(held.frame, box, stay.confidences[0])
        return None

    def _kept(self, frame: Frame) -> tuple[str, str]:
        held = next(held for held in self._reach if held.frame is frame)
        if held.kept is None:
            original = frame.picture.original() or Original(data=encode_jpeg(frame.picture.bgr()), media_type=JPEG)
            held.kept = self._spool.put(original.data), original.media_type
            self._spooled.add(held.kept[0])
        return held.kept


def with_pictures(stay: Stay, spool: Spool) -> Stay:
    """The stay without those pictures that `spool` has lost, so that they are taken anew."""
    first, best = (_if_whole(picture, spool) for picture in (stay.first, stay.best))
    return replace(stay, first=first, best=best if first else None)


def _if_whole(picture: KeptPicture | None, spool: Spool) -> KeptPicture | None:
    if picture is None:
        return None
    try:
        spool.get(picture.sha256)
    except EvidenceError as error:
        logger.warning("a picture of something that stands is taken anew: %s", error)
        return None
    return picture


def _named_by(stays: Iterable[Stay]) -> set[str]:
    return {picture.sha256 for stay in stays for picture in (stay.first, stay.best) if picture}
