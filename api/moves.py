"""The moves that people make on a case, as pages and programs name them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated

from pydantic import AfterValidator, Field

from api.doors import Doors
from cases.case import Case
from cases.desk import Desk
from cases.errors import MoveRefused
from cases.history import Proof
from cases.states import MOVES, Act, CaseState, acts_from
from cases.verdict import RejectReason
from inference.sources.still_picture import still_picture


class MoveName(StrEnum):
    """What a person may do to a case, what carries it forward first: pages offer them in this order."""

    CONFIRM = "confirm"
    REJECT = "reject"
    ACCEPT = "accept"
    HANDLE = "handle"
    RETURN = "return"
    REASSIGN = "reassign"
    CLOSE = "close"
    REWORK = "rework"

    @property
    def act(self) -> Act:
        """Its row in the table of states."""
        return Act.FILE if self is MoveName.CONFIRM else Act(self.value)

    @property
    def needs_reason(self) -> bool:
        """Whether a person must say why."""
        return MOVES[self.act].needs_reason

    @property
    def takes_picture(self) -> bool:
        """Whether a picture may show that the work is done."""
        return self in (MoveName.HANDLE, MoveName.CLOSE)


BY_DEPARTMENT = (MoveName.ACCEPT, MoveName.HANDLE, MoveName.RETURN)
"""What a department does in its inbox; all other moves are the supervisor's."""


def allowed_moves(state: CaseState) -> tuple[MoveName, ...]:
    """What a person may do to a case in this state.

    >>> [move.value for move in allowed_moves(CaseState.CANDIDATE)]
    ['confirm', 'reject']
    """
    acts = acts_from(state)
    return tuple(move for move in MoveName if move.act in acts)


def _plain(text: str) -> str:
    if any((ord(char) < 32 and char not in "\n\r\t") or 0x7F <= ord(char) < 0xA0 for char in text):
        raise ValueError("must not hold control characters")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("must be text that can be written as UTF-8") from None
    return text.strip()


PlainText = Annotated[str, AfterValidator(_plain)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1, description="the version of the case that you saw", examples=[3])]
Reason = Annotated[PlainText, Field(max_length=2000, description="why, in your own words")]
DepartmentName = Annotated[PlainText, Field(max_length=64, description="to whom it is given; only for `reassign`")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants done to a case.

    Attributes:
        case_id: which case.
        version: the version they saw.
        by: who they are.
        reason: why.
        department: to whom a case is reassigned.
        why: which of the reasons a rejection has.
        picture: a JPEG or PNG that shows that the work is done.
    """

    case_id: str
    version: int
    by: str
    reason: str = ""
    department: str = ""
    why: RejectReason = RejectReason.OTHER
    picture: bytes = b""


def make_move(doors: Doors, move: MoveName, wish: Wish) -> Case:
    """Do it. A picture is kept first, so that the case never names one that is not there.

    Raises:
        CaseNotFound, StaleVersion, MoveRefused: as `Desk` says.
        PictureRefused: the picture must not be decoded.
        EvidenceError: the picture cannot be kept.
    """
    case = doors.store.dossier(wish.case_id).case
    if case.version == wish.version and move not in allowed_moves(case.state):
        raise MoveRefused(f"a case that is {case.state} does not allow to {move} it; look at it again")
    proofs = _proofs(doors, wish.picture) if wish.picture and move.takes_picture else ()
    return _DONE[move](doors.desk, wish, proofs)


def _proofs(doors: Doors, picture: bytes) -> tuple[Proof, ...]:
    source = still_picture(picture).original()
    sha256 = doors.evidence.put(source.data)
    return (Proof(sha256=sha256, media_type=source.media_type, size_bytes=len(source.data), taken_at=doors.clock()),)


def _rejected(desk: Desk, wish: Wish, _: tuple[Proof, ...]) -> Case:
    return desk.reject(wish.case_id, version=wish.version, by=wish.by, reason=wish.reason, why=wish.why)


def _reassigned(desk: Desk, wish: Wish, _: tuple[Proof, ...]) -> Case:
    return desk.reassign(wish.case_id, version=wish.version, by=wish.by, department=wish.department, reason=wish.reason)


_Doing = Callable[[Desk, Wish, tuple[Proof, ...]], Case]
_DONE: Mapping[MoveName, _Doing] = MappingProxyType(
    {
        MoveName.CONFIRM: lambda d, w, _: d.confirm(w.case_id, version=w.version, by=w.by, reason=w.reason),
        MoveName.REJECT: _rejected,
        MoveName.ACCEPT: lambda d, w, _: d.accept(w.case_id, version=w.version, by=w.by),
        MoveName.RETURN: lambda d, w, _: d.send_back(w.case_id, version=w.version, by=w.by, reason=w.reason),
        MoveName.REASSIGN: _reassigned,
        MoveName.HANDLE: lambda d, w, p: d.handle(w.case_id, version=w.version, by=w.by, note=w.reason, proofs=p),
        MoveName.REWORK: lambda d, w, _: d.rework(w.case_id, version=w.version, by=w.by, reason=w.reason),
        MoveName.CLOSE: lambda d, w, p: d.close(w.case_id, version=w.version, by=w.by, reason=w.reason, proofs=p),
    }
)
