"""The store: one database, with transactions for those who change and questions for those who read."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Self

from api.store.appraisal import SqlAppraisal
from api.store.book import SqlBook
from api.store.engine import begin, open_engine, reading
from api.store.questions import Questions


class SqlStore(Questions):
    """Keeps cases in SQLite or PostgreSQL. Safe to use from many threads; close it at the end, or use it with `with`.

    Attributes:
        appraisal: months, their cases and the votes of streets.

    Args:
        url: `sqlite:////absolute/path.db` or `postgresql+psycopg://…`; its tables are made by `api.store.upgrade`.
    """

    def __init__(self, url: str) -> None:
        self._engine = open_engine(url)
        super().__init__(reading(self._engine))
        self.appraisal = SqlAppraisal(self._engine, reading(self._engine))

    @contextmanager
    def transaction(self) -> Generator[SqlBook]:
        """One writing transaction: committed as a whole at the end of the block, or undone if an error leaves it.

        Raises:
            StoreError: the database cannot be opened or written.
        """
        with begin(self._engine) as connection:
            yield SqlBook(connection)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
