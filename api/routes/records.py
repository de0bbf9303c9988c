"""What programs get to read of cases and findings."""

from datetime import datetime
from typing import Annotated, Any, Generic, Self, TypeVar

from pydantic import AliasChoices, AliasPath, BaseModel, ConfigDict, Field, computed_field

from api.moves import MoveName, allowed_moves
from api.routes.paths import attachment_url, evidence_url
from cases.clocks import ClockKind
from cases.dossier import Dossier
from cases.escalation import Audience
from cases.filing import Channel, FilingState, Matter
from cases.overview import FiledFinding
from cases.recheck import Hindrance, RecheckResult
from cases.report import PlaceQuality
from cases.source import Source
from cases.standing import Appeal
from cases.states import Act, CaseState
from cases.subtask import SubtaskState
from cases.supervision import SupervisionKind, SupervisionLevel, SupervisionState
from cases.timers import TimerKind
from cases.verdict import RejectReason, Ruling
from inference.findings import EvidenceRole, ViolationKind
from inference.sight import Sight

Item = TypeVar("Item")
Finite = Annotated[float, Field(allow_inf_nan=False)]
Coordinate = Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)]
"""Pixels."""


class Record(BaseModel):
    """Something a program reads. Numbers are finite, times are UTC."""

    model_config = ConfigDict(extra="forbid", frozen=True, from_attributes=True)


class PageRecord(Record, Generic[Item]):
    """Some of many; `total` counts all that the question gives."""

    items: tuple[Item, ...]
    total: int
    limit: int
    offset: int


class PlaceRecord(Record):
    """A point on the ground, degrees WGS84."""

    lat: Finite
    lon: Finite


class EvidenceRecord(Record):
    """One kept piece of evidence, named by its SHA-256."""

    role: EvidenceRole
    of: EvidenceRole | None
    sha256: str
    media_type: str
    size_bytes: int
    captured_at: datetime

    @computed_field
    @property
    def url(self) -> str:
        """Where its bytes are."""
        return evidence_url(self.sha256)


class FindingRecord(Record):
    """A rule was satisfied. `seen_for` in seconds; `box` in pixels of the last picture: x1, y1, x2, y2."""

    key: str
    kind: ViolationKind
    camera: str
    zone: str
    rule: str
    object_class: str
    first_seen: datetime
    last_seen: datetime
    seen_for: Finite
    confidence: Finite
    box: tuple[Finite, Finite, Finite, Finite]
    place: PlaceRecord | None = Field(validation_alias=AliasChoices("where", "place"))
    evidence: tuple[EvidenceRecord, ...]


class FiledFindingRecord(Record):
    """A finding, the case it belongs to, and when it was written down."""

    finding: FindingRecord
    case_id: str
    recorded_at: datetime

    @classmethod
    def of(cls, filed: FiledFinding) -> Self:
        """What programs read of it."""
        return cls.model_validate(filed)


class LimitRecord(Record):
    """How long handling may take: so many hours or days on one of the four clocks."""

    amount: Finite
    clock: ClockKind


class ProofRecord(Record):
    """A picture that shows that the work is done."""

    sha256: str
    media_type: str
    size_bytes: int
    taken_at: datetime


class SubtaskRecord(Record):
    """What a co-department has to do in a joint case (联勤任务). `turn` counts how often it was given."""

    department: str
    task: str
    state: SubtaskState
    turn: int
    given_by: str
    given_at: datetime
    due_at: datetime | None
    answered_by: str | None
    answered_at: datetime | None
    note: str
    proofs: tuple[ProofRecord, ...]


class ConditionRecord(Record):
    """A line of the duty list: when its cases are filed (立案条件), when they are done (结案条件), who and by when."""

    id: str
    code: str
    condition: str
    closing: str
    department: str | None
    limit: LimitRecord
    legal_basis: str


class SupervisionRecord(Record):
    """A supervision order (督办), the department's reply and why it was lifted."""

    number: int
    kind: SupervisionKind
    level: SupervisionLevel
    requirement: str
    ordered_by: str
    ordered_at: datetime
    reply_by: datetime | None
    state: SupervisionState
    reply: str
    replied_by: str | None
    replied_at: datetime | None
    lifted_by: str | None
    lifted_at: datetime | None
    lifted_because: str


class CaseRecord(Record):
    """A case. `moves` are the only ones that its state allows now.

    One with `subtasks` is joint; while departments are `unreported`, it can be neither handled nor closed.
    """

    id: str
    number: str
    source: Source
    kind: ViolationKind | None
    code: str | None
    state: CaseState
    version: int
    camera: str | None
    zone: str | None
    description: str
    address: str
    area: str | None
    place: PlaceRecord | None
    first_seen: datetime
    last_seen: datetime
    confidence: Finite | None
    opened_at: datetime
    filed_at: datetime | None
    dispatched_at: datetime | None
    accepted_at: datetime | None
    handled_at: datetime | None
    ended_at: datetime | None
    recurrence_of: str | None
    department: str | None
    duty_line: str | None
    duty_edition: str | None
    limit: LimitRecord | None
    deadline_at: datetime | None
    overdue_at: datetime | None
    appeal: Appeal | None
    suspended_until: datetime | None
    rework_count: int
    return_count: int
    extension_count: int
    extension_asked_at: datetime | None
    subtasks: tuple[SubtaskRecord, ...]
    supervisions: tuple[SupervisionRecord, ...]
    unreported: tuple[str, ...]

    @computed_field
    @property
    def moves(self) -> tuple[MoveName, ...]:
        """What may be done to it now."""
        return allowed_moves(self)


class EntryRecord(Record):
    """One line of a case's history."""

    at: datetime
    actor: str
    act: Act
    before: CaseState | None
    after: CaseState
    reason: str
    choice: str
    proofs: tuple[ProofRecord, ...]


class FilingRecord(Record):
    """One delivery of a case, or of what was ordered about it, to a department, without what only senders need."""

    id: str
    department: str
    channel: Channel
    matter: Matter
    subject: str
    state: FilingState
    created_at: datetime
    next_try_at: datetime
    attempts: int
    probes: int
    sent_at: datetime | None
    reference: str | None
    error: str | None


class AttachmentRecord(Record):
    """A picture sent for a report, which names it by its `sha256`."""

    sha256: str
    media_type: str
    size_bytes: int
    received_at: datetime

    @computed_field
    @property
    def url(self) -> str:
        """Where its bytes are."""
        return attachment_url(self.sha256)


class ReportRecord(Record):
    """What somebody said, without who they are. `quality`: what the place is worth."""

    key: str
    source: Source
    kind: ViolationKind | None
    code: str | None
    text: str
    address: str
    place: PlaceRecord | None
    quality: PlaceQuality
    seen_at: datetime
    origin: str
    external_id: str | None
    attachments: tuple[AttachmentRecord, ...]


def _said(name: str) -> Any:
    """A field of the judgement inside a verdict."""
    return Field(validation_alias=AliasChoices(AliasPath("judgement", name), name))


def _of_case(name: str) -> Any:
    """A field of the case inside a dossier."""
    return Field(validation_alias=AliasChoices(AliasPath("case", name), name))


class VerdictRecord(Record):
    """What one person said of one finding."""

    finding: str
    ruling: Ruling = _said("ruling")
    why: RejectReason | None = _said("why")
    note: str = _said("note")
    right_box: tuple[Finite, Finite, Finite, Finite] | None = _said("right_box")
    right_class: str | None = _said("right_class")
    blind: bool = _said("blind")
    released: bool = _said("released")
    by: str
    at: datetime


class DirectOrderRecord(Record):
    """A direct order to one unit or person (指令). `due_at`: by when the receipt is expected; `person`: the account."""

    id: str
    unit: str
    department: str
    person: str
    text: str
    given_by: str
    given_at: datetime
    due_at: datetime
    read_by: str | None
    read_at: datetime | None
    reply: str
    replied_by: str | None
    replied_at: datetime | None


class ConsultationRecord(Record):
    """Who met about a case, and what they decided (会商记录)."""

    id: str
    held_at: datetime
    participants: tuple[str, ...]
    decision: str
    recorded_by: str
    recorded_at: datetime


class TimerRecord(Record):
    """How much of a limit may pass until when. `due_at` is empty while the timer stands still."""

    kind: TimerKind
    subject: str
    limit: LimitRecord
    due_at: datetime | None
    told: int


class NoticeRecord(Record):
    """Something that somebody has to know. `step` is per cent of the limit that had run."""

    id: str
    audience: Audience
    name: str
    about: str
    step: int
    at: datetime
    read_at: datetime | None
    read_by: str | None


class DossierRecord(Record):
    """A case with everything that belongs to it, oldest first."""

    case: CaseRecord
    findings: tuple[FindingRecord, ...]
    reports: tuple[ReportRecord, ...]
    history: tuple[EntryRecord, ...]
    filings: tuple[FilingRecord, ...]
    verdicts: tuple[VerdictRecord, ...]
    timers: tuple[TimerRecord, ...]
    notices: tuple[NoticeRecord, ...]
    orders: tuple[DirectOrderRecord, ...] = _of_case("orders")
    consultations: tuple[ConsultationRecord, ...] = _of_case("consultations")

    @classmethod
    def of(cls, dossier: Dossier) -> Self:
        """What programs read of it."""
        return cls.model_validate(dossier)


class RecheckRecord(Record):
    """One question to a camera: does it still stand there? `sights` counts what its looks said."""

    id: str
    camera: str | None
    finding: str | None
    handled_at: datetime
    look_from: datetime
    give_up_at: datetime
    sights: dict[Sight, int]
    result: RecheckResult | None
    hindrance: Hindrance | None
    decided_at: datetime | None


class SummaryRecord(Record):
    """Everything counted. Cases by kind and by state; every kind and state is there."""

    findings: int
    cases: int
    filed: int
    by_kind: dict[ViolationKind, int]
    by_state: dict[CaseState, int]
