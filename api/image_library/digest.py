"""HTTP Digest (RFC 7616) as devices of GA/T 1400 prove themselves with it: MD5, `qop=auth`, every proof good once.

MD5 is what the standard's devices speak. It guards a registration in a closed network, and nothing else.
"""

import hashlib
import hmac
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from urllib.request import parse_http_list

REALM = "jiexun"
GOOD_FOR = timedelta(minutes=1)
"""From a challenge to its answer."""
MOST_REMEMBERED = 10_000
"""Proofs that were taken and may not come again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a sender proves that it knows."""

    user: str
    password: str = field(repr=False)


class DigestGate:
    """Challenges senders, and checks their answers.

    Args:
        key: random bytes of this process, which sign its challenges.
        clock: now, aware UTC.
    """

    def __init__(self, *, key: bytes, clock: Callable[[], datetime]) -> None:
        self._key, self._clock = key, clock
        self._taken: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def challenge(self) -> str:
        """The `WWW-Authenticate` header of a 401."""
        stamp = f"{int(self._clock().timestamp()):x}-{secrets.token_hex(8)}"
        return f'Digest realm="{REALM}", qop="auth", algorithm=MD5, nonce="{stamp}.{self._mark(stamp)}"'

    def proves(self, authorization: str, *, method: str, path: str, credentials: Credentials) -> bool:
        """Whether an `Authorization` header answers one of our challenges with the right password, for the first time.

        Args:
            authorization: the header as it came.
            method: of the request.
            path: of the request; a proof for another path is none.
            credentials: of the sender that it says it is.
        """
        said = _parts(authorization)
        if said is None or said.get("username") != credentials.user or said.get("realm") != REALM:
            return False
        if said.get("qop") != "auth" or said.get("algorithm", "MD5").upper() != "MD5":
            return False
        if urlsplit(said.get("uri", "")).path != path or not self._is_ours(said.get("nonce", "")):
            return False
        expected = digest_response(said, method=method, password=credentials.password)
        if not hmac.compare_digest(expected.encode(), said.get("response", "").encode()):
            return False
        return self._is_first(said["nonce"])

    def _is_ours(self, nonce: str) -> bool:
        """Whether this process has given the challenge, and not too long ago."""
        stamp, _, mark = nonce.partition(".")
        if not hmac.compare_digest(self._mark(stamp).encode(), mark.encode()):
            return False
        age = self._clock().timestamp() - int(stamp.partition("-")[0], 16)
        return 0 <= age <= GOOD_FOR.total_seconds() + 1

    def _mark(self, stamp: str) -> str:
        return hmac.new(self._key, stamp.encode(), hashlib.sha256).hexdigest()[:32]

    def _is_first(self, nonce: str) -> bool:
        with self._lock:
            if nonce in self._taken:
                return False
            self._taken[nonce] = None
            while len(self._taken) > MOST_REMEMBERED:
                self._taken.popitem(last=False)
            return True


def digest_response(said: dict[str, str], *, method: str, password: str) -> str:
    """The `response` that belongs to the other fields of an answer (RFC 7616, 3.4.1).

    Args:
        said: `username`, `realm`, `uri`, `nonce`, `nc`, `cnonce`, `qop`.
        method: of the request.
        password: of the user.
    """
    secret = _md5(f"{said['username']}:{said['realm']}:{password}")
    request = _md5(f"{method}:{said['uri']}")
    return _md5(":".join((secret, said["nonce"], said.get("nc", ""), said.get("cnonce", ""), said["qop"], request)))


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()  # the protocol's choice, see above


def _parts(authorization: str) -> dict[str, str] | None:
    scheme, _, rest = authorization.partition(" ")
    if scheme.casefold() != "digest" or len(rest) > 2000:
        return None
    pieces = (piece.partition("=") for piece in parse_http_list(rest))
    return {name.strip(): value.strip().strip('"') for name, _, value in pieces}
