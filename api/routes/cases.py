"""Cases: read them, and make the moves that their state allows."""

import base64
from contextlib import suppress
from typing import Annotated

from fastapi import Header, Query, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.city.part import Day
from api.doors import TheDoors
from api.moves import ConditionName, DepartmentName, MoveName, Reason, Version, Wish, make_move
from api.permits import MOVERS, case_to_move
from api.problems import problems
from api.routes.evidence import BYTES, stored
from api.routes.listing import CaseId, Limit, Name, Offset, Sha256
from api.routes.records import CaseRecord, ConditionRecord, DossierRecord, PageRecord, RecheckRecord
from cases.standing import ReturnCause
from cases.states import CaseState
from inference.findings import ViolationKind

router = Router(prefix="/v1", tags=["cases"])

SeesCases = Annotated[Caller, needs(Right.SEE_CASES)]


def _decoded(text: object) -> bytes:
    if isinstance(text, str):
        with suppress(ValueError):
            return base64.b64decode(text, validate=True)
    raise ValueError("must be a picture in base64")


Base64Picture = Annotated[
    bytes,
    BeforeValidator(_decoded, json_schema_input_type=str),
    Field(description="JPEG or PNG that shows the work is done, in base64"),
]


AfterCase = Annotated[
    str | None,
    Query(pattern=r"^[0-9A-Za-z_-]{1,64}$", description="the last case already read: go on behind it, however far"),
]


class MoveRequest(BaseModel):
    """What is to be done to a case. The version may also come as `If-Match`."""

    model_config = ConfigDict(
        extra="forbid",
        allow_inf_nan=False,
        json_schema_extra={"examples": [{"version": 1, "reason": "permitted bay"}]},
    )

    version: Version | None = None
    reason: Reason = ""
    department: DepartmentName = ""
    cause: Annotated[ReturnCause | None, Field(description="of a return")] = None
    until: Annotated[Day | None, Field(description="the day on which a suspended case goes on")] = None
    picture: Base64Picture = b""
    condition: ConditionName = ""


@router.get("/cases", summary="List cases, newest first", responses=problems(401, 403, 404, 422, 503))
def cases(
    doors: TheDoors,
    who: SeesCases,
    state: Annotated[tuple[CaseState, ...], Query(description="any of these; none: all")] = (),
    kind: ViolationKind | None = None,
    department: Name | None = None,
    limit: Limit = 50,
    offset: Offset = 0,
    after: AfterCase = None,
) -> PageRecord[CaseRecord]:
    """Cases of the given states, kind and department."""
    page = doors.seen_by(who).cases(
        states=state, kind=kind, department=department, limit=limit, offset=offset, after=after
    )
    items = tuple(CaseRecord.model_validate(case) for case in page.items)
    return PageRecord[CaseRecord](items=items, total=page.total, limit=limit, offset=offset)


@router.get("/cases/{case_id}", summary="Read a case", responses=problems(401, 403, 404, 503))
def case(doors: TheDoors, who: SeesCases, case_id: CaseId, response: Response) -> DossierRecord:
    """A case with its findings, history and deliveries. Its version is also the `ETag`."""
    dossier = doors.seen_by(who).dossier(case_id)
    response.headers["ETag"] = f'"{dossier.case.version}"'
    return DossierRecord.of(dossier)


@router.get(
    "/cases/{case_id}/proofs/{sha256}",
    summary="Look at a picture handed in with a case",
    response_class=Response,
    responses={**BYTES, **problems(401, 403, 404, 410, 503)},
)
def proof(doors: TheDoors, who: SeesCases, case_id: CaseId, sha256: Sha256) -> Response:
    """The bytes of a picture that shows that the work is done."""
    handed_in = {
        proof.sha256: proof.media_type
        for entry in doors.seen_by(who).dossier(case_id).history
        for proof in entry.proofs
    }
    return stored(doors.evidence, sha256, handed_in.get(sha256), doors.store.purging.when_purged)


@router.get(
    "/cases/{case_id}/rechecks",
    summary="Read what cameras saw after handling",
    responses=problems(401, 403, 404, 503),
)
def rechecks(doors: TheDoors, who: SeesCases, case_id: CaseId) -> tuple[RecheckRecord, ...]:
    """Every re-check of a case, the oldest first; one without a `result` is still open."""
    case = doors.seen_by(who).dossier(case_id).case
    return tuple(RecheckRecord.model_validate(recheck) for recheck in doors.store.rechecks(case.id))


@router.get(
    "/cases/{case_id}/conditions",
    summary="Read what a case is filed and closed under",
    responses=problems(401, 403, 404, 503),
)
def conditions(doors: TheDoors, who: SeesCases, case_id: CaseId) -> tuple[ConditionRecord, ...]:
    """Of a candidate every filing condition to choose from, the usual one first; then the one it was filed under."""
    case, order = doors.seen_by(who).dossier(case_id).case, doors.order
    filed = order.filed_line(case)
    lines = order.conditions(case, doors.clock()) if case.state is CaseState.CANDIDATE else filter(None, (filed,))
    return tuple(ConditionRecord.model_validate(line) for line in lines)


@router.post(
    "/cases/{case_id}/{move}", summary="Make a move", responses=problems(400, 401, 403, 404, 409, 413, 422, 503)
)
def make(
    doors: TheDoors,
    who: Annotated[Caller, needs(*MOVERS)],
    case_id: CaseId,
    move: MoveName,
    body: MoveRequest,
    response: Response,
    if_match: Annotated[str | None, Header(pattern=r'^"[1-9][0-9]{0,8}"$', examples=['"3"'])] = None,
) -> CaseRecord:
    """Only what the state allows is done; `moves` of a case lists it."""
    case_to_move(who, move, doors.seen_by(who), case_id)
    version = int(if_match.strip('"')) if if_match else body.version
    if version is None:
        raise _wrong("version", "is required, here or as If-Match")
    if move.needs_reason and not body.reason:
        raise _wrong("reason", f"is required to {move} a case")
    wish = Wish(
        case_id=case_id,
        version=version,
        by=who.label,
        reason=body.reason,
        department=body.department,
        cause=body.cause,
        until=body.until,
        picture=body.picture,
        condition=body.condition,
    )
    moved = make_move(doors, move, wish)
    response.headers["ETag"] = f'"{moved.version}"'
    return CaseRecord.model_validate(moved)


def _wrong(field: str, sentence: str) -> RequestValidationError:
    return RequestValidationError(
        [{"type": "value_error", "loc": ("body", field), "msg": sentence, "ctx": {"error": sentence}}]
    )
