"""The same request twice does the same once: what was done is written down in the very transaction that does it."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.exceptions import HTTPException

from api.receiving import Asked
from api.store.book import SqlBook
from api.store.store import SqlStore


class DoneBefore(Exception):
    """The request was carried out before; its repetition changes nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnceStore:
    """A store whose next transaction happens once for each request of a name.

    Attributes:
        store: where it happens.
        asked: what its sender calls the request.
        answer: what is remembered of it.
        at: aware UTC, now.
    """

    store: SqlStore
    asked: Asked
    answer: Mapping[str, Any]
    at: datetime

    @contextmanager
    def transaction(self) -> Generator[SqlBook]:
        """One transaction, see `SqlStore.transaction`.

        Raises:
            DoneBefore: it happened before.
            HTTPException: 422, the same name came with another body before.
        """
        with self.store.transaction() as book:
            given = book.answer(self.asked.door, self.asked.key)
            if given is not None:
                if given[0] != self.asked.body_sha256:
                    raise HTTPException(422, "this Idempotency-Key came with another body; give each request its own")
                raise DoneBefore
            yield book
            book.keep_answer(self.asked.door, self.asked.key, self.asked.body_sha256, self.answer, self.at)
