"""Signatures of messages between us and a department, after Standard Webhooks 1.0 (symmetric, `v1`)."""

import hmac
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from cases.errors import SignatureRefused

PREFIX = "whsec_"
SHORTEST_SECRET = 24  # bytes, as the standard asks
TOLERANCE = timedelta(minutes=5)


class Secret:
    """A shared secret, written `whsec_` and base64 of at least 24 random bytes. Never shows itself.

    Raises:
        ValueError: it is not written so.
    """

    def __init__(self, written: str) -> None:
        try:
            self._key = b64decode(written.removeprefix(PREFIX), validate=True)
        except NotBase64:
            self._key = b""
        if not written.startswith(PREFIX) or len(self._key) < SHORTEST_SECRET:
            raise ValueError(
                f"a webhook secret is {PREFIX} and base64 of at least {SHORTEST_SECRET} bytes; make a new one"
            )

    def __repr__(self) -> str:
        return "Secret(hidden)"

    def sign(self, message_id: str, timestamp: int, body: bytes) -> str:
        """The signature of one message, as it stands in the header: `v1,` and base64."""
        signed = b".".join((message_id.encode(), str(timestamp).encode(), body))
        return "v1," + b64encode(hmac.new(self._key, signed, sha256).digest()).decode()


def signed_headers(secrets: Sequence[Secret], *, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers of a message, signed with every secret that is valid now, newest first."""
    timestamp = int(at.timestamp())
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(secret.sign(message_id, timestamp, body) for secret in secrets),
    }


def verify(secrets: Sequence[Secret], headers: Mapping[str, str], body: bytes, *, now: datetime) -> str:
    """Check a message that claims to come from the holder of one of `secrets`.

    Returns:
        Its `webhook-id`.

    Raises:
        SignatureRefused: a header is missing, the time is more than five minutes off, or no signature fits.
    """
    lower = {name.lower(): value for name, value in headers.items()}
    message_id, written, signatures = (lower.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature"))
    if not (message_id and written.isascii() and written.isdigit() and len(written) <= 12 and signatures):
        raise SignatureRefused("the message lacks webhook-id, webhook-timestamp or webhook-signature; sign it")
    timestamp = int(written)
    if abs(now - datetime.fromtimestamp(timestamp, UTC)) > TOLERANCE:
        raise SignatureRefused("the message is more than five minutes old or ahead; set the sender's clock")
    expected = [secret.sign(message_id, timestamp, body).encode() for secret in secrets]
    given = [signature.encode() for signature in signatures.split(" ")]
    if not any(hmac.compare_digest(one, other) for one in expected for other in given):
        raise SignatureRefused("no signature of the message fits; compare the shared secret")
    return message_id
