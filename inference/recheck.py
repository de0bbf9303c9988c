"""The old place once more (核查): does what was found there still stand there?

One look never decides; whoever asks waits for several looks that agree.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from inference.detections import Box, Detection, Detections
from inference.errors import EvidenceError, PictureRefused
from inference.evidence.store import EvidenceStore
from inference.findings import EvidenceRole, Finding
from inference.frame import Frame, ImageBGR, ImageLuma, Original
from inference.pipeline import Look, finding_key
from inference.sight import Sight
from inference.sources.pictures import ArrayPicture, decode_original
from inference.stays.appearance import SIDE, is_grey, likeness, patch_of
from inference.stays.boxes import area, clipped, covered_by_any, in_pixels, overlap
from inference.stays.families import LIGHT_VEHICLES, PEOPLE, RUBBISH, STALL_PARTS, STALLS, VEHICLES, Family, family_of
from inference.stays.matching import LEAST_VISIBLE, PICTURE
from inference.stays.places import HIDING_SHARE
from inference.stays.registration import Registration, luma_size
from inference.stays.stay import Glimpse

SAME_BOX = 0.7
"""A box of the family that overlaps the old one by more (intersection over union) is the matter itself."""

DARK_GREY_LEVEL = 40
"""A picture of which 95 % is darker shows nothing that could be missed."""

FOUND_AT = 0.15
"""Confidence from which a detection hides a place, or fills it: lower than for opening a stay, on the safe side."""

LEAST_FREE = 0.6
"""Share of a place that no box may cover for what is left to tell anything: a car that moved on by half stays put."""

MOSTLY = 0.5
"""Share of a place that a box of the family covers when it is the matter itself, drawn otherwise than before."""

PASSING = (VEHICLES, LIGHT_VEHICLES, PEOPLE)
"""What comes and goes: another one of them in the old place may only stand in front of it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OldPlace:
    """A place that is looked at again, as it was when the finding was made.

    Attributes:
        finding: the finding's key.
        kind, zone, camera: of the finding; they lead to its stay.
        family: of what stood there; None where no family of today knows it.
        box: where, in fractions of the picture from before.
        luma: that picture in grey, of `luma_size`.
        patch: what stood there; None where it was too small to be compared.
        grey: whether the picture from before has no colour.
    """

    finding: str
    kind: str
    camera: str
    zone: str
    family: Family | None
    box: Box
    luma: ImageLuma
    patch: bytes | None
    grey: bool

    @classmethod
    def of(cls, finding: Finding, store: EvidenceStore) -> Self:
        """The place of a finding, from its last panorama.

        Raises:
            EvidenceError: the panorama is missing or changed, so that nothing can be compared with it.
        """
        last = next((ref for ref in finding.evidence if ref.role is EvidenceRole.LAST), None)
        if last is None:
            raise EvidenceError(f"finding {finding.key} has no last picture, so its place cannot be compared")
        try:
            pixels = decode_original(Original(data=store.get(last.sha256), media_type=last.media_type))
        except PictureRefused as error:
            raise EvidenceError(f"picture {last.sha256} cannot be compared with anything: {error}") from error
        height, width = pixels.shape[:2]
        x1, y1, x2, y2 = finding.box
        return cls(
            finding=finding.key,
            kind=finding.kind,
            camera=finding.camera,
            zone=finding.zone,
            family=family_of(finding.object_class),
            box=(x1 / width, y1 / height, x2 / width, y2 / height),
            luma=ArrayPicture(pixels=pixels).luma(luma_size((width, height))),
            patch=patch_of(pixels, finding.box),
            grey=is_grey(pixels),
        )


class PlaceWatch:
    """Looks at one old place, one frame after the other. Not thread safe.

    Args:
        place: what is looked at.
    """

    def __init__(self, place: OldPlace) -> None:
        self._place = place
        self._registration = Registration(place.luma)
        self._last: bytes | None = None
        self.box: Box = place.box
        """Where the place lies in the picture of the last look, in fractions of it."""

    def see(self, frame: Frame, look: Look) -> Sight:
        """What an inspected frame shows of the place.

        Args:
            frame: of the place's camera.
            look: what its inspector made of the frame.
        """
        luma = frame.picture.luma(luma_size(frame.picture.size_wh))
        before, self._last = self._last, luma.tobytes()
        if before == self._last:
            return Sight.FROZEN
        if float(np.percentile(luma, 95)) < DARK_GREY_LEVEL:
            return Sight.DARK
        if look.view_lost or look.detections is None:
            return Sight.TURNED
        if self._stays(look):
            return Sight.THERE
        view = self._registration.locate(luma)
        if view.lost:
            return Sight.TURNED
        self.box = view.to_picture(self._place.box)
        visible = clipped(self.box, PICTURE)
        if area(visible) < LEAST_VISIBLE * area(self.box):
            return Sight.TURNED
        seen = _in_fractions(look.detections, frame.picture.size_wh)
        return self._filled(visible, seen) or self._compared(visible, seen, frame.picture.bgr())

    def _stays(self, look: Look) -> bool:
        """Whether the very stay of the finding goes on."""
        place = self._place
        return any(
            entry.glimpse in (Glimpse.DETECTED, Glimpse.HELD)
            and finding_key(place.camera, place.kind, place.zone, entry.stay.key) == place.finding
            for entry in look.entries
        )

    def _filled(self, where: Box, seen: Sequence[Detection]) -> Sight | None:
        """What the detections say, or None where they leave the place free."""
        own = [d.box for d in seen if self._is_of_family(d.name)]
        if any(overlap(where, box) > SAME_BOX for box in own):
            return Sight.THERE
        stays_put = self._place.family is not None and self._place.family not in PASSING
        if stays_put and covered_by_any(where, own) >= HIDING_SHARE:
            return Sight.THERE  # a pile that grew, or half of it: rubbish does not pass by
        return None

    def _is_of_family(self, name: str) -> bool:
        family = family_of(name)
        if self._place.family in (STALLS, STALL_PARTS):
            return family in (STALLS, STALL_PARTS)
        return family is not None and family is self._place.family

    def _compared(self, where: Box, seen: Sequence[Detection], picture: ImageBGR) -> Sight:
        """What can be seen of the place, compared with how it looked.

        At a full kerb, boxes of neighbours reach over one another: what counts is the part that no box covers.
        """
        place, alike = self._place, (self._place.family or RUBBISH).alike
        free = _free_of(where, [d.box for d in seen])
        patch = patch_of(picture, in_pixels(where, (picture.shape[1], picture.shape[0])))
        if place.patch is None or patch is None or is_grey(picture) != place.grey:
            return Sight.UNSURE if free.mean() > 1 - HIDING_SHARE else Sight.HIDDEN
        own = [d.box for d in seen if self._is_of_family(d.name)]
        if covered_by_any(where, own) >= MOSTLY and likeness(place.patch, patch) >= alike:
            return Sight.THERE  # its box is another one today, e.g. because what hid half of it has gone
        if free.mean() < LEAST_FREE:
            return Sight.HIDDEN
        return Sight.UNSURE if likeness(place.patch, patch, free) >= alike else Sight.EMPTY


def _free_of(where: Box, boxes: Sequence[Box]) -> NDArray[np.bool_]:
    """(SIDE, SIDE): which parts of `where` no box covers."""
    steps = (np.arange(SIDE) + 0.5) / SIDE
    x = where[0] + steps * (where[2] - where[0])
    y = where[1] + steps * (where[3] - where[1])
    free = np.ones((SIDE, SIDE), np.bool_)
    for left, top, right, bottom in boxes:
        free &= ~np.outer((top <= y) & (y <= bottom), (left <= x) & (x <= right))
    return free


def _in_fractions(detections: Detections, size_wh: tuple[int, int]) -> list[Detection]:
    width, height = size_wh
    return [
        Detection(
            name=d.name,
            confidence=d.confidence,
            box=(d.box[0] / width, d.box[1] / height, d.box[2] / width, d.box[3] / height),
        )
        for d in detections
        if d.confidence >= FOUND_AT
    ]
