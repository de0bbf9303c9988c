"""A picture that may become evidence: its original bytes lie in the store, decoding waits until it is needed."""

from dataclasses import dataclass
from datetime import datetime

from inference.detections import Box


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPicture:
    """One look at a target, kept.

    Attributes:
        sha256: of the original bytes in the evidence store.
        media_type: `image/jpeg` for the sender's own picture, `video/h264` or `video/hevc` for a key packet.
        captured_at: aware UTC.
        box: the target in pixels of this picture.
        confidence: of the target in this picture, 0..1.
    """

    sha256: str
    media_type: str
    captured_at: datetime
    box: Box
    confidence: float
