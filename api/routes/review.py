"""What a supervisor has to judge next."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Query
from pydantic import Field

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import TheDoors
from api.problems import problems
from api.routes.paths import evidence_url
from api.routes.records import Finite, Record
from api.store.questions import Questions
from cases.case import Case
from cases.city import CityOrder
from cases.duty_list import in_edition
from cases.review import urgency, wants_second_look
from inference.findings import EvidenceRole, Finding, ViolationKind

router = Router(prefix="/v1", tags=["cases"])

LOOKED_THROUGH = 2000
"""Candidates that are weighed against each other; of more, those that have waited longest."""
MOST_SENT = 64
LEAST_FOR_SECOND = 4
"""Candidates that are asked for at once, from which on a second look may be among them."""
SECOND_WITHIN = timedelta(days=14)
"""What was judged longer ago is not looked at again: the reviewers of then may be gone."""

Known = Annotated[
    tuple[Annotated[str, Query(max_length=64)], ...],
    Query(max_length=200, description="ids of cases that are not to be sent again"),
]


class PicturesRecord(Record):
    """Addresses of the pictures; None where there is none. The explained ones show zone and box."""

    first: str | None
    last: str | None
    crop: str | None
    explained_first: str | None
    explained_last: str | None


class FilingConditionRecord(Record):
    """A line of the duty list under which a candidate can be filed. `department`: None for the territorial owner.

    `name` holds its edition, too: as `condition` of a verdict it never picks a line of a newer one.
    """

    name: str
    condition: str
    department: str | None


class ReviewItemRecord(Record):
    """A candidate with what one needs to judge it. `seen_for` in seconds, `box` in pixels of the last picture.

    `conditions`: the filing conditions (立案条件) to choose from, the usual one first; empty where there is no choice.
    """

    case_id: str
    number: str
    version: int
    kind: ViolationKind
    camera: str
    zone: str
    finding: str
    object_class: str
    confidence: Finite
    first_seen: datetime
    last_seen: datetime
    seen_for: Finite
    box: tuple[Finite, Finite, Finite, Finite]
    findings: int
    blind: Annotated[bool, Field(description="send it back with the verdict: it changes nothing about the case")] = (
        False
    )
    conditions: tuple[FilingConditionRecord, ...]
    pictures: PicturesRecord


class ReviewRecord(Record):
    """The next candidates, most urgent first; `waiting` counts all."""

    items: tuple[ReviewItemRecord, ...]
    waiting: int


@router.get("/review", summary="Read what is to be judged next", responses=problems(401, 403, 422, 503))
def review(
    doors: TheDoors,
    who: Annotated[Caller, needs(Right.JUDGE)],
    known: Known = (),
    limit: Annotated[int, Query(ge=1, le=MOST_SENT)] = 8,
) -> ReviewRecord:
    """Candidates that a camera saw, by risk × confidence × age; now and then a finding to be judged once more."""
    seen, now = doors.seen_by(who), doors.clock()
    waiting = seen.candidates(limit=LOOKED_THROUGH)
    left = [case for case in waiting.items if case.id not in known]
    ranked = sorted(left, key=lambda case: (-urgency(case, doors.order, now), case.number))[:limit]
    items = [_item(case, seen.dossier(case.id).findings, _conditions(doors.order, case, now)) for case in ranked]
    if limit >= LEAST_FOR_SECOND:
        items.append(_second_look(seen, who, now, known))
    return ReviewRecord(items=tuple(item for item in items if item is not None), waiting=waiting.total)


def _second_look(seen: Questions, who: Caller, now: datetime, known: Sequence[str]) -> ReviewItemRecord | None:
    """A finding that somebody else has judged, to be judged again by `who`; nothing says that it was, or how."""
    for case_id, key in seen.second_looks(who.label, since=now - SECOND_WITHIN, limit=LOOKED_THROUGH):
        if case_id not in known and wants_second_look(key):
            dossier = seen.dossier(case_id)
            item = _item(dossier.case, tuple(one for one in dossier.findings if one.key == key), ())
            return item.model_copy(update={"blind": True}) if item else None
    return None


def _conditions(order: CityOrder, case: Case, at: datetime) -> tuple[FilingConditionRecord, ...]:
    edition = order.duty_list.edition_at(at)
    return tuple(
        FilingConditionRecord(
            name=in_edition(edition.name if edition else None, line.id),
            condition=line.condition or line.id,
            department=line.department,
        )
        for line in order.conditions(case, at)
    )


def _item(
    case: Case, findings: tuple[Finding, ...], conditions: tuple[FilingConditionRecord, ...]
) -> ReviewItemRecord | None:
    if not findings:
        return None
    finding = findings[-1]
    return ReviewItemRecord(
        case_id=case.id,
        number=case.number,
        version=case.version,
        kind=finding.kind,
        camera=finding.camera,
        zone=finding.zone,
        finding=finding.key,
        object_class=finding.object_class,
        confidence=finding.confidence,
        first_seen=finding.first_seen,
        last_seen=finding.last_seen,
        seen_for=finding.seen_for,
        box=finding.box,
        findings=len(findings),
        conditions=conditions if len(conditions) > 1 else (),
        pictures=PicturesRecord(
            first=_picture(finding, EvidenceRole.FIRST),
            last=_picture(finding, EvidenceRole.LAST),
            crop=_picture(finding, EvidenceRole.CROP),
            explained_first=_picture(finding, EvidenceRole.OVERLAY, EvidenceRole.FIRST),
            explained_last=_picture(finding, EvidenceRole.OVERLAY, EvidenceRole.LAST),
        ),
    )


def _picture(finding: Finding, role: EvidenceRole, of: EvidenceRole | None = None) -> str | None:
    for ref in finding.evidence:
        if ref.role is role and ref.media_type == "image/jpeg" and of in (None, ref.of):
            return evidence_url(ref.sha256)
    return None
