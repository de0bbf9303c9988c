"""The store: one database, with transactions for those who change and questions for those who read."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Self

from sqlalchemy import insert, select

from api.clock import utc_now
from api.store import rows
from api.store.accounts import SqlAccounts
from api.store.appraisal import SqlAppraisal
from api.store.audit_log import AuditQuestions, AuditWriter
from api.store.book import SqlBook
from api.store.cameras import SqlCameras
from api.store.edge import SqlEdge
from api.store.engine import begin, open_engine, reading
from api.store.leases import SqlLeases
from api.store.notices import SqlNotices
from api.store.pass_questions import PassQuestions
from api.store.personal import SqlPersonal
from api.store.public import PublicQuestions
from api.store.purging import SqlPurging
from api.store.questions import Questions
from api.store.requests import RequestQuestions
from api.store.second_factors import SqlSecondFactors
from api.store.tables import audit_heads
from cases.audit.entry import AuditEntry, Deed, Head
from cases.ports import Clock


class SqlStore(Questions, AuditQuestions):
    """Keeps cases in SQLite or PostgreSQL. Safe to use from many threads; close it at the end, or use it with `with`.

    Attributes:
        appraisal: months, their cases and the votes of streets.
        edge: what an edge box has still to deliver.
        leases: workers, and who watches which camera.
        notices: what each person is to know, and what they have read of it.
        cameras: editions of what is drawn on their pictures.
        purging: evidence whose time is over.
        personal: what people have left of themselves, and its time is over.
        patrols: passes of vehicles and what they have seen.
        public: what everybody may ask.
        second_factors: codes of people who sign in with a password and one.
        requests: what other systems ask of what they have filed.

    Args:
        url: `sqlite:////absolute/path.db` or `postgresql+psycopg://…`; its tables are made by `api.store.upgrade`.
        clock: tells when a deed was logged.
    """

    def __init__(self, url: str, *, clock: Clock = utc_now) -> None:
        self._engine = open_engine(url)
        self._clock = clock
        super().__init__(reading(self._engine))
        self.accounts = SqlAccounts(self._engine)
        self.second_factors = SqlSecondFactors(self._engine)
        self.appraisal = SqlAppraisal(self._engine, reading(self._engine))
        self.edge = SqlEdge(self._engine, reading(self._engine))
        self.leases = SqlLeases(self._engine, reading(self._engine))
        self.notices = SqlNotices(self._engine, reading(self._engine))
        self.cameras = SqlCameras(self._engine, reading(self._engine), clock)
        self.purging = SqlPurging(self._engine, reading(self._engine), clock)
        self.personal = SqlPersonal(self._engine, reading(self._engine), clock)
        self.patrols = PassQuestions(reading(self._engine))
        self.public = PublicQuestions(reading(self._engine))
        self.requests = RequestQuestions(reading(self._engine))

    @contextmanager
    def transaction(self) -> Generator[SqlBook]:
        """One writing transaction: committed as a whole at the end of the block, or undone if an error leaves it.

        Raises:
            StoreError: the database cannot be opened or written.
        """
        with begin(self._engine) as connection:
            yield SqlBook(connection, AuditWriter(connection, self._clock))

    def record(self, deed: Deed) -> AuditEntry:
        """Log something that changes no case: a view, an export, a login, a changed setting.

        Raises:
            StoreError: the database cannot be opened or written.
        """
        with begin(self._engine) as connection:
            return AuditWriter(connection, self._clock).append(deed)

    def adopt(self, case_id: str) -> None:
        """Log a case that was opened before there was a log as it is now; does nothing for all others.

        Raises:
            CaseNotFound: there is none.
            StoreError: the database cannot be opened or written.
        """
        with self.transaction() as book:
            book.adopt(case_id)

    def keep_head(self, head: Head) -> None:
        """Keep a signed head; one over the same entry that is already there stays.

        Raises:
            StoreError: the database cannot be opened or written.
        """
        with begin(self._engine) as connection:
            there = select(audit_heads.c.sequence).where(audit_heads.c.sequence == head.sequence)
            if connection.execute(there).first() is None:
                connection.execute(insert(audit_heads).values(rows.head_row(head)))

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
