"""The bytes of evidence, and only of evidence that some finding rests on."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from fastapi import Response
from starlette.exceptions import HTTPException

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import TheDoors
from api.problems import problems
from api.routes.listing import Sha256
from cases.audit.entry import Deed
from inference.errors import EvidenceError
from inference.evidence.store import EvidenceStore
from inference.findings import EvidenceRole

router = Router(prefix="/v1", tags=["findings"])

SHOWN = frozenset({"image/jpeg", "image/png", "application/json"})
"""Media types that a browser may show; all others are handed out as files."""


ORIGINALS = frozenset({EvidenceRole.FIRST, EvidenceRole.BEST, EvidenceRole.LAST, EvidenceRole.ORIGINAL})
"""What shows people and vehicles as the camera saw them."""

BYTES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The bytes as they were kept",
        "content": {name: {"schema": {"type": "string", "format": "binary"}} for name in sorted(SHOWN)},
    }
}
"""How OpenAPI describes an answer that carries evidence."""


@router.get(
    "/evidence/{sha256}",
    summary="Read a piece of evidence",
    response_class=Response,
    responses={**BYTES, **problems(401, 403, 404, 410, 503)},
)
def evidence(doors: TheDoors, who: Annotated[Caller, needs(Right.SEE_CASES)], sha256: Sha256) -> Response:
    """The bytes as they were kept, checked against their name. Every look at an original is logged."""
    ref = doors.seen_by(who).evidence(sha256)
    answer = stored(doors.evidence, sha256, ref.media_type if ref else None, doors.store.purging.when_purged)
    if ref is not None and ref.role in ORIGINALS:
        seen = Deed(actor=who.label, what="evidence.viewed", object=sha256, payload={"role": ref.role.value})
        doors.store.record(seen)
    return answer


def stored(
    store: EvidenceStore, sha256: str, media_type: str | None, when_purged: Callable[[str], datetime | None]
) -> Response:
    """The answer that carries evidence; it is kept in no cache.

    Args:
        store: where the bytes are.
        sha256: their name.
        media_type: as the reference says; None where nothing refers to them.
        when_purged: tells when they were deleted because their time was over.

    Raises:
        HTTPException: nothing refers to them, or their time was over.
        EvidenceError: they are missing or changed.
    """
    if media_type is None:
        raise HTTPException(404, "no finding or case rests on such evidence; look it up on the page of the case")
    headers = {"Cache-Control": "no-store", "Content-Disposition": "inline"}
    if media_type not in SHOWN:
        headers["Content-Disposition"] = f'attachment; filename="{sha256[:16]}"'
    try:
        data = store.get(sha256)
    except EvidenceError:
        at = when_purged(sha256)
        if at is None:
            raise
        raise HTTPException(
            410, f"this was deleted on {at:%Y-%m-%d}, when its time was over; the log has the receipt"
        ) from None
    return Response(data, media_type=media_type, headers=headers)
