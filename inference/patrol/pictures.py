"""Which pictures of a pass are kept: of everything near, the first, the surest and the last; each frame once."""

from dataclasses import replace

from inference.evidence.kept import KeptPicture
from inference.evidence.panorama import JPEG, encode_jpeg
from inference.evidence.spool import Spool
from inference.frame import Frame, Original
from inference.patrol.encounter import Encounter
from inference.patrol.following import Followed
from inference.patrol.rules.rule import NEAR_ENOUGH_METRES
from inference.patrol.sighting import Sighting
from inference.stays.boxes import in_pixels
from inference.stays.families import BINS, PEOPLE

CLOSE_METRES = 15.0
"""Of an object that has a picture, another one is kept only from so near: pictures are dear."""
NOBODYS = frozenset({PEOPLE.name, BINS.name})
"""Families that make no finding by themselves."""


class PassPictures:
    """Keeps pictures of one pass in the vehicle's own spool. Not thread safe.

    Args:
        spool: of this vehicle alone.
        remembered: what was followed before a restart; everything else in the spool is thrown away.

    Raises:
        EvidenceError: the spool cannot be used.
    """

    def __init__(self, spool: Spool, remembered: tuple[Followed, ...] = ()) -> None:
        self._spool = spool
        self._spooled = _named(remembered)
        self._now: tuple[Frame, str, str] | None = None
        spool.keep_only(self._spooled)

    def keep(self, followed: Followed, frame: Frame) -> Followed:
        """The object with this frame's picture, where it was seen in it and is near enough to be evidence."""
        last = followed.last
        if last.at != frame.captured_at or followed.family in NOBODYS or last.distance > NEAR_ENOUGH_METRES:
            return followed
        if last.distance > CLOSE_METRES and any(s.picture is not None for s in followed.sightings):
            return followed
        kept = replace(last, picture=self._picture(last, frame))
        pictured = [i for i, s in enumerate(followed.sightings) if s.picture is not None]
        best = max(pictured, key=lambda i: followed.sightings[i].confidence, default=None)
        needed = {pictured[0], best} if pictured else set[int | None]()
        before = [s if i in needed else replace(s, picture=None) for i, s in enumerate(followed.sightings[:-1])]
        return replace(followed, sightings=(*before, kept))

    def sweep(self, followed: tuple[Followed, ...]) -> None:
        """Throw away what is not followed any more, once that has been written down."""
        needed = _named(followed)
        for name in self._spooled - needed:
            self._spool.discard(name)
        self._spooled &= needed

    def _picture(self, sighting: Sighting, frame: Frame) -> KeptPicture:
        if self._now is None or self._now[0] is not frame:
            original = frame.picture.original() or Original(data=encode_jpeg(frame.picture.bgr()), media_type=JPEG)
            self._now = frame, self._spool.put(original.data), original.media_type
        _, sha256, media_type = self._now
        self._spooled.add(sha256)
        return KeptPicture(
            sha256=sha256,
            media_type=media_type,
            captured_at=sighting.at,
            box=in_pixels(sighting.box, frame.picture.size_wh),
            confidence=sighting.confidence,
        )


class SitePictures:
    """Keeps pictures of sites, which all vehicles of a city share, in a spool of their own.

    Args:
        spool: of the sites alone.
        needed: names that the remembered sites need; everything else is thrown away.
    """

    def __init__(self, spool: Spool, needed: set[str] | None = None) -> None:
        self.spool = spool
        self._spooled = set(needed or ())
        self._written = set(self._spooled)
        spool.keep_only(self._spooled)

    def take_over(self, encounter: Encounter, source: Spool) -> None:
        """Copy an encounter's pictures out of the vehicle's spool."""
        for sighting in encounter.sightings:
            if sighting.picture is not None and sighting.picture.sha256 not in self._spooled:
                self._spooled.add(self.spool.put(source.get(sighting.picture.sha256)))

    def sweep(self, needed: set[str]) -> None:
        """Throw away what no site needs any more, once that has been written down: when the next look is swept."""
        still = needed | self._written
        for name in self._spooled - still:
            self.spool.discard(name)
        self._spooled &= still
        self._written = set(needed)


def _named(followed: tuple[Followed, ...]) -> set[str]:
    return {s.picture.sha256 for one in followed for s in one.sightings if s.picture is not None}
