"""The path of one pass: frame and pose → quality → detector → places → encounters → sites → rules → finding."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from inference.detections import Detections
from inference.detector import Detector
from inference.evidence.spool import Spool
from inference.findings import Finding
from inference.frame import Frame
from inference.patrol.camera import PatrolCamera
from inference.patrol.dossier import DossierWriter, finding_key
from inference.patrol.encounter import Encounter
from inference.patrol.following import Followed, Following
from inference.patrol.looking import grey_of, seen_in, small_picture, with_plates
from inference.patrol.meeting import encounter_of
from inference.patrol.pass_memory import VERSION, PassMemory, read_pass, written_pass
from inference.patrol.pictures import NOBODYS, PassPictures, SitePictures
from inference.patrol.plates import PlateReader
from inference.patrol.pose import Pose
from inference.patrol.quality import Flaw, Quality, QualityWatch
from inference.patrol.rules.rule import LEAST_VIEWS, Matter, PatrolRule
from inference.patrol.sampling import DistanceSampling
from inference.patrol.sighting import Sighting
from inference.patrol.site import Site
from inference.patrol.site_book import SiteBook
from inference.patrol.street_map import StreetMap

LOOK_AGAIN_METRES = 20.0
"""Something seen once from nearer than this is soon out of sight."""
ROW_METRES = 15.0
"""Around a site: what may stand in one row with it."""


class Skip(StrEnum):
    """Why a frame was not inspected."""

    NO_POSITION = "no_position"
    """Nobody knows where the vehicle was, or which way it pointed."""
    INSPECTED = "inspected"
    """This stretch has been inspected in this pass, or tried just before."""
    DARK = Flaw.DARK.value
    BLURRED = Flaw.BLURRED.value
    VEILED = Flaw.VEILED.value
    COVERED = Flaw.COVERED.value


@dataclass(frozen=True, slots=True, kw_only=True)
class PatrolLook:
    """What came of one frame.

    Attributes:
        findings: new ones.
        skipped: why nobody looked closer; None when inspected.
        quality: of the picture; None where it was not measured.
        detections: what was detected; None when skipped.
        sightings: what could be placed.
    """

    findings: tuple[Finding, ...] = ()
    skipped: Skip | None = None
    quality: Quality | None = None
    detections: Detections | None = None
    sightings: tuple[Sighting, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PatrolSeeing:
    """How patrols look, shared by all vehicles.

    Attributes:
        detector: shared.
        opens_at: confidence per class that counts as sure.
        keeps_at: confidence that is enough to be followed.
        rules: asked in this order.
        streets: the map, where there is one.
        plates: a plug-in that reads plates, where there is one.
    """

    detector: Detector
    opens_at: dict[str, float]
    keeps_at: float
    rules: Sequence[PatrolRule]
    streets: StreetMap | None = None
    plates: PlateReader | None = None


def never(_key: str, _at: datetime) -> bool:
    """Nobody knows of any end."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class CitySites:
    """What all vehicles of a city share.

    Attributes:
        book: the sites.
        pictures: of them.
        dossiers: who writes findings.
        is_over: whether the matter of a finding, by its key, was over at a time (aware UTC): handled and seen to be
            gone, or closed. Without anybody who knows, none is.
    """

    book: SiteBook
    pictures: SitePictures
    dossiers: DossierWriter
    is_over: Callable[[str, datetime], bool] = never


class PatrolInspector:
    """Looks at the frames of one pass of one vehicle, in order of time.

    Not thread safe, and neither is what `sites` holds. After each `look`, `memory()` is the state to resume from, and
    `sites.book.take_changes()` says which sites to write down with it.

    Args:
        vehicle: identifier, in every finding.
        camera: calibration.
        seeing: shared.
        sites: shared.
        spool: for pictures of what is in sight; of this vehicle alone.
        started: aware UTC, when the pass began.
        name: of the vehicle for people, in captions.
        remembered: what `memory()` gave before a restart; it says when the pass began, and wins over `started`.

    Raises:
        MemoryUnreadable: `remembered` is damaged or from another version.
        EvidenceError: the spool cannot be used.
    """

    def __init__(
        self,
        vehicle: str,
        camera: PatrolCamera,
        seeing: PatrolSeeing,
        sites: CitySites,
        spool: Spool,
        *,
        started: datetime,
        name: str = "",
        remembered: bytes | None = None,
    ) -> None:
        past = read_pass(remembered) if remembered else None
        self.vehicle = vehicle
        self.started = past.started if past else started
        self._camera = camera
        self._seeing = seeing
        self._sites = sites
        self._spool = spool
        self._name = name
        self._sampling = DistanceSampling(past.last, past.cells) if past else DistanceSampling()
        self._following = Following(past.followed if past else ())
        self._pictures = PassPictures(spool, (*self._following.open, *(past.gone if past else ())))
        self._quality = QualityWatch()
        self._counts = Counter(past.counts if past else {})
        self._written = self._following.open
        self._gone: list[Followed] = list(past.gone if past else ())
        self._asked: dict[str, None] = dict.fromkeys(past.asked if past else ())
        self._changed = past is None

    @property
    def counts(self) -> dict[str, int]:
        """Frames inspected (`looked`), and left out by `Skip`, in this pass."""
        return dict(self._counts)

    @property
    def has_changed(self) -> bool:
        """Whether there is more to remember than at the last snapshot: also while no picture is inspected."""
        return self._changed

    def memory(self) -> bytes:
        """The snapshot to resume from after a restart."""
        self._changed = False
        return written_pass(
            PassMemory(
                version=VERSION,
                vehicle=self.vehicle,
                started=self.started,
                last=self._sampling.last,
                cells=self._sampling.cells,
                followed=self._following.open,
                gone=tuple(self._gone),
                asked=tuple(self._asked),
                counts=dict(self._counts),
            )
        )

    def wants(self, pose: Pose | None) -> bool:
        """Whether a picture taken at a pose would be inspected; asked for every picture that comes by itself.

        Args:
            pose: when it was taken; None where nobody knows.
        """
        if pose is None or pose.heading is None:
            return False
        self._changed |= self._following.drive(pose)
        return self._sampling.wants(pose, closer=self._waits_for_second_view())

    def choice(self, ahead: Sequence[Pose | None], then: Pose | None) -> int | None:
        """Which of a recording's next pictures is inspected; asked before any of them is decoded.

        Asked again, it is given what comes after the picture that was chosen.

        Args:
            ahead: of the pictures in order, up to the next one that is decoded alone; None where nobody knows.
            then: of that one; None at the end.

        Returns:
            The index; None if none of them is.
        """
        chosen = self._sampling.choice(ahead, then, closer=self._waits_for_second_view())
        for pose in ahead if chosen is None else ahead[: chosen + 1]:
            if pose is not None and pose.heading is not None:
                self._changed |= self._following.drive(pose)
        return chosen

    def look(self, frame: Frame, pose: Pose | None, *, wanted: bool = False) -> PatrolLook:
        """Inspect one frame, where it shows a stretch that this pass has not inspected yet.

        Args:
            frame: of this vehicle, not before the one in front of it.
            pose: when it was taken; None where nobody knows (a tunnel, no receiver).
            wanted: it was chosen, or `wants` has been asked about it.

        Raises:
            EvidenceError: pictures cannot be kept; no finding is lost, the next look makes it again.
        """
        if pose is None or pose.heading is None:
            return self._skipped(Skip.NO_POSITION)
        if not wanted and not self.wants(pose):
            return self._skipped(Skip.INSPECTED)
        small = small_picture(frame, self._seeing.detector)
        quality = self._quality.measure(grey_of(small))
        if quality.flaw is not None:
            self._sampling.refused(pose)
            return self._skipped(Skip(quality.flaw.value), quality)
        self._pictures.sweep((*self._written, *self._following.open, *self._gone))
        self._written = self._following.open
        detections = self._seeing.detector.detect(small, frame.picture.size_wh)
        seen = seen_in(frame, detections, small, self._camera, pose, self._seeing.keeps_at)
        if self._seeing.plates is not None:
            seen = with_plates(seen, frame, self._seeing.plates)
        self._gone += self._following.look(seen, pose, self._camera, frame.picture.size_wh)
        self._sampling.inspected(pose)
        self._counts["looked"] += 1
        self._changed = True
        self._following.amend(lambda followed: self._pictures.keep(followed, frame))
        findings = self._judge()
        return PatrolLook(
            findings=findings, quality=quality, detections=detections, sightings=tuple(one.sighting for one in seen)
        )

    def finish(self) -> tuple[Finding, ...]:
        """End the pass: what is still in sight is an encounter as well. Returns the last findings.

        Raises:
            EvidenceError: pictures cannot be kept.
        """
        self._gone += self._following.finish()
        return self._judge()

    def _waits_for_second_view(self) -> bool:
        return any(map(_once_only, self._following.open))

    def _skipped(self, why: Skip, quality: Quality | None = None) -> PatrolLook:
        self._counts[why.value] += 1
        return PatrolLook(skipped=why, quality=quality)

    def _judge(self) -> tuple[Finding, ...]:
        """Encounters to sites, and the sites to the rules; a row of vehicles is asked again when it is complete.

        An error on the way loses nothing: what was not dealt with is dealt with in the next look.
        """
        book = self._sites.book
        while self._gone:
            followed = self._gone[0]
            if followed.family not in NOBODYS:
                encounter = encounter_of(followed, self.vehicle, self.started)
                self._sites.pictures.take_over(encounter, self._spool)
                self._let_go(encounter)
                site = book.add(encounter)
                self._asked |= dict.fromkeys((site.key, *(near.key for near in self._row_of(site, encounter))))
            del self._gone[0]
        if not self._asked:
            return ()
        found = [(site, f) for site in book.known(self._asked) for f in self._found(site)]
        for site, finding in found:
            book.reported(site, finding.kind)
        self._asked = {}
        if book.latest is not None:
            book.forget(book.latest)
        self._sites.pictures.sweep(book.pictures())
        return tuple(finding for _, finding in found)

    def _let_go(self, encounter: Encounter) -> None:
        """A matter that was over before this encounter is not the one that stands there now (复发)."""
        known = self._sites.book.site_of(encounter)
        if known is not None and any(
            self._sites.is_over(finding_key(kind, known), encounter.first_seen) for kind in known.reported
        ):
            self._sites.book.drop(known)

    def _row_of(self, site: Site, encounter: Encounter) -> list[Site]:
        """Other vehicles around, met in this pass, for which this one may be the witness."""
        near = self._sites.book.near(site.where, ROW_METRES)
        return [s for s in near if s.family == site.family and s.encounters[-1].started == encounter.started]

    def _found(self, site: Site) -> list[Finding]:
        others = tuple(self._sites.book.near(site.where, ROW_METRES))
        matter = Matter(site=site, others=others, streets=self._seeing.streets, opens_at=self._seeing.opens_at)
        findings: list[Finding] = []
        for rule in self._seeing.rules:
            if rule.kind in site.reported:
                continue
            grounds = rule.check(matter)
            finding = self._sites.dossiers.write(site, grounds, self._name) if grounds else None
            if finding is not None:
                findings.append(finding)
        return findings


def _once_only(followed: Followed) -> bool:
    """Whether something near has a single view so far."""
    return (
        followed.views < LEAST_VIEWS and followed.family not in NOBODYS and followed.last.distance <= LOOK_AGAIN_METRES
    )
