"""Pictures that come before the report they belong to."""

from typing import Annotated

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.digest import ContentDigest, check_digest
from api.doors import Doors, TheDoors
from api.problems import problems
from api.receiving import attach as attached
from api.routes.evidence import BYTES, stored
from api.routes.listing import Sha256
from api.routes.pictures import picture_body, picture_request
from api.routes.records import AttachmentRecord
from cases.audit.entry import Deed
from cases.report import Attachment
from inference.sources.still_picture import header_of

router = Router(prefix="/v1", tags=["reports"])


@router.post(
    "/attachments",
    status_code=201,
    summary="Send a picture for a report",
    dependencies=[needs(Right.REPORT)],
    responses=problems(401, 403, 413, 415, 422, 503),
    openapi_extra=picture_request(),
)
async def attach(doors: TheDoors, request: Request, digest: ContentDigest = None) -> AttachmentRecord:
    """One JPEG or PNG of at most 8 MB and 40 megapixels; the same picture again is the same attachment."""
    data = await picture_body(request)
    check_digest(data, digest)
    return AttachmentRecord.model_validate(await run_in_threadpool(_kept, doors, data))


@router.get(
    "/attachments/{sha256}",
    summary="Look at a picture sent for a report",
    response_class=Response,
    responses={**BYTES, **problems(401, 403, 404, 410, 503)},
)
def attachment(doors: TheDoors, who: Annotated[Caller, needs(Right.SEE_CASES)], sha256: Sha256) -> Response:
    """The bytes as they were sent, checked against their name. Every look is logged."""
    kept = doors.seen_by(who).attachment(sha256)
    answer = stored(doors.evidence, sha256, kept.media_type if kept else None, doors.store.purging.when_purged)
    seen = Deed(actor=who.label, what="evidence.viewed", object=sha256, payload={"role": "report"})
    doors.store.record(seen)
    return answer


def _kept(doors: Doors, data: bytes) -> Attachment:
    """The bytes are durable before the database names them."""
    media_type = header_of(data).media_type
    attachment = Attachment(
        sha256=doors.evidence.put(data), media_type=media_type, size_bytes=len(data), received_at=doors.clock()
    )
    return attached(doors.store, attachment)
