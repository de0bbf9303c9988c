"""CloudEvents 1.0 over HTTP, structured and binary (https://github.com/cloudevents/spec, HTTP protocol binding)."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from urllib.parse import unquote

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import from_json
from starlette.exceptions import HTTPException

STRUCTURED = "application/cloudevents+json"
BINARY = "application/json"
Attribute = Annotated[str, Field(min_length=1, max_length=512, pattern=r"^[^\x00-\x1f\x7f]+$")]


class CloudEvent(BaseModel):
    """One event. `source` and `id` together name it; other systems may add attributes of their own."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    specversion: Literal["1.0"]
    id: Attribute
    source: Attribute
    type: Attribute
    subject: Attribute | None = None
    time: AwareDatetime | None = None
    datacontenttype: Attribute | None = None
    dataschema: Attribute | None = None
    data: Any = None

    def at(self, pointer: str) -> Any:
        """What stands at a JSON Pointer (RFC 6901) in the event, or None where nothing does."""
        names = [name.replace("~1", "/").replace("~0", "~") for name in pointer.split("/")[1:]]
        here: Any = {"id": self.id, "source": self.source, "type": self.type, "subject": self.subject}
        here |= {"time": self.time.isoformat() if self.time else None, "data": self.data}
        for name in names:
            if isinstance(here, Mapping):
                here = here.get(name)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
            elif isinstance(here, list) and name.isdecimal() and int(name) < len(here):  # pyright: ignore[reportUnknownArgumentType]
                here = here[int(name)]  # pyright: ignore[reportUnknownVariableType]
            else:
                return None
        return here  # pyright: ignore[reportUnknownVariableType]


def read_event(headers: Mapping[str, str], body: bytes) -> CloudEvent:
    """The event of a request.

    Args:
        headers: names in small letters.
        body: the whole body.

    Raises:
        HTTPException: 415 for another media type or form, 400 for what is no JSON, 422 for what is no CloudEvent.
    """
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == STRUCTURED:
        event = _json(body)
        if not isinstance(event, dict):
            raise HTTPException(422, "send one CloudEvent as a JSON object")
        if "data_base64" in event:
            raise HTTPException(422, "data_base64 is not read here; send `data` as JSON")
        return _checked(event)  # pyright: ignore[reportUnknownArgumentType]
    if media_type == BINARY and "ce-specversion" in headers:
        attributes = {name[3:]: unquote(value) for name, value in headers.items() if name.startswith("ce-")}
        return _checked({**attributes, "datacontenttype": media_type, "data": _json(body) if body else None})
    raise HTTPException(
        415, f"send a CloudEvent: {STRUCTURED}, or {BINARY} with its attributes in ce-… headers; one at a time"
    )


def _json(body: bytes) -> Any:
    try:
        return from_json(body, allow_inf_nan=False)
    except ValueError:
        raise HTTPException(400, "the body is no JSON, or is nested too deeply; send one JSON object") from None


def _checked(event: Mapping[str, Any]) -> CloudEvent:
    try:
        return CloudEvent.model_validate(event)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])[:60]
        raise HTTPException(
            422, f"`{where}` of the CloudEvent is missing or not as CloudEvents 1.0 has it; correct it"
        ) from None
