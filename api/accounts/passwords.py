"""Passwords: which ones are taken, how they are kept, and how they are compared."""

import re
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from api.accounts.tokens import new_token
from api.errors import AccountError

SHORTEST, LONGEST = 12, 256
FEWEST_CHARACTERS = 5
AT_ONCE = 2
"""Hashes computed at the same time: each takes 64 MiB."""
PATIENCE_SECONDS = 10.0

DEFAULTS = frozenset(
    {
        *("abcdefghijkl", "admin", "administrator", "changeme", "correcthorsebatterystaple", "default", "demo"),
        *("example", "iloveyou", "jiexun", "letmein", "passwd", "password", "postgres", "qwerty", "root", "secret"),
        *("supervisor", "test", "user", "welcome"),
    }
)
"""What stands in manuals and lists; a password that is one of these but for digits and marks is refused."""


def check_password(password: str, *, name: str) -> str:
    """The password, if it may be taken.

    Raises:
        AccountError: it is too short, too long, too plain or well known.
    """
    letters = re.sub(r"[\W\d_]+", "", password.casefold())
    if not SHORTEST <= len(password) <= LONGEST:
        raise AccountError(f"the password must have {SHORTEST} to {LONGEST} characters; take a sentence of your own")
    if len(set(password)) < FEWEST_CHARACTERS:
        raise AccountError("the password repeats itself; take a sentence of your own")
    stem = re.sub(r"[\W\d_]+", "", name.casefold())
    if not letters or letters in DEFAULTS or letters == stem or _halves(letters) in DEFAULTS:
        raise AccountError("the password is well known or the name itself; take a sentence of your own")
    return password


def is_default(secret: str) -> bool:
    """Whether a secret is one that stands in manuals."""
    return re.sub(r"[\W\d_]+", "", secret.casefold()) in DEFAULTS


def _halves(letters: str) -> str:
    half = letters[: len(letters) // 2]
    return half if half * 2 == letters else ""


class Passwords:
    """Argon2id hashes. Computing one takes a tenth of a second on purpose: call from a thread, not the event loop.

    Args:
        hasher: how hashes are made; by default the second recommendation of RFC 9106.
    """

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._slots = threading.BoundedSemaphore(AT_ONCE)
        self._nobody = self._hasher.hash(new_token())

    def hash(self, password: str) -> str:
        """What is kept of a password."""
        return self._hasher.hash(password)

    def matches(self, kept: str | None, password: str) -> bool:
        """Whether it is the password. Without a kept hash the same work is done, so that nobody learns who exists.

        Raises:
            AccountError: too many are waiting already.
        """
        if not self._slots.acquire(timeout=PATIENCE_SECONDS):
            raise AccountError("too many people sign in at once; try again in a minute")
        try:
            return self._hasher.verify(kept or self._nobody, password) and kept is not None
        except (VerificationError, InvalidHashError):
            return False
        finally:
            self._slots.release()
