"""What zones would have found in the pictures that are at hand, without a trace of it afterwards."""

from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from api.work.ring import PictureRing
from inference.camera import CameraView
from inference.detections import Box
from inference.evidence.spool import MemorySpool
from inference.findings import Finding, ViolationKind
from inference.frame import Frame, SizeWH
from inference.pipeline import Inspector, Keeping, Seeing
from inference.sources.still_picture import still_picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One finding; fields as in `Finding`, but `box` in fractions of the picture."""

    kind: ViolationKind
    zone: str
    object_class: str
    confidence: float
    first_seen: datetime
    last_seen: datetime
    seen_for: float
    box: Box


@dataclass(slots=True, kw_only=True)
class Trial:
    """What came of it.

    Attributes:
        times: of all pictures, aware UTC, the oldest first.
        looked_at: pictures in which something had changed, or that were due.
        lost: pictures that do not show what the first of them shows: the camera was turned.
        found: what the rules found.
    """

    times: tuple[datetime, ...]
    looked_at: int = 0
    lost: int = 0
    found: list[Found] = field(default_factory=list[Found])


def try_out(view: CameraView, seeing: Seeing, ring: PictureRing, timezone: tzinfo) -> Trial:
    """Look at all pictures of a camera's ring as its worker would have, with other zones.

    Args:
        view: with the zones that are tried out.
        seeing: detector and rules.
        ring: the pictures.
        timezone: of captions.

    Raises:
        PictureRefused: a picture is damaged.
    """
    trial, memory = Trial(times=ring.times()), MemorySpool()
    inspector = Inspector(view, seeing, Keeping(spool=memory, store=memory, timezone=timezone))
    for at in trial.times:
        kept = ring.picture(at)
        if kept is None:
            continue  # it has given way to a newer one meanwhile
        picture = still_picture(kept[1])
        pts = (at - trial.times[0]).total_seconds()
        look = inspector.look(Frame(camera=view.id, captured_at=at, pts=pts, picture=picture))
        trial.looked_at += not (look.gated or look.view_lost)
        trial.lost += look.view_lost
        trial.found += [_found(finding, picture.size_wh) for finding in look.findings]
    return trial


def _found(finding: Finding, size_wh: SizeWH) -> Found:
    width, height = size_wh
    x1, y1, x2, y2 = finding.box
    return Found(
        kind=finding.kind,
        zone=finding.zone,
        object_class=finding.object_class,
        confidence=finding.confidence,
        first_seen=finding.first_seen,
        last_seen=finding.last_seen,
        seen_for=finding.seen_for,
        box=(x1 / width, y1 / height, x2 / width, y2 / height),
    )
