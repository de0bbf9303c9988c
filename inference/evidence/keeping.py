"""Which pictures of a watched stay are kept: the first that counts and the surest; the last when a rule decides."""

from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from inference.detections import Box
from inference.evidence.kept import KeptPicture
from inference.evidence.panorama import JPEG, encode_jpeg
from inference.evidence.spool import Spool
from inference.frame import Frame, Original
from inference.stays.stay import Stay

FRAMES_IN_REACH = 3
"""Looks back for the picture of a first sight: an object counts as standing from its second sight on."""
BETTER_BY = 0.05
"""Gain in confidence for which the surest picture is replaced."""


class PictureKeeper:
    """Keeps pictures of one camera's watched stays in the spool; the same frame is kept once."""

    def __init__(self, spool: Spool, remembered: Iterable[Stay] = ()) -> None:
        """Keep into `spool`, which may hold pictures of stays `remembered` from before a restart."""
        self._spool = spool
        self._recent: deque[Frame] = deque(maxlen=FRAMES_IN_REACH)
        self._kept: dict[datetime, tuple[str, str]] = {}
        self._spooled = _named_by(remembered)

    def see(self, frame: Frame) -> None:
        """Hold a frame in reach."""
        self._recent.append(frame)
        in_reach = {held.captured_at for held in self._recent}
        self._kept = {at: kept for at, kept in self._kept.items() if at in in_reach}

    def keep(self, stay: Stay, box: Box, confidence: float, frame: Frame, counts_from: datetime) -> Stay:
        """The stay with the pictures that this look adds.

        Args:
            stay: the watched stay, detected in this look.
            box: where, in pixels of the full picture.
            confidence: of this detection, 0..1.
            frame: this look.
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
        """Keep this very look."""
        sha256, media_type = self._kept.get(frame.captured_at) or self._store(frame)
        return KeptPicture(
            sha256=sha256, media_type=media_type, captured_at=frame.captured_at, box=box, confidence=confidence
        )

    def sweep(self, standing: Iterable[Stay]) -> None:
        """Throw away what no standing stay needs any more."""
        needed = _named_by(standing) | {sha256 for sha256, _ in self._kept.values()}
        for sha256 in self._spooled - needed:
            self._spool.discard(sha256)
        self._spooled &= needed

    def _first_sight(self, stay: Stay, box: Box, counts_from: datetime) -> KeptPicture | None:
        """The picture of the first sight, if it is still in reach; the object has not moved, so the box holds."""
        since = max(stay.first_seen, counts_from)
        for frame in self._recent:
            if frame.captured_at >= since:
                return self.picture(frame, box, stay.confidences[0])
        return None

    def _store(self, frame: Frame) -> tuple[str, str]:
        original = frame.picture.original() or Original(data=encode_jpeg(frame.picture.bgr()), media_type=JPEG)
        kept = self._spool.put(original.data), original.media_type
        self._kept[frame.captured_at] = kept
        self._spooled.add(kept[0])
        return kept


def _named_by(stays: Iterable[Stay]) -> set[str]:
    return {picture.sha256 for stay in stays for picture in (stay.first, stay.best) if picture}
