"""Cases as bundles that can be verified elsewhere."""

from tempfile import SpooledTemporaryFile
from typing import Annotated, Any

from starlette.background import BackgroundTask
from starlette.responses import StreamingResponse

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import TheDoors
from api.problems import problems
from api.routes.listing import CaseId

router = Router(prefix="/v1", tags=["cases"])

IN_MEMORY = 8 * 2**20
"""Bytes of a bundle that are held in memory; what is longer goes to a temporary file."""
PIECE = 256 * 1024

ZIP: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A zip file; `jiexun verify` checks it, and so does the verify.py in it",
        "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.get(
    "/cases/{case_id}/bundle",
    summary="Export a case with its evidence and its part of the audit log",
    response_class=StreamingResponse,
    responses={**ZIP, **problems(401, 403, 404, 503)},
)
def bundle(doors: TheDoors, who: Annotated[Caller, needs(Right.EXPORT)], case_id: CaseId) -> StreamingResponse:
    """The case as one file that anybody can verify without this service. Every export is logged."""
    number = doors.seen_by(who).dossier(case_id).case.number
    file = SpooledTemporaryFile[bytes](max_size=IN_MEMORY)
    try:
        doors.exporter.case(case_id, file, by=who.label)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{number}.zip"'}
    pieces = iter(lambda: file.read(PIECE), b"")
    return StreamingResponse(
        pieces, media_type="application/zip", headers=headers, background=BackgroundTask(file.close)
    )
