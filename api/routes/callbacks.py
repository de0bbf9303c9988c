"""What departments' own systems tell us: signed messages (Standard Webhooks), each taken once."""

from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any, Self

from fastapi import Path, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from api.access import Router, open_to_all
from api.doors import Doors, TheDoors
from api.moves import PlainText, Reason
from api.problems import problems
from api.routes.records import Record
from cases.channels.signature import verify
from cases.errors import SignatureRefused
from cases.history import Proof
from cases.ports import AddressRefused, NoAnswer
from cases.replies import Reply, ReplyKind
from cases.states import CaseState
from inference.sources.still_picture import still_picture

PICTURE_TIMEOUT = timedelta(seconds=15)

router = Router(prefix="/v1", tags=["departments"])

DepartmentId = Annotated[
    str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$", description="as the city file names it", examples=["traffic"])
]


class Callback(BaseModel):
    """What a department says about one of its cases."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"case": "9f" * 16, "answer": "returned", "reason": "not our road"}]},
    )

    case: Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,64}$", description="the `subject` of our message")]
    answer: ReplyKind
    by: Annotated[PlainText, Field(max_length=60, description="the person there")] = ""
    reason: Reason = ""
    picture_url: Annotated[
        str | None, Field(max_length=2000, description="a JPEG or PNG that shows that the work is done")
    ] = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.answer is ReplyKind.RETURNED and not self.reason:
            raise ValueError("needs a reason where the case is returned")
        if self.picture_url and self.answer is not ReplyKind.HANDLED:
            raise ValueError("may name a picture only where the case is handled")
        return self


class TakenRecord(Record):
    """How the case stands now, and whether this very message had come before."""

    case: str
    number: str
    state: CaseState
    repeated: bool


def _described() -> dict[str, Any]:
    """The body as it stands in the description: it is read by hand, because its bytes are signed."""
    schema = Callback.model_json_schema(ref_template="#/components/schemas/{model}")
    kinds = schema.pop("$defs")["ReplyKind"]
    schema["properties"]["answer"] = kinds
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


@router.post(
    "/departments/{department}/callbacks",
    summary="Tell us how a case stands",
    dependencies=[open_to_all()],  # the signature proves who says it
    responses=problems(401, 404, 409, 413, 422, 502, 503),
    openapi_extra=_described(),
)
async def callback(doors: TheDoors, request: Request, department: DepartmentId) -> TakenRecord:
    """Accepted, returned with a reason, or handled. Signed with `webhook-id`, `-timestamp` and `-signature`.

    A message that comes again, under the same `webhook-id`, changes nothing and is answered like the first.
    """
    body = await request.body()
    return await run_in_threadpool(_taken, doors, department, dict(request.headers), body)


def _taken(doors: Doors, department: str, headers: dict[str, str], body: bytes) -> TakenRecord:
    secrets = doors.callback_secrets.get(department)
    if not secrets:
        raise SignatureRefused(
            "no callbacks are agreed with this department; name its `callback_secret_env` in the city file"
        )
    message_id = verify(secrets, headers, body, now=doors.clock())
    said = _read(body)
    reply = Reply(
        id=message_id,
        department=department,
        case_id=said.case,
        kind=said.answer,
        by=said.by or department,
        reason=said.reason,
        content=body,
    )
    taken = doors.replies.repeated(reply)
    if taken is None:
        proofs = (_fetched(doors, said.picture_url),) if said.picture_url else ()
        taken = doors.replies.take(replace(reply, proofs=proofs))
    return TakenRecord(case=taken.case.id, number=taken.case.number, state=taken.case.state, repeated=taken.repeated)


def _read(body: bytes) -> Callback:
    try:
        return Callback.model_validate_json(body)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        raise RequestValidationError([{**one, "loc": ("body", *one["loc"])} for one in found]) from None


def _fetched(doors: Doors, url: str) -> Proof:
    """A picture that the department shows, kept as evidence.

    Raises:
        HTTPException: it cannot be had.
        PictureRefused: it is none.
        EvidenceError: it cannot be kept.
    """
    try:
        answer = doors.pictures.get(url, headers={"accept": "image/jpeg, image/png"}, timeout=PICTURE_TIMEOUT)
    except AddressRefused as refused:
        raise HTTPException(422, f"the picture is not fetched: {refused}") from None
    except NoAnswer as silence:
        raise HTTPException(502, f"the picture cannot be fetched: {silence}; send the message again") from None
    if answer.status != 200 or answer.cut:
        why = f"its server answered {answer.status}" if answer.status != 200 else "it is larger than 8 MB"
        raise HTTPException(502 if answer.status >= 500 else 422, f"the picture cannot be fetched: {why}")
    source = still_picture(answer.body).original()
    name = doors.evidence.put(source.data)
    return Proof(sha256=name, media_type=source.media_type, size_bytes=len(source.data), taken_at=doors.clock())
