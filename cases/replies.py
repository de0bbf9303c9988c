"""What a department's own system says about a case: accepted, returned, handled. Each message counts once."""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from cases.case import Case
from cases.desk import Desk
from cases.errors import CaseNotFound, MoveRefused
from cases.history import Proof
from cases.ports import Clock, KnownReply, Store, Transaction
from cases.states import CaseState
from inference.crossings import crossing


class ReplyKind(StrEnum):
    """What a department says."""

    ACCEPTED = "accepted"
    RETURNED = "returned"
    HANDLED = "handled"


LEADS_TO = {
    ReplyKind.ACCEPTED: CaseState.ACCEPTED,
    ReplyKind.RETURNED: CaseState.RETURNED,
    ReplyKind.HANDLED: CaseState.HANDLED,
}

NOT_YET_ACCEPTED = frozenset({CaseState.FILED, CaseState.DISPATCHED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One message of a department.

    Attributes:
        id: the sender's name for it; a repetition has the same.
        department: who sends it, as its signature proves.
        case_id: what it is about.
        kind: what is said.
        by: the person there; the department itself where nobody is named.
        reason: why it is returned, or a note.
        proofs: pictures that show that the work is done.
        content: the message as it came, to tell a repetition from another message under the same name.
    """

    id: str
    department: str
    case_id: str
    kind: ReplyKind
    by: str
    content: bytes
    reason: str = ""
    proofs: tuple[Proof, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a reply: the case as it is now, and whether the message was known before."""

    case: Case
    repeated: bool


class ReplyDesk:
    """Takes replies. Every move is made at the desk, so a department's system may do what its people may, no more."""

    def __init__(self, store: Store, desk: Desk, *, clock: Clock) -> None:
        self._store = store
        self._desk = desk
        self._clock = clock

    def repeated(self, reply: Reply) -> Taken | None:
        """What became of the message when it came first; None where it is new.

        Raises:
            CaseNotFound: the case does not exist or is not the department's.
            MoveRefused: another message came under the same name.
        """
        with self._store.transaction() as book:
            return _repeated(book, reply)

    def take(self, reply: Reply) -> Taken:
        """Do what the department says, once: its moves and the note that the message came are one transaction.

        A case that already is where the reply leads stays there: then the message was on its way twice.

        Raises:
            CaseNotFound: the case does not exist or is not the department's.
            MoveRefused: its state does not allow it, or another message came under the same name.
        """
        with self._store.transaction() as book:
            known = _repeated(book, reply)
            if known is not None:
                return known
            case = led_by(reply, self._desk.within(book), book.dossier(reply.case_id).case)
            crossing("reply.moved")
            book.remember_reply(
                KnownReply(department=reply.department, id=reply.id, digest=_digest(reply), received_at=self._clock())
            )
            return Taken(case=case, repeated=False)


def _repeated(book: Transaction, reply: Reply) -> Taken | None:
    case = book.dossier(reply.case_id).case
    known = book.known_reply(reply.department, reply.id)
    if known is not None:
        if known.digest != _digest(reply):
            raise MoveRefused(f"another message came as {reply.id} before; give each message a webhook-id of its own")
        return Taken(case=case, repeated=True)
    if case.department != reply.department:
        raise CaseNotFound(f"department {reply.department} has no case {reply.case_id}; look its id up in our message")
    return None


def led_by(reply: Reply, desk: Desk, case: Case) -> Case:
    """Do what a department says, at the desk; a case that already is where that leads stays as it is.

    Raises:
        MoveRefused: its state does not allow it.
    """
    if case.state is LEADS_TO[reply.kind]:
        return case
    if reply.kind is ReplyKind.RETURNED:
        return desk.send_back(case.id, version=case.version, by=reply.by, reason=reply.reason)
    if case.state in NOT_YET_ACCEPTED or reply.kind is ReplyKind.ACCEPTED:
        case = desk.accept(case.id, version=case.version, by=reply.by)
    if reply.kind is ReplyKind.HANDLED:
        return desk.handle(case.id, version=case.version, by=reply.by, note=reply.reason, proofs=reply.proofs)
    return case


def _digest(reply: Reply) -> str:
    return sha256(reply.content).hexdigest()
