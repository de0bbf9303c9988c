"""A case (案件): one matter that the city has to see to, whatever number of findings it rests on."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from cases.errors import MoveRefused
from cases.history import Entry, Proof
from cases.states import Act, CaseState, step_for
from inference.detections import Box
from inference.findings import Finding, ViolationKind
from inference.geo import LatLon


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What a case remembers of one finding, so that the next one can be compared with it.

    Attributes:
        key: the finding's key.
        camera: who saw it.
        zone: in which zone.
        box: where in the picture, pixels of the full picture.
    """

    key: str
    camera: str
    zone: str
    box: Box

    @classmethod
    def of(cls, finding: Finding) -> Self:
        """The sighting that a finding leaves behind."""
        return cls(key=finding.key, camera=finding.camera, zone=finding.zone, box=finding.box)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One matter, from candidate to closed.

    Attributes:
        id: random, at least 128 bits, safe in a URL.
        number: for people: year and a sequence within it, e.g. `2026-000123`.
        kind: what it is about.
        state: where it stands.
        version: grows by one with every change; a change names the version it was based on.
        camera: the camera or vehicle of the first finding.
        zone: the zone of the first finding.
        area: the area that decides who is responsible, if the camera's is known.
        place: WGS84, of the first finding that knew it.
        first_seen: aware UTC, the earliest of all findings.
        last_seen: aware UTC, the latest of all findings.
        confidence: 0..1, the highest of all findings.
        sightings: what its findings looked like, in the order they came in.
        opened_at: aware UTC.
        ended_at: aware UTC, when it was closed, rejected or voided.
        recurrence_of: the closed case that this one repeats (复发).
        department: who is responsible.
        duty_line: the line of the duty list that says so; None where the fallback owner was taken.
        duty_edition: the edition of the duty list it was filed under.
        deadline_at: aware UTC, by when it is to be handled.
        proofs: what shows that the present handling is done.
    """

    id: str
    number: str
    kind: ViolationKind
    state: CaseState
    version: int
    camera: str
    zone: str
    area: str | None
    place: LatLon | None
    first_seen: datetime
    last_seen: datetime
    confidence: float
    sightings: tuple[Sighting, ...]
    opened_at: datetime
    ended_at: datetime | None = None
    recurrence_of: str | None = None
    department: str | None = None
    duty_line: str | None = None
    duty_edition: str | None = None
    deadline_at: datetime | None = None
    proofs: tuple[Proof, ...] = ()

    @property
    def cameras(self) -> tuple[str, ...]:
        """Everybody who saw it, first one first."""
        return tuple(dict.fromkeys(sighting.camera for sighting in self.sightings))

    def is_overdue(self, now: datetime) -> bool:
        """Whether the deadline has passed while the department still had to act."""
        waiting = self.state.is_open and self.state is not CaseState.HANDLED
        return waiting and self.deadline_at is not None and now > self.deadline_at


def open_case(
    finding: Finding, *, id: str, number: str, area: str | None, at: datetime, recurrence_of: str | None = None
) -> Case:
    """A new candidate that rests on one finding."""
    return Case(
        id=id,
        number=number,
        kind=finding.kind,
        state=CaseState.CANDIDATE,
        version=1,
        camera=finding.camera,
        zone=finding.zone,
        area=area,
        place=finding.where,
        first_seen=finding.first_seen,
        last_seen=finding.last_seen,
        confidence=finding.confidence,
        sightings=(Sighting.of(finding),),
        opened_at=at,
        recurrence_of=recurrence_of,
    )


def merge(case: Case, finding: Finding) -> Case:
    """The case with one more finding. Its state stays."""
    return replace(
        case,
        place=case.place or finding.where,
        first_seen=min(case.first_seen, finding.first_seen),
        last_seen=max(case.last_seen, finding.last_seen),
        confidence=max(case.confidence, finding.confidence),
        sightings=(*case.sightings, Sighting.of(finding)),
    )


def move(
    case: Case, act: Act, *, by: str, at: datetime, reason: str = "", proofs: tuple[Proof, ...] = ()
) -> tuple[Case, Entry]:
    """The case after `act`, and the line for its history.

    Args:
        case: the case as it is.
        act: what is done.
        by: who does it.
        at: aware UTC.
        reason: why; some acts need one.
        proofs: what shows it; added to those of the present handling.

    Raises:
        MoveRefused: the table does not allow it, or a reason or proof is missing.
    """
    step = step_for(case.state, act)
    reason = reason.strip()
    shown = (*case.proofs, *proofs)
    if step.needs_reason and not reason:
        raise MoveRefused(f"to {act} case {case.number}, say why")
    if step.needs_proof and not shown:
        raise MoveRefused(f"to {act} case {case.number}, add a picture that shows the work is done")
    moved = replace(
        case,
        state=step.after,
        ended_at=None if step.after.is_open else at,
        # Work that has to be done again is not shown by the pictures of the first attempt.
        proofs=() if step.after is CaseState.REWORK else shown,
    )
    return moved, Entry(at=at, actor=by, act=act, before=case.state, after=step.after, reason=reason, proofs=proofs)
