"""Pictures as raw request bodies: read with a limit, and of the media types that are taken."""

from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request

from inference.sources.jpeg_header import MAX_JPEG_BYTES
from inference.sources.png_header import PNG_SIGNATURE

JPEG, PNG = "image/jpeg", "image/png"
JPEG_SIGNATURE = b"\xff\xd8"


def jpeg_request() -> dict[str, Any]:
    """How OpenAPI describes the body of a JPEG."""
    return _picture_request(JPEG)


def picture_request() -> dict[str, Any]:
    """How OpenAPI describes the body of a JPEG or PNG."""
    return _picture_request(JPEG, PNG)


def _picture_request(*media_types: str) -> dict[str, Any]:
    schema = {"type": "string", "format": "binary", "maxLength": MAX_JPEG_BYTES}
    return {"requestBody": {"required": True, "content": {name: {"schema": schema} for name in media_types}}}


async def jpeg_body(request: Request) -> bytes:
    """The whole body, which must be a JPEG.

    Raises:
        HTTPException: 415 for another media type or content, 413 as soon as more than 8 MB have come, 422 for nothing.
    """
    return await _body(request, {JPEG: JPEG_SIGNATURE}, "send the picture as it is, with Content-Type: image/jpeg")


async def picture_body(request: Request) -> bytes:
    """The whole body, which must be a JPEG or PNG.

    Raises:
        HTTPException: as `jpeg_body`.
    """
    sentence = "send the picture as it is, with Content-Type: image/jpeg or image/png"
    return await _body(request, {JPEG: JPEG_SIGNATURE, PNG: PNG_SIGNATURE}, sentence)


async def _body(request: Request, signatures: Mapping[str, bytes], sentence: str) -> bytes:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in signatures:
        raise HTTPException(415, sentence)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_JPEG_BYTES:
            raise HTTPException(413, f"the picture is too large; send at most {MAX_JPEG_BYTES // 2**20} MB")
    if not body:
        raise HTTPException(422, "the body is empty; send a picture")
    if not body.startswith(signatures[media_type]):
        name = media_type.removeprefix("image/").upper()
        raise HTTPException(415, f"this is no {name}; send the picture as {media_type}")
    return bytes(body)
