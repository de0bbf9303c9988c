"""Old places in front of one camera: what its looks say about them goes to the re-checks."""

import logging
from dataclasses import dataclass, field
from datetime import tzinfo

from cases.history import Proof
from cases.ports import CameraLease
from cases.recheck import Recheck, RecheckResult
from cases.rechecks import Rechecks
from inference.camera import CameraView
from inference.errors import EvidenceError
from inference.evidence.after import AfterFacts, after_pictures
from inference.evidence.store import EvidenceStore
from inference.findings import EvidenceRef, Finding
from inference.frame import Frame
from inference.pipeline import Look
from inference.recheck import OldPlace, PlaceWatch

RESULTS = {
    RecheckResult.GONE: "原处已清空 The place is empty",
    RecheckResult.STILL_THERE: "仍在原处 Still there",
}

logger = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class OldPlaces:
    """The old places of one camera. Whoever starts again goes on with what the re-checks remember.

    Attributes:
        rechecks: where the questions come from.
        view: of the camera.
        store: evidence, before and after.
        timezone: of captions.
        lease: under which the camera is watched.
    """

    rechecks: Rechecks
    view: CameraView
    store: EvidenceStore
    timezone: tzinfo
    lease: CameraLease | None = None
    _watches: dict[str, PlaceWatch] = field(default_factory=dict[str, PlaceWatch])

    def look(self, frame: Frame, look: Look) -> None:
        """Answer every open question that this look can answer.

        Args:
            frame: of the camera.
            look: what its inspector made of the frame; a gated one shows nothing new.

        Raises:
            EvidenceError: pictures cannot be kept; the question stays open, the next look answers it.
            LeaseLost: another worker watches the camera by now.
        """
        asked = () if look.gated else self.rechecks.open_of(self.view.id, frame.captured_at)
        self._watches = {recheck.id: w for recheck, _ in asked if (w := self._watches.get(recheck.id)) is not None}
        for recheck, finding in asked:
            watch = self._watches.get(recheck.id) or self._begin(recheck, finding)
            if watch is None:
                continue
            result = self.rechecks.saw(recheck.id, watch.see(frame, look), frame.captured_at, self.lease)
            if result is not None:
                self.rechecks.decide(recheck.id, result, self._pictures(frame, watch, finding, result))

    def _begin(self, recheck: Recheck, finding: Finding) -> PlaceWatch | None:
        try:
            watch = PlaceWatch(OldPlace.of(finding, self.store))
        except EvidenceError as error:
            logger.error("case %s cannot be looked at again: %s", recheck.case_id, error)
            self.rechecks.cannot_look(recheck.id)
            return None
        self._watches[recheck.id] = watch
        return watch

    def _pictures(self, frame: Frame, watch: PlaceWatch, finding: Finding, result: RecheckResult) -> tuple[Proof, ...]:
        facts = AfterFacts(
            kind=finding.kind,
            place=" · ".join(filter(None, (self.view.name, finding.zone))),
            result=RESULTS[result],
            timezone=self.timezone,
        )
        return tuple(proof_of(ref) for ref in after_pictures(frame, watch.box, facts, self.store))


def proof_of(ref: EvidenceRef) -> Proof:
    """A stored picture as the proof of a case."""
    return Proof(sha256=ref.sha256, media_type=ref.media_type, size_bytes=ref.size_bytes, taken_at=ref.captured_at)
