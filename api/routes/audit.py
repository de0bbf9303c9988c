"""The audit log, for those who look into it: what was done, by whom, to what."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import Query

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import Doors, TheDoors
from api.problems import problems
from api.routes.listing import Name
from api.routes.records import Record
from cases.audit.entry import AuditEntry
from cases.errors import CaseNotFound
from cases.retention import evidence_of

router = Router(prefix="/v1", tags=["audit"])

SeesAudit = Annotated[Caller, needs(Right.SEE_AUDIT)]
Before = Annotated[int | None, Query(ge=1, le=2**62, description="only entries with a smaller number")]
MOST = 200


class AuditEntryRecord(Record):
    """One entry. `payload` is what belongs to it; `hash` chains it to the one before."""

    sequence: int
    at: datetime
    actor: str
    what: str
    object: str
    payload: dict[str, Any]
    hash: str


def entries_about(
    doors: Doors, who: Caller, *, what: str, actor: str, case: str, before: int | None, limit: int
) -> Sequence[AuditEntry]:
    """Entries of the log, the newest first; `case` is the number or id of one, with all that belongs to it.

    Raises:
        CaseNotFound: there is no such case within their reach.
    """
    objects: list[str] = []
    if case:
        dossier = doors.seen_by(who).dossier(doors.store.case_called(case).id)
        objects = [dossier.case.id, *evidence_of(dossier), *(finding.key for finding in dossier.findings)]
        objects += [filing.id for filing in dossier.filings]
    elif who.reach.areas is not None:
        raise CaseNotFound("your account is bound to areas; name a case of theirs")
    return doors.store.audit_search(what=what, actor=actor, objects=objects, before=before, limit=limit)


@router.get("/audit", summary="Look into the audit log", responses=problems(401, 403, 404, 422, 503))
def audit(
    doors: TheDoors,
    who: SeesAudit,
    what: Annotated[Name, Query(description="how it begins, e.g. `evidence.viewed` or `case.`")] = "",
    actor: Name = "",
    case: Annotated[Name, Query(description="number or id: only what is about it and its pictures")] = "",
    before: Before = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
) -> tuple[AuditEntryRecord, ...]:
    """Entries, the newest first. Whoever is bound to areas names a case."""
    found = entries_about(doors, who, what=what, actor=actor, case=case, before=before, limit=limit)
    return tuple(
        AuditEntryRecord(
            sequence=entry.sequence,
            at=entry.at,
            actor=entry.actor,
            what=entry.what,
            object=entry.object,
            payload=json.loads(entry.payload),
            hash=entry.hash,
        )
        for entry in found
    )
