"""The path of one camera: frame → gate → detector → stays → rules → finding with evidence."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

from inference import memory
from inference.camera import CameraView
from inference.detections import Box, Detections
from inference.detector import Detector
from inference.evidence.dossier import EvidenceWriter, FindingFacts
from inference.evidence.keeping import PictureKeeper, with_pictures
from inference.evidence.overlay import Outline
from inference.evidence.private import private_boxes
from inference.evidence.spool import Spool
from inference.evidence.store import EvidenceStore
from inference.findings import Finding
from inference.frame import Frame
from inference.gate import GATE_WH, Gate
from inference.geo import LatLon
from inference.outlook import Outlook
from inference.rules.rule import LEAST_DETECTIONS, LEAST_STANDING, Grounds, Rule, Scene
from inference.stays.book import Entry, StayBook
from inference.stays.boxes import contact, in_pixels
from inference.stays.matching import candidates_of
from inference.stays.registration import STILL, Registration, View, luma_size
from inference.stays.stay import Glimpse, Stay
from inference.zones.zone import WHOLE_PICTURE

OVERDUE = timedelta(seconds=60)
"""How long a rule that is due may keep the gate open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What came of one frame.

    Attributes:
        findings: new ones.
        gated: nothing had changed, so nobody looked closer.
        view_lost: the camera does not look where its zones were drawn; no rule was asked.
        detections: what was detected; None when gated.
        entries: what this look showed of every stay.
        due: capture time from which on a rule wants a look, whether anything changes or not; None where none waits.
    """

    findings: tuple[Finding, ...] = ()
    gated: bool = False
    view_lost: bool = False
    detections: Detections | None = None
    entries: tuple[Entry, ...] = ()
    due: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeing:
    """How a camera is looked at.

    Attributes:
        detector: shared by all cameras.
        opens_at: confidence per class from which an object counts as sure.
        keeps_at: confidence that is enough to see a known object again.
        rules: asked in this order.
    """

    detector: Detector
    opens_at: dict[str, float]
    keeps_at: float
    rules: Sequence[Rule]


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """Where one camera's pictures go: into its own `spool` while nothing has come of them, into `store` for good.

    Attributes:
        spool: of this camera alone; it is cleared of what the camera does not remember.
        store: may be shared.
        timezone: of captions.
    """

    spool: Spool
    store: EvidenceStore
    timezone: tzinfo


class Inspector:
    """Looks at the frames of one camera, one after the other.

    Not thread safe; one inspector per camera. After `look`, `memory()` is the state to resume from.
    """

    def __init__(
        self,
        camera: CameraView,
        seeing: Seeing,
        keeping: Keeping,
        *,
        gate: Gate | None = None,
        remembered: bytes | None = None,
    ) -> None:
        """Start afresh, or from what `memory()` gave before a restart.

        Raises:
            MemoryUnreadable: `remembered` is damaged or from another version.
            EvidenceError: the spool cannot be used.
        """
        self.camera = camera
        self._seeing = seeing
        self._keeping = keeping
        self._gate = gate or Gate()
        self._rules = () if camera.moving else tuple(seeing.rules)  # each of them asks since when something stands
        past = memory.read(remembered) if remembered else None
        stays = tuple(with_pictures(stay, keeping.spool) for stay in past.stays) if past else ()
        self._book = StayBook(
            camera.id, seeing.opens_at, seeing.keeps_at, stays, last_look=past.last_look if past else None
        )
        self._keeper = PictureKeeper(keeping.spool, stays)
        home = memory.registration(past) if past else Registration()
        self._outlook = Outlook(home, may_rehome=_covers_all(camera))
        self._reference = past.reference if past else None
        self._due: datetime | None = None

    @property
    def seeing(self) -> Seeing:
        """How it looks."""
        return self._seeing

    def look_with(self, seeing: Seeing) -> None:
        """Go on with another model: what stands goes on standing, and is judged by the new one's thresholds."""
        self._seeing = seeing
        self._rules = () if self.camera.moving else tuple(seeing.rules)
        self._book.opens_at, self._book.keeps_at = seeing.opens_at, seeing.keeps_at

    @property
    def looks_away_since(self) -> datetime | None:
        """Since when the camera does not look where its zones were drawn; None while it does."""
        return self._outlook.away_since

    def memory(self) -> bytes:
        """The snapshot to resume from after a restart."""
        reference = self._outlook.home.reference
        if self._reference is None and reference is not None:
            self._reference = memory.as_jpeg(reference)
        return memory.written(self._book.stays, self._book.last_look, self._reference, self._outlook.home.last)

    def look(self, frame: Frame) -> Look:
        """Inspect one frame.

        Whoever resumes from `memory()` after a crash has written it down after every look: pictures that the last look
        gave up are thrown away in the next.

        Raises:
            EvidenceError: a finding's pictures cannot be kept; the finding is not lost, the next look makes it again.
        """
        if not self._gate.wants(frame.picture.luma(GATE_WH), frame.captured_at, self._due):
            return Look(gated=True, due=self._due)
        self._keeper.sweep(self._book.stays)
        view = self._view(frame)
        if view is None:
            self._gate.reopen()
            return Look(view_lost=True)
        size_wh = frame.picture.size_wh
        small = frame.picture.bgr(self._seeing.detector.input_wh_for(size_wh))
        detections = self._seeing.detector.detect(small, size_wh)
        candidates = candidates_of(list(detections), size_wh)
        entries, _ = self._book.look(candidates, view, small, frame.captured_at)
        self._keeper.see(frame)
        entries, findings = self._judge(frame, view, entries)
        return Look(findings=findings, detections=detections, entries=tuple(entries), due=self._due)

    def _view(self, frame: Frame) -> View | None:
        if self.camera.moving:
            return STILL
        luma = frame.picture.luma(luma_size(frame.picture.size_wh))
        view = self._outlook.look(luma, frame.captured_at)
        if view is None:
            view = self._outlook.rehome(luma, frame.captured_at)
            if view is not None:
                self._book.clear()
                self._reference = None
        return view

    def _judge(self, frame: Frame, view: View, entries: list[Entry]) -> tuple[list[Entry], tuple[Finding, ...]]:
        scene = Scene(camera=self.camera, at=frame.captured_at, entries=entries, opens_at=self._seeing.opens_at)
        by_key = {entry.stay.key: entry for entry in entries}
        dues: list[datetime] = []
        for rule in self._rules:
            for concern in rule.concerns(scene):
                entry = by_key[concern.stay.key]
                if rule.kind in entry.stay.reported:
                    continue
                dues.append(concern.due)
                if entry.glimpse is Glimpse.DETECTED and entry.box is not None:
                    stay = self._keeper.keep(entry.stay, entry.box, entry.confidence, frame, concern.counts_from)
                    by_key[stay.key] = replace(entry, stay=stay)
        self._due = _next_due(dues, entries, frame.captured_at)
        self._book.amend([entry.stay for entry in by_key.values()])
        findings = [
            finding
            for rule in self._rules
            for grounds in rule.check(replace(scene, entries=list(by_key.values())))
            if (finding := self._found(grounds, frame, view, by_key)) is not None
        ]
        self._book.amend([entry.stay for entry in by_key.values()])  # only now: an error above loses no finding
        return list(by_key.values()), tuple(findings)

    def _found(self, grounds: Grounds, frame: Frame, view: View, by_key: dict[str, Entry]) -> Finding | None:
        concern, kind = grounds.concern, grounds.concern.kind
        entry = by_key[concern.stay.key]
        stay = entry.stay
        together = [by_key[other.key].stay for other in grounds.with_stays]
        if entry.box is None or stay.first is None or stay.best is None or kind in stay.reported:
            return None
        if frame.captured_at - stay.first.captured_at < LEAST_STANDING:
            return None
        if any(kind in other.reported for other in together):  # a part more of a stall that is known already
            _report([stay], kind, by_key)
            return None
        finding = self._written(grounds, stay, entry.box, frame, view)
        _report([stay, *together], kind, by_key)
        return finding

    def redraw(self, camera: CameraView) -> None:
        """Go on with other zones of the same camera: what stands goes on standing, and is judged by the new ones."""
        self.camera = camera
        self._outlook.may_rehome = _covers_all(camera)

    def _on_ground(self, stay: Stay) -> LatLon | None:
        return self.camera.ground.place(contact(stay.anchor)) if self.camera.ground else None

    def _written(self, grounds: Grounds, stay: Stay, box: Box, frame: Frame, view: View) -> Finding:
        concern = grounds.concern
        last = self._keeper.picture(frame, box, stay.confidences[-1])
        first, best = stay.first or last, stay.best or last
        for kept in (first, best, last):
            self._keeping.store.put(self._keeping.spool.get(kept.sha256))
        where = frame.position or self._on_ground(stay) or self.camera.position
        zone = concern.zone
        key = finding_key(self.camera.id, concern.kind, zone.id, stay.key)
        facts = FindingFacts(
            key=key,
            kind=concern.kind,
            camera=self.camera.id,
            device_name="",
            place_name=" · ".join(filter(None, (self.camera.name, zone.id))),
            where=where,
            rule=grounds.rule,
            seen_for=(frame.captured_at - concern.counts_from) / timedelta(seconds=1),
            zone=Outline(points=zone.points, closed=not zone.is_line) if view.drawable else None,
            first=first,
            best=best,
            last=last,
            private_boxes=private_boxes(self._seeing.detector, frame.picture.bgr()),
            timezone=self._keeping.timezone,
        )
        return Finding(
            key=key,
            kind=concern.kind,
            camera=self.camera.id,
            first_seen=stay.first_seen,
            last_seen=frame.captured_at,
            seen_for=facts.seen_for,
            confidence=stay.confidence,
            object_class=stay.object_class,
            box=in_pixels(box, frame.picture.size_wh),
            where=where,
            zone=zone.id,
            rule=grounds.rule,
            evidence=EvidenceWriter(self._keeping.store).write(facts),
        )


def _covers_all(camera: CameraView) -> bool:
    return all(zone.points == WHOLE_PICTURE for zone in camera.zones)


def _report(stays: Sequence[Stay], kind: str, by_key: dict[str, Entry]) -> None:
    for stay in stays:
        told = replace(stay, reported=tuple(dict.fromkeys((*stay.reported, kind))))
        by_key[stay.key] = replace(by_key[stay.key], stay=told)


def _next_due(dues: Sequence[datetime], entries: Sequence[Entry], at: datetime) -> datetime | None:
    """When the gate must let a picture through although nothing changes.

    At once while something new has still to be seen again, then when a rule may be satisfied; a rule that is not
    satisfied long after it was due gets its looks with all the others.
    """
    if any(e.glimpse is Glimpse.DETECTED and e.stay.detections < LEAST_DETECTIONS for e in entries):
        return at
    return min((due for due in dues if due + OVERDUE > at), default=None)


def finding_key(camera: str, kind: str, zone: str, stay: str) -> str:
    """Name of a finding: the same stay under the same rule has the same name after any restart or replay."""
    return hashlib.sha256(f"{camera}|{kind}|{zone}|{stay}".encode()).hexdigest()[:32]
