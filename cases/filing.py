"""A filing: one delivery of a case, or of what was ordered about it, to one department; the table of its states."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from cases.errors import MoveRefused


class FilingState(StrEnum):
    """Where a delivery stands."""

    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    FAILED = "failed"
    UNKNOWN = "unknown"
    HELD = "held"
    DEAD = "dead"
    GIVEN_UP = "given_up"


class Matter(StrEnum):
    """What a delivery tells the department: the case itself, or something that was ordered about it."""

    CASE = "case"
    TASK_GIVEN = "task_given"
    """It is to help with a joint case; `Filing.subject` is the turn of its sub-task."""
    TASK_WITHDRAWN = "task_withdrawn"
    """Its help is not expected any more; `Filing.subject` is the turn of its sub-task."""
    ORDER_GIVEN = "order_given"
    """A unit that it answers for got a direct order; `Filing.subject` is the order's id."""
    SUPERVISE = "supervise"
    """Its case was put under supervision; `Filing.subject` is the number of the order."""
    SUPERVISION_LIFTED = "supervision_lifted"
    """A supervision order does not stand any more; `Filing.subject` is its number."""


class Channel(StrEnum):
    """How a department gets its cases."""

    INBOX = "inbox"
    WEBHOOK = "webhook"
    OPEN311 = "open311"
    EMAIL = "email"

    @property
    def leads_out(self) -> bool:
        """Whether somebody else's system has to take what travels through it."""
        return self is not Channel.INBOX

    def carries(self, matter: Matter) -> bool:
        """Whether something can travel through it. GeoReport v2 knows requests and nothing that is said about one."""
        return matter is Matter.CASE or self is not Channel.OPEN311

    @property
    def is_followed(self) -> bool:
        """Whether the department has to be asked how a matter stands, because it does not tell by itself."""
        return self is Channel.OPEN311


_S = FilingState

FILING_MOVES: Mapping[FilingState, frozenset[FilingState]] = MappingProxyType(
    {
        # GIVEN_UP: another department became responsible before it was begun.
        _S.DUE: frozenset({_S.SENDING, _S.GIVEN_UP, _S.ACKNOWLEDGED}),
        # SENDING to itself: the sender died, and the channel recognises a repetition.
        _S.SENDING: frozenset({_S.SENDING, _S.SENT, _S.ACKNOWLEDGED, _S.FAILED, _S.UNKNOWN, _S.HELD, _S.DEAD}),
        _S.SENT: frozenset({_S.ACKNOWLEDGED}),
        _S.FAILED: frozenset({_S.DUE, _S.GIVEN_UP, _S.ACKNOWLEDGED}),
        # UNKNOWN to itself: the receiver is being asked whether it has the case.
        _S.UNKNOWN: frozenset({_S.UNKNOWN, _S.DUE, _S.SENT, _S.HELD, _S.DEAD, _S.ACKNOWLEDGED}),
        # Only a person leaves these two, or the department by answering.
        _S.HELD: frozenset({_S.DUE, _S.SENT, _S.GIVEN_UP, _S.ACKNOWLEDGED}),
        _S.DEAD: frozenset({_S.DUE, _S.SENT, _S.GIVEN_UP, _S.ACKNOWLEDGED}),
        _S.GIVEN_UP: frozenset({_S.ACKNOWLEDGED}),
        _S.ACKNOWLEDGED: frozenset(),
    }
)
"""Every allowed move of a filing. `failed` waits for its next try; `unknown` is never sent again blindly: the receiver
is asked first, and where it cannot be asked the filing is `held` for a person."""

AT_WORK = frozenset({FilingState.DUE, FilingState.SENDING, FilingState.FAILED, FilingState.UNKNOWN})
"""States in which a sender still has something to do."""

NEEDS_A_PERSON = frozenset({FilingState.HELD, FilingState.DEAD})
"""States that nobody but a person can resolve."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """One delivery of a case, or of what was ordered about it, through one channel.

    Attributes:
        id: the same over all attempts; the receiver knows a repetition by it (`webhook-id`).
        case_id: the case that is delivered, or that it is about.
        department: to whom.
        channel: how.
        state: where it stands.
        created_at: aware UTC.
        next_try_at: aware UTC, not to be tried before.
        attempts: how often it was tried, probes not counted.
        probes: how often it was sent, or asked about, only to find out whether a silent department answers again.
        lease: fencing token, grows by one each time a sender takes it.
        leased_until: aware UTC, until when the sender that took it may be expected to settle it.
        sent_at: aware UTC, when the receiver took it.
        reference: the receiver's own name for it.
        error: why the last attempt failed.
        tried_at: aware UTC, when the last attempt began.
        asked: how often the receiver was asked whether it has the case, since the last attempt.
        token: what the receiver gave instead of its own name for it; to be exchanged for that name.
        follow_at: aware UTC, when the receiver is asked next how the matter stands; None where it is not asked.
        their_state: how the matter stood there when it was last asked, in the receiver's own words.
        matter: what it tells the department.
        subject: which sub-task, direct order or supervision order of the case it tells of; empty for the case itself.
    """

    id: str
    case_id: str
    department: str
    channel: Channel
    state: FilingState
    created_at: datetime
    next_try_at: datetime
    attempts: int = 0
    lease: int = 0
    leased_until: datetime | None = None
    sent_at: datetime | None = None
    reference: str | None = None
    error: str | None = None
    tried_at: datetime | None = None
    asked: int = 0
    token: str | None = None
    follow_at: datetime | None = None
    their_state: str | None = None
    probes: int = 0
    matter: Matter = Matter.CASE
    subject: str = ""

    def goes_before(self, later: "Filing") -> bool:
        """Whether a later delivery about the same case waits until this one has come to an end.

        A department hears of a case in order, and of two that had it one after the other the first hears first. What
        co-departments are told waits for nobody's silence but their own.
        """
        both_bring_it = self.matter is Matter.CASE and later.matter is Matter.CASE
        return both_bring_it or self.department == later.department

    @property
    def tries(self) -> int:
        """How often something left for the department because of it."""
        return self.attempts + self.probes

    def _to(self, state: FilingState) -> "Filing":
        if state not in FILING_MOVES[self.state]:
            raise MoveRefused(f"filing {self.id} is {self.state} and cannot become {state}; look at it again")
        return replace(self, state=state, leased_until=None)

    def taken(self, at: datetime, until: datetime, *, as_probe: bool = False) -> "Filing":
        """In the hands of a sender until `until`. A failed one is due again first."""
        due = self._to(FilingState.DUE) if self.state is FilingState.FAILED else self
        return replace(
            due._to(FilingState.SENDING),
            lease=self.lease + 1,
            attempts=self.attempts + (not as_probe),
            probes=self.probes + as_probe,
            tried_at=at,
            asked=0,
            leased_until=until,
        )

    def sent(self, at: datetime, reference: str | None, token: str | None = None) -> "Filing":
        """The receiver has it."""
        asked_about = self.channel.is_followed and (reference or token)
        return replace(
            self._to(FilingState.SENT),
            sent_at=at,
            reference=reference,
            token=token,
            follow_at=at if asked_about else None,
            error=None,
        )

    def failed(self, error: str, next_try_at: datetime) -> "Filing":
        """The attempt failed; another one follows."""
        return replace(self._to(FilingState.FAILED), error=error, next_try_at=next_try_at)

    def unknown(self, error: str, ask_at: datetime) -> "Filing":
        """Nobody knows whether the receiver has it; it is asked at `ask_at`."""
        return replace(self._to(FilingState.UNKNOWN), error=error, next_try_at=ask_at)

    def asking(self, until: datetime, *, as_probe: bool = False) -> "Filing":
        """In the hands of a sender that asks the receiver, until `until`. A probe counts once it is answered."""
        return replace(
            self._to(FilingState.UNKNOWN),
            lease=self.lease + 1,
            asked=self.asked + (not as_probe),
            probes=self.probes + as_probe,
            leased_until=until,
        )

    def answered(self) -> "Filing":
        """The receiver answered a question that was a probe: it counts."""
        return replace(self, asked=self.asked + 1)

    def missing(self, at: datetime) -> "Filing":
        """The receiver was asked and does not have it: it is due once more."""
        return replace(self._to(FilingState.DUE), next_try_at=at)

    def held(self, error: str) -> "Filing":
        """Nobody can find out whether the receiver has it; a person is told."""
        return replace(self._to(FilingState.HELD), error=error)

    def dead(self, error: str) -> "Filing":
        """No further attempt; a person is told."""
        return replace(self._to(FilingState.DEAD), error=error)

    def given_up(self) -> "Filing":
        """A person wants it neither sent nor asked about any more."""
        return self._to(FilingState.GIVEN_UP)

    def acknowledged(self) -> "Filing":
        """The department has answered, so it has the case."""
        return self._to(FilingState.ACKNOWLEDGED)

    def again(self, at: datetime) -> "Filing":
        """A person wants it tried again, with all its attempts."""
        return replace(self._to(FilingState.DUE), attempts=0, probes=0, next_try_at=at)
