"""Pictures as raw request bodies: read with a limit, and of the one media type that is taken."""

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request

from inference.sources.jpeg_header import MAX_JPEG_BYTES


def jpeg_request() -> dict[str, Any]:
    """How OpenAPI describes such a body."""
    schema = {"type": "string", "format": "binary", "maxLength": MAX_JPEG_BYTES}
    return {"requestBody": {"required": True, "content": {"image/jpeg": {"schema": schema}}}}


async def jpeg_body(request: Request) -> bytes:
    """The whole body.

    Raises:
        HTTPException: 415 for another media type or content, 413 as soon as more than 8 MB have come, 422 for nothing.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "image/jpeg":
        raise HTTPException(415, "send the picture as it is, with Content-Type: image/jpeg")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_JPEG_BYTES:
            raise HTTPException(413, f"the picture is too large; send at most {MAX_JPEG_BYTES // 2**20} MB")
    if not body:
        raise HTTPException(422, "the body is empty; send a JPEG")
    if not body.startswith(b"\xff\xd8"):
        raise HTTPException(415, "this is no JPEG; send the picture as image/jpeg")
    return bytes(body)
