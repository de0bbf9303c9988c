"""What `cases` needs from outside: a store, a clock, somebody who posts. Implemented in `api`, faked in tests."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from cases.arrival import Arrival
from cases.breaker import Breaker
from cases.case import Case
from cases.dossier import Change, Dossier
from cases.filing import Filing
from cases.patrolling.passes import PassBook
from cases.report import FiledReport
from cases.timers import Timer
from cases.verdict import Verdict
from cases.verification import Verification

Clock = Callable[[], datetime]
"""Now, aware UTC."""

NewId = Callable[[], str]
"""A random name of at least 128 bits that is safe in a URL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraMemory:
    """What a camera's worker has to know to go on where it was.

    Attributes:
        camera: whose memory it is.
        memory: the worker's own snapshot of its stays.
        position: seconds on the source's own clock, up to which everything is accounted for.
        captured_at: aware UTC, capture time of that frame.
    """

    camera: str
    memory: bytes
    position: float
    captured_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraLease:
    """Which worker watches a camera, and for the how manieth time the camera changed hands.

    Attributes:
        camera: which.
        worker: name of the process.
        token: grows each time that the camera is given to somebody (fencing token): who holds an older one has lost
            the camera, however sure they are of having it.
    """

    camera: str
    worker: str
    token: int


class Fenced(Protocol):
    """A transaction that somebody who has lost a camera cannot commit."""

    def hold(self, lease: CameraLease) -> None:
        """Make sure that this is still the camera's lease, until the transaction ends.

        Raises:
            LeaseLost: the camera was given to another worker.
        """
        ...


class CaseBook(Protocol):
    """Cases, as one transaction sees and changes them."""

    def dossier(self, case_id: str) -> Dossier:
        """The case with everything that belongs to it.

        Raises:
            CaseNotFound: there is none.
        """
        ...

    def write(self, change: Change) -> Case:
        """Write a change of an existing case; its version grows by one.

        Raises:
            StaleVersion: the case is no longer at the version that the change is based on.
        """
        ...

    def judge(self, verdicts: Sequence[Verdict]) -> None:
        """Write verdicts on findings of existing cases."""

    def note(self, change: Change) -> None:
        """Write timers and notices that leave the case itself as it is; its version stays."""
        ...

    def settle(self, was: Filing, now: Filing) -> None:
        """Replace a delivery.

        Raises:
            LeaseLost: it is no longer as `was` says.
        """
        ...


class IntakeBook(CaseBook, Protocol):
    """What the intake needs on top."""

    def knows(self, finding_key: str) -> bool:
        """Whether the finding is already written."""
        ...

    def report(self, key: str) -> FiledReport | None:
        """The report of this key, if it is written already."""
        ...

    def neighbours(self, arrival: Arrival, *, metres: float, since: datetime) -> Sequence[Case]:
        """Cases that could be about the same matter, oldest first.

        Same kind or code; seen by the same camera in the same zone, or placed within `metres` (more may be given, never
        less); still open, or ended after `since`.
        """
        ...

    def open(self, change: Change, *, year: int) -> Case:
        """Write a new case. Gives it the next number of `year`."""
        ...


class VerificationBook(CaseBook, Protocol):
    """What answering a verification needs."""

    def verification(self, id: str) -> Verification | None:
        """The task of this id, or None where there is none."""
        ...

    def settle_verification(self, task: Verification) -> None:
        """Replace a task."""
        ...


class Transaction(IntakeBook, VerificationBook, Fenced, PassBook, Protocol):
    """All that can be done in one transaction."""

    def remember(self, memory: CameraMemory) -> None:
        """Keep a camera's memory in place of the one before."""
        ...

    def next_timer(self, now: datetime, *, but: Collection[str] = ()) -> Timer | None:
        """The timer that has something to tell by `now`, the one that waits longest first; `but` cases are left out."""
        ...

    def next_filing(self, now: datetime) -> Filing | None:
        """The delivery that is to be tried, or asked about, next.

        Its time has come, or the sender that took it has been silent beyond its lease; no earlier delivery of its case
        is still at work; and its department's breaker lets one more through. Oldest first; a department that is being
        probed gets what left least often.
        """
        ...

    def next_to_follow(self, now: datetime) -> Filing | None:
        """The delivery whose department is to be asked next how the matter stands."""
        ...

    def known_reply(self, department: str, id: str) -> "KnownReply | None":
        """The message of this name that the department sent before; None where it is new."""
        ...

    def remember_reply(self, reply: "KnownReply") -> None:
        """Write down that a message was taken."""
        ...

    def breaker(self, department: str) -> Breaker:
        """What senders know about a department; a closed breaker where they know nothing."""
        ...

    def keep_breaker(self, breaker: Breaker) -> None:
        """Write it down for all senders."""
        ...

    def hasten(self, department: str, now: datetime) -> None:
        """Failed deliveries to the department are tried now instead of later: it answers again."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownReply:
    """A message of a department that was taken.

    Attributes:
        department: who sent it.
        id: the sender's name for it.
        digest: hex SHA-256 of its bytes.
        received_at: aware UTC.
    """

    department: str
    id: str
    digest: str
    received_at: datetime


class Store(Protocol):
    """Where cases are kept."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """One transaction: written as a whole at the end, or not at all if an error leaves the block."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a receiver said when it took a case.

    Attributes:
        reference: its own name for it, if it gave one.
        token: what it gave instead, to be exchanged for that name later.
    """

    reference: str | None = None
    token: str | None = None


class Filer(Protocol):
    """Hands one case to one department through one channel."""

    @property
    def recognises_repetitions(self) -> bool:
        """Whether the receiver takes the same filing twice without harm."""
        ...

    def file(self, dossier: Dossier, filing: Filing) -> Receipt:
        """Deliver it.

        Raises:
            FilingFailed: its `retry` says whether trying again can help.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Tidings:
    """How a matter stands with a department.

    Attributes:
        reference: the department's own name for it; None where it has none yet.
        state: one word in the department's own terms; None where it does not say.
        said: what its people wrote about it.
        is_over: nothing more is to be expected.
        is_handled: it is over, and by what was agreed with this department that means that the work is done.
    """

    reference: str | None = None
    state: str | None = None
    said: str = ""
    is_over: bool = False
    is_handled: bool = False


class Followed(Protocol):
    """A channel whose receivers can be asked how a matter stands."""

    def tidings(self, filing: Filing) -> Tidings:
        """Ask about a delivery that has arrived.

        Raises:
            FilingFailed: nothing could be learned now.
        """
        ...


class Inquirer(Protocol):
    """Asks a receiver whether it has a case, where nobody knows."""

    def find(self, dossier: Dossier, filing: Filing) -> Receipt | None:
        """Its receipt, or None where the receiver answered and does not have it.

        Raises:
            FilingFailed: nothing could be found out; its `retry` says whether asking again can help.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a web server answered.

    Attributes:
        status: HTTP status.
        headers: by name in lower case.
        body: at most as much as the reader's limit.
        cut: whether there was more.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    cut: bool = False


class NoAnswer(Exception):
    """A web server did not answer.

    Attributes:
        maybe_delivered: False where the request certainly did not arrive.
    """

    def __init__(self, message: str, *, maybe_delivered: bool) -> None:
        super().__init__(message)
        self.maybe_delivered = maybe_delivered


class AddressRefused(Exception):
    """A URL that must not be called, e.g. because it leads into our own network."""


class Poster(Protocol):
    """Posts to the web, and only where that is allowed."""

    def post(
        self,
        url: str,
        *,
        headers: Mapping[str, str],
        body: bytes,
        timeout: timedelta,
        before: datetime | None = None,
    ) -> Answer:
        """Post `body`; follows no redirect, reads at most 64 kB of the answer.

        Args:
            url: where to.
            headers: of the request.
            body: of the request.
            timeout: for the whole exchange.
            before: nothing leaves from then on, however long this process was held up after it was called.

        Raises:
            NoAnswer: nobody answered within `timeout`, or it was too late to send.
            AddressRefused: the URL must not be called.
        """
        ...


class Getter(Protocol):
    """Reads from the web, and only where that is allowed."""

    def get(self, url: str, *, headers: Mapping[str, str], timeout: timedelta) -> Answer:
        """Get `url`, as `Poster.post` posts to it."""
        ...
