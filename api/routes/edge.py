"""The centre's door for edge boxes: findings with their evidence, each taken exactly once."""

import hashlib
from typing import Annotated

from fastapi import Header, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from api.access import Router, needs
from api.accounts.roles import Right
from api.digest import ContentDigest, check_digest
from api.doors import Doors, TheDoors
from api.edge.form import EdgeReceipt, FindingForm
from api.problems import problems
from api.routes.listing import Sha256
from cases.intake import Outcome
from inference.errors import EvidenceError

router = Router(prefix="/v1/edge", tags=["edge"])

MOST_EVIDENCE_BYTES = 12 * 1024 * 1024
"""Of one piece: a key packet or panorama of a large camera."""


@router.post(
    "/findings",
    summary="Hand a finding over",
    dependencies=[needs(Right.SEND_FINDINGS)],
    responses=problems(401, 403, 413, 422, 503),
)
def hand_over(
    doors: TheDoors,
    body: FindingForm,
    idempotency_key: Annotated[str | None, Header(max_length=64, description="the finding's `key`")] = None,
) -> EdgeReceipt:
    """Take a finding in, once all of its evidence is here; until then say what is missing, and take nothing."""
    if idempotency_key not in (None, body.key):
        raise HTTPException(422, "Idempotency-Key must be the finding's key, or be left out")
    if body.camera not in doors.city.views:
        raise HTTPException(422, "the city file has no camera of this name; add it at the centre as well")
    if doors.store.finding(body.key) is not None:  # also where its evidence was purged meanwhile: it must not come back
        return EdgeReceipt(key=body.key, outcome=Outcome.KNOWN)
    missing = tuple(ref.sha256 for ref in body.evidence if not _has(doors, ref.sha256))
    if missing:
        return EdgeReceipt(key=body.key, missing=tuple(dict.fromkeys(missing)))
    taken = doors.intake.take(body.finding())
    return EdgeReceipt(key=body.key, outcome=taken.outcome)


@router.post(
    "/evidence/{sha256}",
    status_code=204,
    summary="Send evidence of a finding",
    dependencies=[needs(Right.SEND_FINDINGS)],
    responses=problems(401, 403, 413, 422, 503),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/octet-stream": {
                    "schema": {"type": "string", "format": "binary", "maxLength": MOST_EVIDENCE_BYTES}
                }
            },
        }
    },
)
async def send(doors: TheDoors, request: Request, sha256: Sha256, digest: ContentDigest = None) -> None:
    """The bytes under their SHA-256; the same bytes again change nothing."""
    data = await request.body()
    check_digest(data, digest)
    if hashlib.sha256(data).hexdigest() != sha256:
        raise HTTPException(422, "the body is not what its name says; send it again")
    await run_in_threadpool(doors.evidence.put, data)


def _has(doors: Doors, sha256: str) -> bool:
    try:
        doors.evidence.get(sha256)
    except EvidenceError:
        return False
    return True
