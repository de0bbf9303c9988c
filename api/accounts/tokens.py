"""Random secrets that are shown once and kept only as hashes, and what is derived from them."""

import hashlib
import hmac
import secrets

KEY_PREFIX = "jx"


def new_token() -> str:
    """256 random bits, safe in a cookie and a header."""
    return secrets.token_urlsafe(32)


def random_name() -> str:
    """A name of 128 random bits that is safe in a URL."""
    return secrets.token_hex(16)


def digest(token: str) -> str:
    """What is kept of a token: hex SHA-256. The token is random, so nothing slower is needed."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def form_token(session_token: str) -> str:
    """What a session's forms bring along: nobody who cannot read the session's cookie can know it."""
    mac = hmac.new(session_token.encode("utf-8", "surrogatepass"), b"jiexun form", hashlib.sha256)
    return mac.hexdigest()


def written_key(key_id: str, secret: str) -> str:
    """A key as its holder keeps it."""
    return f"{KEY_PREFIX}_{key_id}_{secret}"


def parts_of_key(written: str) -> tuple[str, str] | None:
    """Identifier and secret of a written key; None where it is none.

    >>> parts_of_key("jx_ab12_s_3"), parts_of_key("whsec_x")
    (('ab12', 's_3'), None)
    """
    parts = written.split("_", 2)
    return (parts[1], parts[2]) if len(parts) == 3 and parts[0] == KEY_PREFIX and all(parts) else None
