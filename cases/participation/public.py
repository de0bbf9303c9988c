"""A case as everybody may see it. What is not named here is not shown: no words, no names, nothing of the inside."""

from dataclasses import dataclass, replace
from datetime import datetime

from cases.case import Case
from cases.dossier import Dossier
from cases.history import Entry
from cases.participation.policy import ResidentPolicy
from cases.states import ENDED, Act, CaseState
from inference.findings import EvidenceRole, ViolationKind
from inference.geo import LatLon

PUBLIC_ACTS = frozenset(
    {
        Act.OPEN,
        Act.MERGE,
        Act.FILE,
        Act.REJECT,
        Act.DISPATCH,
        Act.ACCEPT,
        Act.RETURN,
        Act.REASSIGN,
        Act.EXTEND,
        Act.SUSPEND,
        Act.RESUME,
        Act.HANDLE,
        Act.REWORK,
        Act.CLOSE,
        Act.VOID,
        Act.REOPEN,
    }
)
"""Steps that everybody may read about: that they happened, never who made them or why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicStep:
    """One line of the public timeline."""

    at: datetime
    act: Act
    after: CaseState


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicCase:
    """One case, for everybody.

    Attributes:
        number: for people; the only name that it has outside.
        kind: what cameras call the matter.
        code: the city's own code of it.
        state: where it stands.
        place: WGS84, rounded where the city says so.
        area: code of its area.
        department: who sees to it.
        opened_at: aware UTC.
        updated_at: aware UTC, the latest public step.
        deadline_at: aware UTC, by when it is to be handled.
        ended_at: aware UTC.
        rework_count: how often it had to be done again.
        pictures: names of public copies, in which people and vehicles are masked.
        timeline: public steps, oldest first.
    """

    number: str
    kind: ViolationKind | None
    code: str | None
    state: CaseState
    place: LatLon | None
    area: str | None
    department: str | None
    opened_at: datetime
    updated_at: datetime
    deadline_at: datetime | None
    ended_at: datetime | None
    rework_count: int = 0
    pictures: tuple[str, ...] = ()
    timeline: tuple[PublicStep, ...] = ()

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to be done about it."""
        return self.state in ENDED


def listed(case: Case, policy: ResidentPolicy, *, updated_at: datetime | None = None) -> PublicCase:
    """A case in a list: without pictures and timeline."""
    times = (case.filed_at, case.dispatched_at, case.accepted_at, case.handled_at, case.ended_at)
    return PublicCase(
        number=case.number,
        kind=case.kind,
        code=case.code,
        state=case.state,
        place=policy.shown(case.place),
        area=case.area,
        department=case.department,
        opened_at=case.opened_at,
        updated_at=updated_at or max((at for at in times if at is not None), default=case.opened_at),
        deadline_at=case.deadline_at,
        ended_at=case.ended_at,
        rework_count=case.rework_count,
    )


def public_case(dossier: Dossier, policy: ResidentPolicy) -> PublicCase:
    """A case with its pictures and timeline."""
    case = dossier.case
    steps = tuple(_step(entry) for entry in dossier.history if entry.act in PUBLIC_ACTS)
    whole = listed(case, policy, updated_at=steps[-1].at if steps else None)
    return replace(whole, pictures=public_pictures(dossier), timeline=steps)


def public_pictures(dossier: Dossier) -> tuple[str, ...]:
    """Names of all copies that may be shown to everybody: of what cameras saw, and of what people sent."""
    seen = [ref.sha256 for one in dossier.findings for ref in one.evidence if ref.role is EvidenceRole.PUBLIC]
    sent = [one.public_sha256 for report in dossier.reports for one in report.attachments if one.public_sha256]
    return tuple(dict.fromkeys((*seen, *sent)))


def _step(entry: Entry) -> PublicStep:
    return PublicStep(at=entry.at, act=entry.act, after=entry.after)
