"""One-time codes by the clock, as authenticator apps show them (RFC 6238: HMAC-SHA-1, six digits, thirty seconds)."""

import base64
import hashlib
import hmac
import secrets
import unicodedata
from datetime import datetime
from urllib.parse import quote, urlencode

STEP_SECONDS = 30
DIGITS = 6
SECRET_BYTES = 20
"""As RFC 4226 recommends: as long as the hash."""
DRIFT = (-1, 0, 1)
"""Steps around now whose code is taken: clocks of phones differ a little."""


def new_secret() -> str:
    """A secret in base32, as people type it into an app that cannot see the picture."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def code_at(secret: str, step: int) -> str:
    """The code of one step.

    Args:
        secret: in base32.
        step: whole half minutes since 1970.

    >>> code_at(base64.b32encode(b"12345678901234567890").decode(), 59 // 30)  # RFC 6238, appendix B, last six digits
    '287082'
    """
    mac = hmac.new(base64.b32decode(secret), step.to_bytes(8, "big"), hashlib.sha1).digest()
    at = mac[-1] & 0x0F
    number = int.from_bytes(mac[at : at + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def step_of(secret: str, code: str, *, now: datetime) -> int | None:
    """The step whose code this is, within `DRIFT`; None where it is none.

    Args:
        secret: in base32.
        code: as somebody typed it.
        now: aware UTC.
    """
    typed = "".join(unicodedata.normalize("NFKC", code).split())  # full-width digits of a Chinese keyboard count too
    if not typed.isascii():
        return None
    here = int(now.timestamp()) // STEP_SECONDS
    fits = [step for step in (here + drift for drift in DRIFT) if hmac.compare_digest(code_at(secret, step), typed)]
    return fits[-1] if fits else None


def address_for_apps(secret: str, *, person: str, service: str) -> str:
    """The `otpauth://` address that apps read from a QR code.

    >>> address_for_apps("ABC", person="chen.yu", service="街巡")
    'otpauth://totp/%E8%A1%97%E5%B7%A1:chen.yu?secret=ABC&issuer=%E8%A1%97%E5%B7%A1'
    """
    query = urlencode({"secret": secret, "issuer": service}, quote_via=quote)
    return f"otpauth://totp/{quote(service)}:{quote(person)}?{query}"
