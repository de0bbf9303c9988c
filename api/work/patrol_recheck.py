"""Places of handled matters that a vehicle passes: what its looks say about them goes to the re-checks (核查)."""

import logging
from dataclasses import dataclass, field
from datetime import tzinfo
from math import hypot

from api.work.recheck import RESULTS, proof_of
from cases.recheck import Recheck, RecheckResult
from cases.rechecks import Rechecks
from inference.detections import Box
from inference.errors import EvidenceError
from inference.evidence.after import AfterFacts, after_pictures
from inference.evidence.store import EvidenceStore
from inference.findings import Finding
from inference.frame import Frame
from inference.patrol.camera import PatrolCamera
from inference.patrol.ground import seen_at
from inference.patrol.inspector import PatrolLook
from inference.patrol.pose import Pose
from inference.recheck import OldPlace
from inference.sight import Sight
from inference.stays.appearance import likeness
from inference.stays.boxes import in_pixels
from inference.stays.families import LIGHT_VEHICLES, STALL_PARTS, STALLS, VEHICLES, Family, family_of

FARTHEST_METRES = 25.0
"""From the camera to the place, as for the nearest sighting of a finding (`NEAR_ENOUGH_METRES` of the rules)."""
NEAREST_METRES = 3.0
UNKNOWN_OFF_METRES = 3.0
WIDTHS = 2.0
"""Standard deviations within which something of the family is the matter itself."""
MOST_METRES = 8.0
ABOUT_METRES = 1.5
"""Width of the place that is outlined in the picture after."""

logger = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class PassedPlaces:
    """The handled matters that vehicles may pass.

    Attributes:
        rechecks: where the questions come from.
        store: evidence, before and after.
        timezone: of captions.
    """

    rechecks: Rechecks
    store: EvidenceStore
    timezone: tzinfo
    _patches: dict[str, bytes | None] = field(default_factory=dict[str, bytes | None])

    def look(self, frame: Frame, pose: Pose, look: PatrolLook, camera: PatrolCamera, name: str) -> None:
        """Answer every open question that this look can answer; a place out of sight waits for the next pass.

        Args:
            frame: of the vehicle.
            pose: of it.
            look: what its inspector made of the frame; one that was not inspected tells nothing.
            camera: how it sits.
            name: of the vehicle for people.

        Raises:
            EvidenceError: pictures cannot be kept; the question stays open.
        """
        if look.detections is None:
            return
        asked = self.rechecks.open_for_passes(frame.captured_at)
        self._patches = {recheck.id: self._patches[recheck.id] for recheck, _ in asked if recheck.id in self._patches}
        for recheck, finding in asked:
            at = _in_sight(finding, frame, pose, camera)
            if at is None:
                continue
            sight = self._sight(recheck, finding, look, pose, at, frame)
            result = self.rechecks.saw(recheck.id, sight, frame.captured_at) if sight else None
            if result is not None:
                facts = AfterFacts(kind=finding.kind, place=name, result=RESULTS[result], timezone=self.timezone)
                box = _around(at, finding, pose, camera)
                self._decide(recheck, result, frame, box, facts)

    def _decide(self, recheck: Recheck, result: RecheckResult, frame: Frame, box: Box, facts: AfterFacts) -> None:
        pictures = after_pictures(frame, box, facts, self.store)
        self.rechecks.decide(recheck.id, result, tuple(proof_of(ref) for ref in pictures))

    def _sight(
        self, recheck: Recheck, finding: Finding, look: PatrolLook, pose: Pose, at: tuple[float, float], frame: Frame
    ) -> Sight | None:
        assert finding.where is not None
        assert look.detections is not None
        family = family_of(finding.object_class)
        reach = min(MOST_METRES, WIDTHS * hypot(finding.uncertainty or UNKNOWN_OFF_METRES, pose.position_error))
        same = [
            one
            for one in look.sightings
            if _same_family(family, one.object_class) and one.where.metres_to(finding.where) <= reach
        ]
        if same and family in (VEHICLES, LIGHT_VEHICLES):
            before = self._patch(recheck, finding)
            alike = max((likeness(before, one.patch) for one in same if before and one.patch), default=0.0)
            return Sight.THERE if family and alike >= family.alike else Sight.HIDDEN
        if same:
            return Sight.THERE
        x, y = in_pixels((*at, *at), frame.picture.size_wh)[:2]
        covered = any(x1 <= x <= x2 and y1 <= y <= y2 for x1, y1, x2, y2 in (d.box for d in look.detections))
        return Sight.HIDDEN if covered else Sight.EMPTY

    def _patch(self, recheck: Recheck, finding: Finding) -> bytes | None:
        if recheck.id not in self._patches:
            try:
                self._patches[recheck.id] = OldPlace.of(finding, self.store).patch
            except EvidenceError as error:
                logger.error("the picture of case %s from before is lost: %s", recheck.case_id, error)
                self._patches[recheck.id] = None
        return self._patches[recheck.id]


def _in_sight(finding: Finding, frame: Frame, pose: Pose, camera: PatrolCamera) -> tuple[float, float] | None:
    """Where the place lies in the picture, in fractions; None where it cannot be seen well."""
    if finding.where is None or not NEAREST_METRES <= pose.where.metres_to(finding.where) <= FARTHEST_METRES:
        return None
    at = seen_at(finding.where, frame.picture.size_wh, camera, pose)
    return at if at is not None and 0.03 <= at[0] <= 0.97 and 0.0 <= at[1] <= 0.97 else None


def _same_family(family: Family | None, object_class: str) -> bool:
    other = family_of(object_class)
    if family in (STALLS, STALL_PARTS):
        return other in (STALLS, STALL_PARTS)
    return family is not None and other is family


def _around(at: tuple[float, float], finding: Finding, pose: Pose, camera: PatrolCamera) -> Box:
    assert finding.where is not None
    half = camera.focal_share * ABOUT_METRES / max(NEAREST_METRES, pose.where.metres_to(finding.where)) / 2
    x, y = at
    return max(0.0, x - half), max(0.0, y - 2 * half), min(1.0, x + half), min(1.0, y + half)
