"""The audit log in the database: appended to within the transaction that does what it tells of."""

import secrets
from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import Connection, Engine, insert, select

from api.store import rows
from api.store.engine import begin
from api.store.tables import audit, audit_heads
from cases.audit.entry import AuditEntry, Deed, Head, Tail
from cases.ports import Clock

AT_ONCE = 1000
"""Entries that are read at a time: the whole log need not fit into memory."""


class AuditWriter:
    """Appends within one writing transaction. Writers queue, so nobody else can append meanwhile."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock
        self._tail: Tail | None = None

    def append(self, deed: Deed) -> AuditEntry:
        """Write the next entry."""
        tail = self._tail or read_tail(self._connection)
        entry = AuditEntry.after(tail, deed, at=self._clock(), salt=secrets.token_hex(16))
        self._connection.execute(insert(audit).values(rows.audit_row(entry)))
        self._tail = Tail(sequence=entry.sequence, hash=entry.hash)
        return entry


class AuditQuestions:
    """What is asked of the log. Every method is one reading transaction."""

    def __init__(self, reading: Engine) -> None:
        self._reading = reading

    def audit_tail(self) -> Tail:
        """Where the log ends."""
        with begin(self._reading) as connection:
            return read_tail(connection)

    def audit_entries(self, *, after: int = 0, until: int | None = None) -> Iterator[AuditEntry]:
        """Entries with a number greater than `after`, up to and with `until`, in their order; read piece by piece."""
        while True:
            which = select(audit).where(audit.c.sequence > after).order_by(audit.c.sequence).limit(AT_ONCE)
            if until is not None:
                which = which.where(audit.c.sequence <= until)
            with begin(self._reading) as connection:
                found = connection.execute(which).mappings().all()
            yield from (rows.audit_from(row) for row in found)
            if len(found) < AT_ONCE:
                return
            after = found[-1]["sequence"]

    def case_changes(self, *, after: int, until: int, limit: int) -> Sequence[tuple[int, str]]:
        """Numbers greater than `after`, up to and with `until`, of entries about cases, and the ids of these cases."""
        about_cases = audit.c.what.startswith("case.", autoescape=True)
        which = select(audit.c.sequence, audit.c.object).where(audit.c.sequence > after, audit.c.sequence <= until)
        with begin(self._reading) as connection:
            found = connection.execute(which.where(about_cases).order_by(audit.c.sequence).limit(limit))
            return tuple((row.sequence, row.object) for row in found)

    def audit_of(self, *objects: str) -> Sequence[AuditEntry]:
        """Entries about these objects, in their order."""
        which = select(audit).where(audit.c.object.in_(objects)).order_by(audit.c.sequence)
        with begin(self._reading) as connection:
            return tuple(rows.audit_from(row) for row in connection.execute(which).mappings())

    def audit_search(
        self,
        *,
        what: str = "",
        actor: str = "",
        objects: Collection[str] = (),
        before: int | None = None,
        limit: int = 100,
    ) -> Sequence[AuditEntry]:
        """Entries, the newest first.

        Args:
            what: how their `what` begins.
            actor: what their `actor` holds.
            objects: only about these; none for all.
            before: only those with a smaller number.
            limit: how many at most.
        """
        which = select(audit)
        if what:
            which = which.where(audit.c.what.startswith(what, autoescape=True))
        if actor:
            which = which.where(audit.c.actor.contains(actor, autoescape=True))
        if objects:
            which = which.where(audit.c.object.in_(sorted(objects)))
        if before is not None:
            which = which.where(audit.c.sequence < before)
        with begin(self._reading) as connection:
            found = connection.execute(which.order_by(audit.c.sequence.desc()).limit(limit)).mappings()
            return tuple(rows.audit_from(row) for row in found)

    def audit_heads(self, *, after: int = 0) -> Sequence[Head]:
        """Signed heads over entries with a number greater than `after`, in their order."""
        which = select(audit_heads).where(audit_heads.c.sequence > after).order_by(audit_heads.c.sequence)
        with begin(self._reading) as connection:
            return tuple(rows.head_from(row) for row in connection.execute(which).mappings())

    def last_head(self) -> Head | None:
        """The newest signed head, or None where nothing was signed yet."""
        which = select(audit_heads).order_by(audit_heads.c.sequence.desc()).limit(1)
        with begin(self._reading) as connection:
            row = connection.execute(which).mappings().first()
        return rows.head_from(row) if row else None


def read_tail(connection: Connection) -> Tail:
    """Where the log ends."""
    last = select(audit.c.sequence, audit.c.hash).order_by(audit.c.sequence.desc()).limit(1)
    row = connection.execute(last).first()
    return Tail(sequence=row.sequence, hash=row.hash) if row else Tail()
