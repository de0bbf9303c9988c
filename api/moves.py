"""The moves that people make on a case, as pages and programs name them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Protocol

from pydantic import AfterValidator, BeforeValidator, Field

from api.doors import Doors
from cases.case import Case
from cases.desk import Desk
from cases.errors import MoveRefused
from cases.guards import Standing, acts_of
from cases.history import Proof
from cases.standing import ReturnCause
from cases.states import MOVES, Act, step_for
from cases.verdict import RejectReason
from inference.crossings import crossing
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
    ASK_EXTENSION = "ask_extension"
    EXTEND = "extend"
    REFUSE_EXTENSION = "refuse_extension"
    SUSPEND = "suspend"
    RESUME = "resume"
    VOID = "void"
    REOPEN = "reopen"
    APPEAL = "appeal"
    UPHOLD = "uphold"
    DISMISS = "dismiss"

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


BY_DEPARTMENT = (MoveName.ACCEPT, MoveName.HANDLE, MoveName.RETURN, MoveName.ASK_EXTENSION, MoveName.APPEAL)
"""What only a department does; all other moves are the supervisor's or the dispatcher's."""


def allowed_moves(case: Standing) -> tuple[MoveName, ...]:
    """What a person may do to a case as it stands."""
    acts = acts_of(case)
    return tuple(move for move in MoveName if move.act in acts)


def _plain(text: str) -> str:
    if any((ord(char) < 32 and char not in "\n\r\t") or 0x7F <= ord(char) < 0xA0 for char in text):
        raise ValueError("must not hold control characters")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("must be text that can be written as UTF-8") from None
    return text.strip()


def _no_flag(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("must be a number, not true or false")
    return value


PlainText = Annotated[str, AfterValidator(_plain)]
Whole = Annotated[int, BeforeValidator(_no_flag)]
"""A whole number, as JSON or as text of a form; Pydantic alone would take `true` for 1."""
Version = Annotated[Whole, Field(ge=1, le=2**31 - 1, description="the version of the case that you saw", examples=[3])]
Reason = Annotated[PlainText, Field(max_length=2000, description="why, in your own words")]
ConditionName = Annotated[
    PlainText,
    Field(
        max_length=300,
        description="line of the duty list, to file under or whose closing condition is met: its id, or `EDITION/ID`",
    ),
]
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
        cause: which of the causes a return has.
        until: the day on which a suspended case goes on.
        picture: a JPEG or PNG that shows that the work is done.
        condition: the line of the duty list whose condition applies: to file under, or met at closing.
    """

    case_id: str
    version: int
    by: str
    reason: str = ""
    department: str = ""
    why: RejectReason = RejectReason.OTHER
    cause: ReturnCause | None = None
    until: date | None = None
    picture: bytes = b""
    condition: str = ""


def make_move(doors: Doors, move: MoveName, wish: Wish) -> Case:
    """Do it. A picture is kept first, so that the case never names one that is not there.

    Raises:
        CaseNotFound, StaleVersion, MoveRefused: as `Desk` says.
        PictureRefused: the picture must not be decoded.
        EvidenceError: the picture cannot be kept.
    """
    case = doors.store.dossier(wish.case_id).case
    if case.version == wish.version:
        step_for(case.state, move.act)  # before a picture is kept in vain
    proofs = kept_proof(doors, wish.picture) if move.takes_picture else ()
    return _DONE[move](doors, wish, proofs)


def kept_proof(doors: Doors, picture: bytes) -> tuple[Proof, ...]:
    """Keep a picture that shows that work is done; none where none was handed in.

    Raises:
        PictureRefused: the picture must not be decoded.
        EvidenceError: the picture cannot be kept.
    """
    if not picture:
        return ()
    source = still_picture(picture).original()
    sha256 = doors.evidence.put(source.data)
    crossing("move.proof_kept")
    return (Proof(sha256=sha256, media_type=source.media_type, size_bytes=len(source.data), taken_at=doors.clock()),)


def _rejected(doors: Doors, wish: Wish, _: tuple[Proof, ...]) -> Case:
    return doors.desk.reject(wish.case_id, version=wish.version, by=wish.by, reason=wish.reason, why=wish.why)


def _reassigned(doors: Doors, wish: Wish, _: tuple[Proof, ...]) -> Case:
    return doors.desk.reassign(
        wish.case_id, version=wish.version, by=wish.by, department=wish.department, reason=wish.reason
    )


def _returned(doors: Doors, w: Wish, _: tuple[Proof, ...]) -> Case:
    return doors.desk.send_back(w.case_id, version=w.version, by=w.by, reason=w.reason, cause=w.cause)


def _suspended(doors: Doors, w: Wish, _: tuple[Proof, ...]) -> Case:
    if w.until is None:
        raise MoveRefused("to suspend a case, name the day on which it goes on")
    zone = doors.order.calendar.days.zone
    until = datetime.combine(w.until, time(0), tzinfo=zone).astimezone(UTC)
    return doors.desk.suspend(w.case_id, version=w.version, by=w.by, until=until, reason=w.reason)


class _Plain(Protocol):
    def __call__(self, case_id: str, /, *, version: int, by: str, reason: str) -> Case: ...


def _plain_move(of: Callable[[Desk], _Plain]) -> "_Doing":
    """A move that needs no more than a reason."""
    return lambda doors, w, _: of(doors.desk)(w.case_id, version=w.version, by=w.by, reason=w.reason)


_Doing = Callable[[Doors, Wish, tuple[Proof, ...]], Case]
_DONE: Mapping[MoveName, _Doing] = MappingProxyType(
    {
        MoveName.CONFIRM: lambda d, w, _: d.desk.confirm(
            w.case_id, version=w.version, by=w.by, reason=w.reason, condition=w.condition
        ),
        MoveName.REJECT: _rejected,
        MoveName.ACCEPT: lambda d, w, _: d.desk.accept(w.case_id, version=w.version, by=w.by),
        MoveName.RETURN: _returned,
        MoveName.REASSIGN: _reassigned,
        MoveName.HANDLE: lambda d, w, p: d.desk.handle(w.case_id, version=w.version, by=w.by, note=w.reason, proofs=p),
        MoveName.REWORK: _plain_move(lambda desk: desk.rework),
        MoveName.CLOSE: lambda d, w, p: d.desk.close(
            w.case_id, version=w.version, by=w.by, reason=w.reason, proofs=p, condition=w.condition
        ),
        MoveName.ASK_EXTENSION: _plain_move(lambda desk: desk.ask_extension),
        MoveName.EXTEND: _plain_move(lambda desk: desk.extend),
        MoveName.REFUSE_EXTENSION: _plain_move(lambda desk: desk.refuse_extension),
        MoveName.SUSPEND: _suspended,
        MoveName.RESUME: _plain_move(lambda desk: desk.resume),
        MoveName.VOID: _plain_move(lambda desk: desk.void),
        MoveName.REOPEN: _plain_move(lambda desk: desk.reopen),
        MoveName.APPEAL: _plain_move(lambda desk: desk.appeal),
        MoveName.UPHOLD: _plain_move(lambda desk: desk.uphold),
        MoveName.DISMISS: _plain_move(lambda desk: desk.dismiss),
    }
)
