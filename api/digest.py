"""`Content-Digest` (RFC 9530): whether a body is what its sender meant to send."""

import base64
import binascii
import hashlib
import hmac
import re
from typing import Annotated

from fastapi import Header
from starlette.exceptions import HTTPException

_SHA256 = re.compile(r"(?:^|,)\s*sha-256=:([A-Za-z0-9+/=]{44}):\s*(?:,|$)")

ContentDigest = Annotated[
    str | None,
    Header(alias="Content-Digest", max_length=200, description="sha-256 of the body (RFC 9530)"),
]


def check_digest(data: bytes, announced: str | None) -> None:
    """Raises HTTPException 422 where a digest is announced and the body is another."""
    if announced is not None and not hmac.compare_digest(_sha256_in(announced), hashlib.sha256(data).digest()):
        raise HTTPException(422, "the body is not what Content-Digest says; send it again")


def _sha256_in(digest: str) -> bytes:
    found = _SHA256.search(digest)
    try:
        return base64.b64decode(found.group(1), validate=True) if found else b""
    except binascii.Error:
        return b""
