"""Errors as the web sees them: `application/problem+json` (RFC 9457) with one sentence, never with what was sent."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Annotated, Any

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.responses import Response

from cases.errors import StaleVersion
from cases.states import CaseState

MEDIA_TYPE = "application/problem+json"
LONGEST_NAME = 60
"""Characters of a field's name that are shown: names may come from the sender, too."""


class WrongField(BaseModel):
    """One thing that is wrong in a request."""

    where: str = Field(examples=["body.version"])
    what: str = Field(examples=["is required"])


class CurrentCase(BaseModel):
    """How a case stands that somebody else has changed: what a program needs to look again and decide anew."""

    case: str
    version: int = Field(examples=[4])
    state: CaseState


class ProblemDetails(BaseModel):
    """What went wrong, in one sentence that says what to do."""

    type: str = "about:blank"
    title: str = Field(examples=["Conflict"])
    status: int = Field(examples=[409])
    detail: str = Field(
        examples=["case 4f… has changed since version 3: it is filed at version 4; look at it again, then decide"]
    )
    errors: tuple[WrongField, ...] = ()
    current: Annotated[CurrentCase | None, Field(description="of a 409 because somebody else was first")] = None


def problem(
    status: int,
    detail: str,
    errors: Sequence[WrongField] = (),
    headers: Mapping[str, str] | None = None,
    current: CurrentCase | None = None,
) -> Response:
    """The answer that tells of a problem. ASCII only, so that no half of a surrogate pair can spoil it."""
    details = ProblemDetails(
        title=HTTPStatus(status).phrase, status=status, detail=detail, errors=tuple(errors), current=current
    )
    body = json.dumps(details.model_dump(mode="python", exclude_none=True), ensure_ascii=True, allow_nan=False)
    return Response(body, status, headers=headers, media_type=MEDIA_TYPE)


def current_case(error: Exception) -> CurrentCase | None:
    """How the case stands now, where an error says that somebody else changed it first."""
    if not isinstance(error, StaleVersion):
        return None
    return CurrentCase(case=error.case_id, version=error.version, state=CaseState(error.state))


def wrong_fields(error: RequestValidationError) -> tuple[WrongField, ...]:
    """What is wrong where, without the values."""
    return tuple(WrongField(where=_where(found["loc"]), what=_what(found)) for found in error.errors()[:20])


def _where(location: Sequence[str | int]) -> str:
    return ".".join(str(part)[:LONGEST_NAME] for part in location if part != "__root__")


SENTENCES = {
    "missing": "is required",
    "extra_forbidden": "is not known here; leave it out",
    "json_invalid": "is not JSON; send one JSON object",
    "finite_number": "must be a finite number",
    "string_unicode": "must be text that can be written as UTF-8",
}


def _what(found: Mapping[str, Any]) -> str:
    if found["type"] in SENTENCES:
        return SENTENCES[found["type"]]
    if found["type"] == "value_error":
        return str(found["ctx"]["error"])
    return str(found["msg"]).replace("Input should", "must", 1)


_RESPONSES = {
    400: "The request cannot be read",
    401: "Nobody has proved who they are",
    403: "The account lacks the right, or another site asked for this change",
    404: "There is no such thing",
    409: "Somebody else was first, or the state does not allow the move",
    410: "It was deleted when its time was over",
    413: "The body is too large",
    415: "Not a media type that is read here",
    429: "Too many requests; `Retry-After` says when to come again",
    422: "The request is understood and wrong",
    502: "A picture cannot be fetched from where it is said to be",
    503: "Not possible in this process now",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route in OpenAPI, for the problems it can answer with."""
    schema = {"$ref": "#/components/schemas/ProblemDetails"}
    return {
        status: {
            "description": _RESPONSES[status],
            "model": ProblemDetails,
            "content": {MEDIA_TYPE: {"schema": schema}},
        }
        for status in sorted(statuses)
    }
