"""A supervision order (督办): somebody above the department wants a matter seen to, says what, and may want a reply.

Types and contents as systems in use have them: timeout / leader / important, a level, a requirement, a reply by a day.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from cases.errors import MoveRefused
from cases.limit import Limit


class SupervisionKind(StrEnum):
    """Why a matter is supervised. Of each kind a case has at most one order that stands."""

    TIMEOUT = "timeout"
    """超时督办: the department is late."""
    LEADER = "leader"
    """领导督办: a leader wants it seen to."""
    IMPORTANT = "important"
    """重要督办: the matter itself demands it."""


class SupervisionLevel(StrEnum):
    """How much weight the order has."""

    ORDINARY = "ordinary"
    """一般督办."""
    KEY = "key"
    """重点督办."""
    LISTED = "listed"
    """挂牌督办: on the list of what is followed up by name until it is done."""


class SupervisionState(StrEnum):
    """Where an order stands."""

    OPEN = "open"
    ANSWERED = "answered"
    """The department has replied; whoever supervises has not lifted it yet."""
    LIFTED = "lifted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervision:
    """One order.

    Attributes:
        number: counted from 1 within its case.
        kind: why.
        level: how much weight it has.
        requirement: what the department is to do, in words.
        ordered_by: who gave it, or the machine.
        ordered_at: aware UTC.
        reply_by: aware UTC, by when a reply is needed; None where none is.
        state: where it stands.
        reply: what the department said.
        replied_by: who said it.
        replied_at: aware UTC.
        lifted_by: who lifted it, or the machine where the case ended.
        lifted_at: aware UTC.
        lifted_because: why.
    """

    number: int
    kind: SupervisionKind
    level: SupervisionLevel = SupervisionLevel.ORDINARY
    requirement: str
    ordered_by: str
    ordered_at: datetime
    reply_by: datetime | None = None
    state: SupervisionState = SupervisionState.OPEN
    reply: str = ""
    replied_by: str | None = None
    replied_at: datetime | None = None
    lifted_by: str | None = None
    lifted_at: datetime | None = None
    lifted_because: str = ""

    @property
    def stands(self) -> bool:
        """Whether it has not been lifted."""
        return self.state is not SupervisionState.LIFTED

    def is_late(self, now: datetime) -> bool:
        """Whether a reply was needed by now and has not come."""
        return self.state is SupervisionState.OPEN and self.reply_by is not None and now > self.reply_by

    def answered(self, reply: str, *, by: str, at: datetime) -> "Supervision":
        """With the department's reply.

        Raises:
            MoveRefused: it says nothing, or a reply is no longer expected.
        """
        if self.state is not SupervisionState.OPEN:
            raise MoveRefused(f"supervision order {self.number} is {self.state} already, so it takes no reply")
        if not reply.strip():
            raise MoveRefused(f"say what is being done about supervision order {self.number}")
        return replace(self, state=SupervisionState.ANSWERED, reply=reply.strip(), replied_by=by, replied_at=at)

    def lifted(self, reason: str, *, by: str, at: datetime) -> "Supervision":
        """No longer standing.

        Raises:
            MoveRefused: it was lifted before, or nobody says why.
        """
        if not self.stands:
            raise MoveRefused(f"supervision order {self.number} was lifted before")
        if not reason.strip():
            raise MoveRefused(f"say why supervision order {self.number} is lifted")
        return replace(self, state=SupervisionState.LIFTED, lifted_by=by, lifted_at=at, lifted_because=reason.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionPolicy:
    """What the machine orders by itself when handling has taken half as long again as its limit.

    Attributes:
        automatic: whether it does.
        level: of its orders.
        requirement: of its orders.
        reply_within: how long a reply may take; None where none is needed.
    """

    automatic: bool = False
    level: SupervisionLevel = SupervisionLevel.ORDINARY
    requirement: str = "处置已严重超期，请立即处置"
    reply_within: Limit | None = None
