"""Passes at work: every picture is a point of the track, and what it shows is written down together with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from api.store.pass_questions import PassQuestions
from api.work.pass_spools import PassSpools
from api.work.patrol_recheck import PassedPlaces
from cases.intake import Intake, Outcome
from cases.patrolling.coverage import seen_from
from cases.patrolling.passes import Pass, PassKind, PassLog, PassStep, TrackPoint
from inference.crossings import crossing
from inference.detector import Detector
from inference.evidence.store import EvidenceStore
from inference.findings import Finding
from inference.frame import Frame
from inference.geo import LatLon
from inference.patrol.camera import PatrolCamera
from inference.patrol.dossier import DossierWriter
from inference.patrol.inspector import CitySites, PatrolInspector, PatrolSeeing
from inference.patrol.pass_memory import read_site, written_site
from inference.patrol.pictures import SitePictures
from inference.patrol.pose import Pose
from inference.patrol.site_book import SiteBook

UNKNOWN_METRES = 1000.0
"""How far a place may be off where no pose is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PatrolDesk:
    """What all passes of a city share.

    Attributes:
        seeing: detector, rules and map.
        intake: where findings go.
        log: writes passes down.
        passes: what was written down before.
        evidence: pictures for good.
        spools: where pictures wait.
        mounts: how each vehicle's camera sits, by vehicle; one that is missing here is not looked at.
        names: of vehicles for people, in captions.
        timezone: of captions.
        places: handled matters that a vehicle may pass; None where nobody asks.
    """

    seeing: PatrolSeeing
    intake: Intake
    log: PassLog
    passes: PassQuestions
    evidence: EvidenceStore
    spools: PassSpools
    mounts: Mapping[str, PatrolCamera]
    names: Mapping[str, str]
    timezone: tzinfo
    places: PassedPlaces | None = None

    @property
    def detector(self) -> Detector:
        """That looks."""
        return self.seeing.detector

    def sites(self) -> CitySites:
        """All sites as they were written down last.

        Raises:
            MemoryUnreadable: one is damaged.
            EvidenceError: their pictures cannot be used.
        """
        book = SiteBook(map(read_site, self.passes.sites()))
        pictures = SitePictures(self.spools.sites(), book.pictures())
        dossiers = DossierWriter(
            pictures=pictures.spool, store=self.evidence, detector=self.detector, timezone=self.timezone
        )
        return CitySites(book=book, pictures=pictures, dossiers=dossiers, is_over=self.passes.is_over)

    def tidy(self) -> None:
        """Remove the pictures of passes that are over, or never were written down: a worker may have died before it.

        Raises:
            EvidenceError: they cannot be removed.
            StoreError: the database cannot be read.
        """
        for id in self.spools.passes():
            known = self.passes.one(id)
            if known is None or known[0].ended:
                self.spools.forget(id)


class OpenPass:
    """One pass that goes on. Not thread safe; after any error it is thrown away and read anew from the store.

    Args:
        desk: shared.
        sites: shared by all open passes of a process.
        begun: the pass; one that is written down goes on where it was.
    """

    def __init__(self, desk: PatrolDesk, sites: CitySites, begun: Pass) -> None:
        known = desk.passes.one(begun.id)
        self.now, memory = known or (begun, None)
        self._desk = desk
        self._sites = sites
        self._inspector = PatrolInspector(
            self.now.vehicle,
            desk.mounts[self.now.vehicle],
            desk.seeing,
            sites,
            desk.spools.of(begun.id),
            started=self.now.started_at,
            name=desk.names.get(self.now.vehicle, ""),
            remembered=memory or None,
        )
        self.cases_opened = 0

    def choice(self, ahead: Sequence[Pose | None], then: Pose | None) -> int | None:
        """Which of a recording's next pictures is inspected: see `PatrolInspector.choice`."""
        return self._inspector.choice(ahead, then)

    def look(self, frame: Frame, pose: Pose | None, stated: LatLon | None = None, sha256: str | None = None) -> None:
        """Take in one picture: inspect it where that is due, and write down all that comes of it.

        Args:
            frame: not before the last one.
            pose: of it.
            stated: where its sender says it was, for a picture without a pose.
            sha256: of what was sent; None for recordings.

        Raises:
            PictureRefused: it cannot be decoded; it is a point of the track all the same.
            EvidenceError: pictures cannot be kept.
            StoreError: nothing was written down.
        """
        look = self._inspector.look(frame, pose, wanted=self.now.kind is PassKind.RECORDING)
        point = _point(frame.captured_at, pose, stated, looked=look.skipped is None, sha256=sha256)
        points = (point,) if point else ()
        seen = (
            seen_from(self._desk.log.roads, point.place, point.off_metres, point.at) if point and point.looked else ()
        )
        after = self.now.further(points, frame.pts if self.now.kind is PassKind.RECORDING else 0.0, len(look.findings))
        memory = self._inspector.memory() if self._inspector.has_changed else None
        crossing("pass.looked")
        self._write(PassStep(after=after, memory=memory, points=points, seen=seen), look.findings)
        if self._desk.places is not None and pose is not None:
            # A worker that dies here has lost one look at it: the question stays open, and the next look answers.
            crossing("pass.rechecking")
            vehicle = self.now.vehicle
            name = self._desk.names.get(vehicle, vehicle)
            self._desk.places.look(frame, pose, look, self._desk.mounts[vehicle], name)

    def only_note(self, at: datetime, stated: LatLon, sha256: str) -> None:
        """Take in a picture that cannot be inspected, e.g. because newer ones have been: a point of the track."""
        point = _point(at, None, stated, looked=False, sha256=sha256)
        self._write(
            PassStep(after=self.now.further((point,) if point else (), 0.0, 0), points=(point,) if point else ())
        )

    def end(self) -> None:
        """End the pass: what was still in sight is judged as well.

        Raises:
            EvidenceError: pictures cannot be kept.
            StoreError: nothing was written down.
        """
        if not self.now.ended:
            findings = self._inspector.finish()
            self._write(PassStep(after=self.now.over(len(findings)), memory=b""), findings)
        self._desk.spools.forget(self.now.id)

    def break_off(self) -> None:
        """Leave a pass that cannot go on as it is: what was still in sight is judged, and forgotten with its pictures.

        Raises:
            EvidenceError: pictures cannot be kept.
            StoreError: nothing was written down.
        """
        if self.now.pictures:
            findings = self._inspector.finish()
            self._write(PassStep(after=self.now.further((), 0.0, len(findings)), memory=b""), findings)
        self._desk.spools.forget(self.now.id)

    def _write(self, step: PassStep, findings: tuple[Finding, ...] = ()) -> None:
        changes = self._sites.book.take_changes()
        whole = step.with_sites({site.key: written_site(site) for site in changes.saved}, changes.gone)
        taken = self._desk.intake.record_pass(self._desk.log, whole, findings)
        crossing("pass.written_down")
        self.cases_opened += sum(one.outcome is Outcome.OPENED for one in taken)
        self.now = step.after


def _point(
    at: datetime, pose: Pose | None, stated: LatLon | None, *, looked: bool, sha256: str | None
) -> TrackPoint | None:
    if pose is None:
        return TrackPoint(at=at, place=stated, off_metres=UNKNOWN_METRES, frame=sha256) if stated else None
    return TrackPoint(
        at=at,
        place=pose.where,
        off_metres=pose.position_error,
        speed=pose.speed,
        heading=pose.heading,
        looked=looked,
        frame=sha256,
    )
