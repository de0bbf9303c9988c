"""The secret link with which whoever reported follows what becomes of it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cases.ports import CaseBook


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """One link. What is kept of it opens nothing.

    Attributes:
        token_hash: hex SHA-256 of the secret in the link.
        report_key: the report that was sent with it.
        case_id: the case that the report belongs to now.
        made_at: aware UTC.
        answered_at: aware UTC, when its holder last said whether the work is done.
        answered_round: how often the work had been sent back by then.
    """

    token_hash: str
    report_key: str
    case_id: str
    made_at: datetime
    answered_at: datetime | None = None
    answered_round: int | None = None


class FollowBook(CaseBook, Protocol):
    """What answering needs of a transaction."""

    def keep_follow(self, follow: Follow) -> None:
        """Write a link down, in place of the one before."""
        ...


def secret_of(form: str, *said: str) -> str:
    """The secret of the link that a form leads to: the same form sent twice leads to the same link.

    Whoever goes back and says something else with it says a second thing, under a link of its own.

    Args:
        form: the random name of the form, at least 128 bits, that only its own browser knows.
        said: everything that was filled in.

    >>> len(secret_of("0123456789abcdef0123456789abcdef"))
    40
    """
    return hashlib.sha256("\0".join((f"follow {form}", *said)).encode("utf-8", "surrogatepass")).hexdigest()[:40]


def hash_of(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
