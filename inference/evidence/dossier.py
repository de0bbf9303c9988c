"""Everything that is kept for one finding: panoramas, originals, the target, copies to explain and to show, a list."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo

from inference.detections import Box
from inference.errors import EvidenceError
from inference.evidence.captions import caption
from inference.evidence.kept import KeptPicture
from inference.evidence.manifest import Manifest, ManifestItem
from inference.evidence.overlay import Outline, overlay
from inference.evidence.panorama import JPEG, Panorama, develop, encode_jpeg
from inference.evidence.privacy import public_copy
from inference.evidence.regions import region
from inference.evidence.store import EvidenceStore
from inference.findings import EvidenceRef, EvidenceRole, ViolationKind
from inference.frame import ImageBGR, SizeWH
from inference.geo import LatLon

MINIMUM_INTERVAL_SECONDS = 10.0
"""Between first and last panorama of a stationary violation (GA/T 832-2014, image evidence of traffic offences).

Garbage and stalls stand as well and are held to the same."""

CROP_MARGIN = 0.15
"""Of the target's width and height, on each side of its close-up."""

PRIVATE_TARGETS = frozenset({ViolationKind.ILLEGAL_PARKING})
"""Kinds whose target itself carries a number plate and is masked in the public copy, whatever else was found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingFacts:
    """What the pictures of a finding are explained with.

    Attributes:
        key: of the finding.
        kind: what it is.
        camera: identifier of the camera or vehicle.
        device_name: what people call it; may be empty.
        place_name: what people call the place; may be empty.
        where: WGS84, if known.
        rule: name and version of the rule, with the dwell it required.
        seen_for: seconds that count.
        zone: as it is drawn on the pictures; None where there is nothing to draw, e.g. from a moving camera.
        first: the look that the stay began with.
        best: the look with the highest confidence.
        last: the look that satisfied the rule.
        least_interval: seconds between the two panoramas; a patrol that drives past has two at once, which is no
            evidence for a penalty, and its findings say so.
        private_boxes: every person and vehicle in `last`, at a low threshold; None where nobody looked, and then no
            public copy is made.
        timezone: of the city.
    """

    key: str
    kind: ViolationKind
    camera: str
    device_name: str
    place_name: str
    where: LatLon | None
    rule: str
    seen_for: float
    zone: Outline | None
    first: KeptPicture
    best: KeptPicture
    last: KeptPicture
    private_boxes: tuple[Box, ...] | None
    timezone: tzinfo
    least_interval: float = MINIMUM_INTERVAL_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """Something to keep. `size_wh`: pixels."""

    role: EvidenceRole
    of: EvidenceRole | None = None
    data: bytes
    media_type: str = JPEG
    captured_at: datetime
    size_wh: SizeWH


class EvidenceWriter:
    """Develops what was kept and writes a finding's dossier."""

    def __init__(self, store: EvidenceStore) -> None:
        self._store = store

    def write(self, facts: FindingFacts) -> tuple[EvidenceRef, ...]:
        """Keep the dossier of one finding, the manifest last.

        The same facts give the same bytes: after a crash this is simply called again.

        Raises:
            EvidenceError: the panoramas are too close in time, or a picture cannot be developed, cropped or kept.
        """
        interval = (facts.last.captured_at - facts.first.captured_at).total_seconds()
        if interval < facts.least_interval:
            raise EvidenceError(
                f"finding {facts.key} has panoramas {interval:.1f} s apart and needs {facts.least_interval:.0f} s; "
                "wait for a later picture"
            )
        items = tuple(self._keep(piece) for piece in self._pieces(facts, interval))
        manifest = Manifest(
            version=1,
            finding=facts.key,
            kind=facts.kind,
            camera=facts.camera,
            first_captured_at=facts.first.captured_at,
            last_captured_at=facts.last.captured_at,
            interval_seconds=interval,
            items=items,
        ).canonical()
        return (
            *(_reference(item) for item in items),
            EvidenceRef(
                role=EvidenceRole.MANIFEST,
                sha256=self._store.put(manifest),
                media_type="application/json",
                size_bytes=len(manifest),
                captured_at=facts.last.captured_at,
            ),
        )

    def _pieces(self, facts: FindingFacts, interval: float) -> Iterator[_Piece]:
        first = develop(facts.first, self._store)
        yield from _panorama(EvidenceRole.FIRST, facts.first, first)
        yield _explained(facts, EvidenceRole.FIRST, facts.first, first, "1/2 首次 First")
        last = develop(facts.last, self._store)
        yield from _panorama(EvidenceRole.LAST, facts.last, last)
        yield _explained(facts, EvidenceRole.LAST, facts.last, last, f"2/2 末次 Last +{interval:.0f} s")
        yield from _public(facts, last)
        seen = {facts.first.sha256: first, facts.last.sha256: last}
        best = seen.get(facts.best.sha256) or develop(facts.best, self._store)
        yield from _panorama(EvidenceRole.BEST, facts.best, best)
        yield _crop(facts.best, best)

    def _keep(self, piece: _Piece) -> ManifestItem:
        return ManifestItem(
            role=piece.role,
            of=piece.of,
            sha256=self._store.put(piece.data),
            media_type=piece.media_type,
            size_bytes=len(piece.data),
            captured_at=piece.captured_at,
            width=piece.size_wh[0],
            height=piece.size_wh[1],
        )


def _panorama(role: EvidenceRole, kept: KeptPicture, panorama: Panorama) -> Iterator[_Piece]:
    yield _Piece(role=role, data=panorama.jpeg, captured_at=kept.captured_at, size_wh=panorama.size_wh)
    if panorama.original is not None:
        yield _Piece(
            role=EvidenceRole.ORIGINAL,
            of=role,
            data=panorama.original.data,
            media_type=panorama.original.media_type,
            captured_at=kept.captured_at,
            size_wh=panorama.size_wh,
        )


def _explained(facts: FindingFacts, role: EvidenceRole, kept: KeptPicture, panorama: Panorama, note: str) -> _Piece:
    words = caption(
        kind=facts.kind,
        note=note,
        captured_at=kept.captured_at,
        timezone=facts.timezone,
        place=facts.place_name,
        where=facts.where,
        device=" ".join(filter(None, (facts.camera, facts.device_name))),
        rule=facts.rule,
        seen_for=facts.seen_for,
    )
    picture = overlay(panorama.pixels, kept.box, facts.zone, words)
    return _drawn(EvidenceRole.OVERLAY, role, kept, picture)


def _public(facts: FindingFacts, last: Panorama) -> Iterator[_Piece]:
    private = facts.private_boxes
    if private is not None and facts.kind in PRIVATE_TARGETS:
        private = (*private, facts.last.box)
    picture = public_copy(last.pixels, private, facts.last.box)
    if picture is not None:
        yield _drawn(EvidenceRole.PUBLIC, EvidenceRole.LAST, facts.last, picture)


def _crop(kept: KeptPicture, panorama: Panorama) -> _Piece:
    place = region(kept.box, panorama.size_wh, CROP_MARGIN)
    if place is None:
        width, height = panorama.size_wh
        raise EvidenceError(f"the target's box {kept.box} lies outside its picture of {width}x{height} pixels")
    return _drawn(EvidenceRole.CROP, EvidenceRole.BEST, kept, place.of(panorama.pixels))


def _drawn(role: EvidenceRole, of: EvidenceRole, kept: KeptPicture, picture: ImageBGR) -> _Piece:
    return _Piece(
        role=role,
        of=of,
        data=encode_jpeg(picture),
        captured_at=kept.captured_at,
        size_wh=(picture.shape[1], picture.shape[0]),
    )


def _reference(item: ManifestItem) -> EvidenceRef:
    return EvidenceRef(
        role=item.role,
        of=item.of,
        sha256=item.sha256,
        media_type=item.media_type,
        size_bytes=item.size_bytes,
        captured_at=item.captured_at,
    )
