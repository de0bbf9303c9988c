"""A case (案件): one matter that the city has to see to, whatever number of findings it rests on."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from cases.consultation import Consultation
from cases.direct_order import DirectOrder
from cases.history import Proof
from cases.limit import Limit
from cases.source import Source
from cases.standing import Appeal
from cases.states import JOINABLE, CaseState
from cases.subtask import Subtask, SubtaskState, unreported
from cases.supervision import Supervision
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
        place: WGS84, where the finding knew it.
        off_metres: how far the place of a patrol's finding may be off, one standard deviation; None for a fixed camera.
    """

    key: str
    camera: str
    zone: str
    box: Box
    place: LatLon | None = None
    off_metres: float | None = None

    @classmethod
    def of(cls, finding: Finding) -> Self:
        """The sighting that a finding leaves behind."""
        return cls(
            key=finding.key,
            camera=finding.camera,
            zone=finding.zone,
            box=finding.box,
            place=finding.where,
            off_metres=finding.uncertainty,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One matter, from candidate to closed.

    Attributes:
        id: random, at least 128 bits, safe in a URL.
        number: for people: year and a sequence within it, e.g. `2026-000123`.
        source: who brought it in first (问题来源).
        kind: what cameras call the matter; None where people report something that no camera finds.
        code: the city's own code of the event (小类), e.g. `0405`; None until somebody has named or filed it.
        state: where it stands.
        version: grows by one with every change; a change names the version it was based on.
        camera: the camera or vehicle of the first finding; None where people reported it.
        zone: the zone of the first finding; None where people reported it.
        description: what people say about it.
        address: where it is, in words.
        area: the area that decides who is responsible, if the camera's is known.
        place: WGS84, of the first finding that knew it.
        first_seen: aware UTC, the earliest of all findings or reports.
        last_seen: aware UTC, the latest of all findings or reports.
        confidence: 0..1, the highest of all findings; None without any.
        sightings: what its findings looked like, in the order they came in.
        opened_at: aware UTC.
        filed_at: aware UTC, when it was filed (立案) the first time.
        dispatched_at: aware UTC, when the present department got it.
        accepted_at: aware UTC, when the present department took it on.
        handled_at: aware UTC, when the department said that it is done; None again after rework.
        ended_at: aware UTC, when it was closed, rejected or voided.
        recurrence_of: the closed case that this one repeats (复发).
        department: who is responsible.
        duty_line: the line of the duty list that says so; None where the fallback owner was taken, or the department
            that it was reassigned to has no line for it.
        duty_edition: the edition of the duty list it was filed under.
        limit: how long handling may take, as the duty list had it when the case was filed.
        deadline_at: aware UTC, by when it is to be handled, extensions included; None while the timer is paused.
        overdue_at: aware UTC, when the timer ran out (超期). Set by the timer, never worked out later.
        appeal: what became of the department's appeal against the overdue mark; None without one.
        suspended_until: aware UTC, until when it rests (挂账); stays after it went on, for it may rest but once.
        rework_count: how often it had to be done again (返工).
        return_count: how often a department returned it (回退).
        extension_count: how often its deadline was extended (延期).
        extension_asked_at: aware UTC, when the department asked for more time and has no answer yet.
        satisfied: whether residents who reported it last said that it is done (满意); None while nobody has.
        proofs: what shows that the present handling is done.
        subtasks: what co-departments have to do in a joint case, in the order in which it was given (联勤任务).
        supervisions: every supervision order (督办) that it was ever under, by number.
        orders: direct orders to units about it (指令), oldest first.
        consultations: records of consultations about it (会商), oldest first.
    """

    id: str
    number: str
    kind: ViolationKind | None
    state: CaseState
    version: int
    camera: str | None
    zone: str | None
    area: str | None
    place: LatLon | None
    first_seen: datetime
    last_seen: datetime
    confidence: float | None
    sightings: tuple[Sighting, ...]
    opened_at: datetime
    source: Source = Source.CAMERA
    code: str | None = None
    description: str = ""
    address: str = ""
    filed_at: datetime | None = None
    dispatched_at: datetime | None = None
    accepted_at: datetime | None = None
    handled_at: datetime | None = None
    ended_at: datetime | None = None
    recurrence_of: str | None = None
    department: str | None = None
    duty_line: str | None = None
    duty_edition: str | None = None
    limit: Limit | None = None
    deadline_at: datetime | None = None
    overdue_at: datetime | None = None
    appeal: Appeal | None = None
    suspended_until: datetime | None = None
    rework_count: int = 0
    return_count: int = 0
    extension_count: int = 0
    extension_asked_at: datetime | None = None
    satisfied: bool | None = None
    proofs: tuple[Proof, ...] = ()
    subtasks: tuple[Subtask, ...] = ()
    supervisions: tuple[Supervision, ...] = ()
    orders: tuple[DirectOrder, ...] = ()
    consultations: tuple[Consultation, ...] = ()

    @property
    def cameras(self) -> tuple[str, ...]:
        """Everybody who saw it, first one first."""
        return tuple(dict.fromkeys(sighting.camera for sighting in self.sightings))

    @property
    def off_metres(self) -> float:
        """How far its place may be off, one standard deviation: that of a patrol which brought it in, else 0."""
        return (self.sightings[0].off_metres or 0.0) if self.sightings and self.source is Source.PATROL else 0.0

    @property
    def co_departments(self) -> tuple[str, ...]:
        """Who has, or had, a part in it besides the lead."""
        return tuple(one.department for one in self.subtasks if one.state is not SubtaskState.WITHDRAWN)

    @property
    def taking_part(self) -> tuple[str, ...]:
        """Departments besides the lead that see the case: those that help, and those that were given an order."""
        return (*self.co_departments, *(order.department for order in self.orders))

    @property
    def unreported(self) -> tuple[str, ...]:
        """Co-departments that have not reported that their part is done; while there are any, nothing is handled."""
        return unreported(self.subtasks)

    @property
    def takes_help(self) -> bool:
        """Whether a co-department may be asked to help now. What is handled is sent back for rework first."""
        return self.state in JOINABLE

    @property
    def standing_supervisions(self) -> tuple[Supervision, ...]:
        """The supervision orders (督办) that have not been lifted."""
        return tuple(one for one in self.supervisions if one.stands)

    @property
    def is_exempt(self) -> bool:
        """Whether an appeal lifted the overdue mark in the appraisal; the mark itself stays."""
        return self.appeal is Appeal.GRANTED

    def is_overdue(self, now: datetime) -> bool:
        """Whether the deadline has passed while the department still had to act."""
        waiting = self.state.is_open and self.state is not CaseState.HANDLED
        return waiting and self.deadline_at is not None and now > self.deadline_at


def open_case(
    finding: Finding,
    *,
    id: str,
    number: str,
    area: str | None,
    at: datetime,
    source: Source = Source.CAMERA,
    recurrence_of: str | None = None,
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
        source=source,
        recurrence_of=recurrence_of,
    )


def merge(case: Case, finding: Finding) -> Case:
    """The case with one more finding. Its state stays."""
    return replace(
        case,
        place=case.place or finding.where,
        first_seen=min(case.first_seen, finding.first_seen),
        last_seen=max(case.last_seen, finding.last_seen),
        confidence=max(case.confidence or 0.0, finding.confidence),
        sightings=(*case.sightings, Sighting.of(finding)),
    )
