"""The picture after (处置后): an old place as it is now, whole and with the place outlined."""

from dataclasses import dataclass
from datetime import tzinfo

from inference.detections import Box
from inference.evidence.captions import KIND_LABELS, Caption, local_time, one_line
from inference.evidence.overlay import overlay
from inference.evidence.panorama import JPEG, encode_jpeg
from inference.evidence.store import EvidenceStore
from inference.findings import EvidenceRef, EvidenceRole, ViolationKind
from inference.frame import Frame, Original
from inference.stays.boxes import in_pixels


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterFacts:
    """What the caption says.

    Attributes:
        kind: what stood there.
        place: name of the camera and its zone.
        result: what was seen, in both languages.
        timezone: of the city.
    """

    kind: ViolationKind
    place: str
    result: str
    timezone: tzinfo


def after_pictures(frame: Frame, box: Box, facts: AfterFacts, store: EvidenceStore) -> tuple[EvidenceRef, EvidenceRef]:
    """Keep what a frame shows of an old place.

    Args:
        frame: the deciding look.
        box: the place, in fractions of the frame.
        facts: for the caption.
        store: where the pictures are kept for good.

    Returns:
        The overlay, which people look at, and the whole picture without anything drawn: the sender's own JPEG where
        there is one.

    Raises:
        EvidenceError: a picture cannot be kept.
    """
    pixels = frame.picture.bgr()
    original = frame.picture.original()
    if original is None or original.media_type != JPEG:
        original = Original(data=encode_jpeg(pixels), media_type=JPEG)
    words = Caption(
        heading=KIND_LABELS[facts.kind],
        note="核查 Re-check",
        fields=(
            ("时间 Time", local_time(frame.captured_at, facts.timezone)),
            ("地点 Place", one_line(facts.place)),
            ("设备 Device", one_line(frame.camera)),
            ("结果 Result", one_line(facts.result)),
        ),
    )
    drawn = overlay(pixels, in_pixels(box, frame.picture.size_wh), None, words)
    return (
        _kept(encode_jpeg(drawn), EvidenceRole.OVERLAY, EvidenceRole.AFTER, frame, store),
        _kept(original.data, EvidenceRole.AFTER, None, frame, store),
    )


def _kept(data: bytes, role: EvidenceRole, of: EvidenceRole | None, frame: Frame, store: EvidenceStore) -> EvidenceRef:
    return EvidenceRef(
        role=role,
        of=of,
        sha256=store.put(data),
        media_type=JPEG,
        size_bytes=len(data),
        captured_at=frame.captured_at,
    )
