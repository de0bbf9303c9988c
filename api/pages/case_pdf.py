"""A case as PDF, made here: nothing is fetched, and the font is in the file."""

import threading
from typing import Annotated

from fastapi import Request, Response
from starlette.exceptions import HTTPException

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import Doors, TheDoors
from api.pages.names import Names
from api.pages.rendering import words_for
from api.pages.verification import verify_finding
from api.routes.evidence import ORIGINALS
from api.routes.listing import CaseId
from cases.audit.entry import Deed
from cases.dossier import Dossier

router = Router(include_in_schema=False)

AT_ONCE = 2
"""Files that are made at the same time: each takes a second of a core and some tens of megabytes."""


@router.get("/cases/{case_id}/file.pdf")
def case_pdf(
    request: Request, doors: TheDoors, who: Annotated[Caller, needs(Right.SEE_CASES)], case_id: CaseId
) -> Response:
    """The whole file of a case, in the language of the reader's pages. Every one that is made is logged."""
    dossier, slots = doors.seen_by(who).dossier(case_id), _slots(request)
    if not slots.acquire(blocking=False):
        raise HTTPException(503, "other files are being made; try again in a few seconds", {"Retry-After": "3"})
    try:
        data = _made(request, doors, who, dossier)
    finally:
        slots.release()
    headers = {"Content-Disposition": f'inline; filename="{dossier.case.number}.pdf"', "Cache-Control": "no-store"}
    return Response(data, media_type="application/pdf", headers=headers)


def _made(request: Request, doors: Doors, who: Caller, dossier: Dossier) -> bytes:
    from api.paper.case_file import Paper  # a start has no use for what makes PDF

    t, seen, shown = words_for(request), doors.seen_by(who), dict[str, str]()
    proofs = {proof.sha256 for entry in dossier.history for proof in entry.proofs}

    def read(sha256: str) -> bytes | None:
        ref = seen.evidence(sha256)
        if ref is None and sha256 not in proofs:
            return None
        data = doors.evidence.get(sha256)
        shown[sha256] = ref.role.value if ref else "proof"
        return data

    paper = Paper(
        t=t,
        names=Names(city=doors.city, order=doors.order, language=t.language),
        read=read,
        verify=lambda finding: verify_finding(finding, doors.evidence),
        by=who.label,
    )
    data = paper.of(dossier)
    for sha256, role in shown.items():
        if role in ORIGINALS:
            doors.store.record(Deed(actor=who.label, what="evidence.viewed", object=sha256, payload={"role": role}))
    payload = {"number": dossier.case.number, "version": dossier.case.version, "pictures": sorted(shown)}
    doors.store.record(Deed(actor=who.label, what="case.printed", object=dossier.case.id, payload=payload))
    return data


def _slots(request: Request) -> threading.BoundedSemaphore:
    """How many files may still be made now."""
    return request.app.state.printing
