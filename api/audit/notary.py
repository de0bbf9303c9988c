"""Signs the head of the audit log again and again, and carries it to a second place."""

import os
from collections import deque
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from api.audit.key import SigningKey
from api.errors import AuditError
from api.store.store import SqlStore
from cases.audit.entry import Head, Tail
from cases.audit.verifier import NotWhole, canonical, follow, signed_part
from cases.ports import Clock
from inference.crossings import crossing

EVERY = timedelta(minutes=10)
"""The oldest entry without a signature is at most so old, as long as `jiexun serve` or `jiexun work` runs."""

EVERY_ENTRIES = 1000
"""And at most so many are without one."""


class Notary:
    """Signs what is new in the log, after checking that it continues what was signed before."""

    def __init__(
        self,
        store: SqlStore,
        key: SigningKey,
        *,
        clock: Clock,
        second_place: Path | None = None,
        every: timedelta = EVERY,
        every_entries: int = EVERY_ENTRIES,
    ) -> None:
        self._store = store
        self._key = key
        self._clock = clock
        self._second_place = second_place
        self._every = every
        self._every_entries = every_entries
        self._carried = 0

    @property
    def key(self) -> SigningKey:
        """What it signs with."""
        return self._key

    def sign_if_due(self) -> Head | None:
        """Sign if enough has happened or enough time has passed, and carry heads to the second place.

        Returns:
            The new head, or None where none was due.

        Raises:
            AuditError: the log was changed behind our back, or the second place cannot be written.
            StoreError: the database cannot be used.
        """
        head = self.sign() if self._is_due() else None
        self._carry()
        return head

    def sign(self) -> Head | None:
        """Sign the end of the log now.

        Returns:
            The head over the last entry; None where the log is empty.

        Raises:
            AuditError: the log does not continue what was signed last; then nothing is signed.
        """
        last = self._store.last_head()
        signed = Tail(sequence=last.sequence, hash=last.hash) if last else Tail()
        tail = self._checked(signed)
        if tail == signed:
            return last
        plain = Head(sequence=tail.sequence, hash=tail.hash, at=self._clock())
        head = replace(plain, signature=self._key.sign(signed_part(plain.record())))
        crossing("audit.signed")
        self._store.keep_head(head)
        return head

    def _is_due(self) -> bool:
        last = self._store.last_head()
        signed = last.sequence if last else 0
        if self._store.audit_tail().sequence - signed >= self._every_entries:
            return True
        unsigned = next(self._store.audit_entries(after=signed, until=signed + 1), None)
        return unsigned is not None and self._clock() - unsigned.at >= self._every

    def _checked(self, signed: Tail) -> Tail:
        """The end of the log, if everything from `signed` on is in order."""
        since = max(signed.sequence - 1, 0)
        entries = self._store.audit_entries(after=since)
        try:
            if signed.sequence:
                before = next(entries, None)
                if before is None or (before.sequence, before.hash) != (signed.sequence, signed.hash):
                    raise NotWhole(f"entry {signed.sequence}, which was signed, is missing or another one")
            records = (entry.record() for entry in entries)
            last = deque(follow(records, signed.hash, signed.sequence + 1), maxlen=1)
        except NotWhole as broken:
            sentence = f"the audit log was changed ({broken})"
            raise AuditError(f"{sentence}; keep the database as it is and find out who did it") from None
        return Tail(sequence=last[0][0], hash=last[0][1]) if last else signed

    def _carry(self) -> None:
        """Append to the second place what is not there yet."""
        if self._second_place is None:
            return
        new = [head for head in self._store.audit_heads(after=self._carried) if head.sequence > self._carried]
        if not new:
            return
        try:
            there = {line for line in self._second_place.read_bytes().split(b"\n") if line}
        except FileNotFoundError:
            there = set[bytes]()
        except OSError as error:
            raise self._unreachable(error) from error
        lines = [line for line in (canonical(head.record()) for head in new) if line not in there]
        try:
            with self._second_place.open("ab") as file:
                file.writelines(line + b"\n" for line in lines)
                file.flush()
                crossing("audit.carried")
                os.fsync(file.fileno())
        except OSError as error:
            raise self._unreachable(error) from error
        self._carried = new[-1].sequence

    def _unreachable(self, error: OSError) -> AuditError:
        why = error.strerror or str(error)
        return AuditError(f"signed heads cannot be written to {self._second_place} ({why}); they wait for it")
