"""What an edge box has still to deliver to the centre."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, delete, func, select, update

from api.store.engine import begin
from api.store.tables import outgoing_findings as outgoing


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A finding on its way: its key, and the finding as it is sent."""

    key: str
    body: str
    spooled_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """How many wait, since when the oldest does (aware UTC), and how many the centre has refused."""

    waiting: int
    oldest: datetime | None
    refused: int


class SqlEdge:
    """The spool of findings. They are put in by `SqlBook.spool_finding`, with the look that made them.

    Args:
        writing: the engine.
        reading: the same engine, for transactions that only read.
    """

    def __init__(self, writing: Engine, reading: Engine) -> None:
        self._writing = writing
        self._reading = reading

    def next(self) -> Outgoing | None:
        """The oldest that is neither delivered nor refused."""
        columns = (outgoing.c.key, outgoing.c.body, outgoing.c.spooled_at)
        waits = (outgoing.c.delivered_at.is_(None), outgoing.c.refused.is_(None))
        which = select(*columns).where(*waits).order_by(outgoing.c.sequence).limit(1)
        with begin(self._reading) as connection:
            row = connection.execute(which).mappings().first()
        return Outgoing(**row) if row else None

    def delivered(self, key: str, at: datetime) -> None:
        """The centre has it."""
        with begin(self._writing) as connection:
            connection.execute(update(outgoing).where(outgoing.c.key == key).values(delivered_at=at))

    def refuse(self, key: str, why: str) -> None:
        """The centre does not take it as things are: it stays here, and a person is told; see `offer_again`."""
        with begin(self._writing) as connection:
            connection.execute(update(outgoing).where(outgoing.c.key == key).values(refused=why[:500]))

    def offer_again(self) -> int:
        """Let those that the centre has refused be offered once more; says how many there are."""
        with begin(self._writing) as connection:
            refused = update(outgoing).where(outgoing.c.refused.is_not(None))
            return connection.execute(refused.values(refused=None)).rowcount

    def needs(self, sha256: str) -> bool:
        """Whether a finding that is not delivered names this evidence."""
        undelivered = outgoing.c.delivered_at.is_(None)
        with begin(self._reading) as connection:
            found = select(outgoing.c.key).where(undelivered, outgoing.c.body.contains(sha256)).limit(1)
            return connection.execute(found).first() is not None

    def forget(self, before: datetime) -> None:
        """Drop what was delivered before then; until then a camera that repeats itself is known here as well."""
        with begin(self._writing) as connection:
            connection.execute(delete(outgoing).where(outgoing.c.delivered_at < before))

    @property
    def backlog(self) -> Backlog:
        """How much there is to do."""
        waits = (outgoing.c.delivered_at.is_(None), outgoing.c.refused.is_(None))
        with begin(self._reading) as connection:
            waiting, oldest = connection.execute(
                select(func.count(), func.min(outgoing.c.spooled_at)).where(*waits)
            ).one()
            refused = connection.execute(select(func.count()).where(outgoing.c.refused.is_not(None))).scalar_one()
        return Backlog(waiting=waiting, oldest=oldest, refused=refused)
