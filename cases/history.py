"""What has been done to a case: an append-only list of who, when and why."""

from dataclasses import dataclass
from datetime import datetime

from cases.states import Act, CaseState

MACHINE = "jiexun"
"""The actor of what no person did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A stored picture or document that shows the work is done, named by what it contains.

    Attributes:
        sha256: hex digest of the stored bytes; also their name in the evidence store.
        media_type: e.g. `image/jpeg`.
        size_bytes: length of the stored bytes.
        taken_at: aware UTC.
    """

    sha256: str
    media_type: str
    size_bytes: int
    taken_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a case's history. Never changed, never removed.

    Attributes:
        at: aware UTC.
        actor: the person or department that did it, or `MACHINE`.
        act: what was done.
        before: the state it started from; None for the opening.
        after: the state it led to.
        reason: why, in the actor's words; for a merge, the key of the finding.
        proofs: what was handed in with it.
        choice: what was chosen from a list, e.g. the cause of a return.
    """

    at: datetime
    actor: str
    act: Act
    before: CaseState | None
    after: CaseState
    reason: str = ""
    proofs: tuple[Proof, ...] = ()
    choice: str = ""
