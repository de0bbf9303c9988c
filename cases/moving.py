"""Making a move: the table, the guards, and what each move changes besides the state."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType

from cases.case import Case
from cases.duty_list import DutyLine
from cases.errors import MoveRefused
from cases.guards import why_not
from cases.history import Entry, Proof
from cases.standing import Appeal
from cases.states import Act, CaseState, step_for

LONGEST_SUSPENSION = timedelta(days=366)
"""挂账 for a year at most."""


def move(
    case: Case,
    act: Act,
    *,
    by: str,
    at: datetime,
    reason: str = "",
    proofs: tuple[Proof, ...] = (),
    choice: str = "",
    must_show: bool = False,
) -> tuple[Case, Entry]:
    """The case after `act`, and the line for its history.

    Args:
        case: the case as it is.
        act: what is done.
        by: who does it.
        at: aware UTC.
        reason: why; some acts need one.
        proofs: what shows it; added to those of the present handling.
        choice: what was chosen from a list, e.g. the cause of a return.
        must_show: it needs a proof although the table asks for none.

    Raises:
        MoveRefused: the table or a guard does not allow it, or a reason or proof is missing.
    """
    step = step_for(case.state, act)
    if refused := why_not(case, act):
        raise MoveRefused(f"case {case.number} does not allow to {_words(act)}: {refused}")
    reason = reason.strip()
    shown = (*case.proofs, *proofs)
    if step.needs_reason and not reason:
        raise MoveRefused(f"to {_words(act)} case {case.number}, say why")
    if (step.needs_proof or must_show) and not shown:
        raise MoveRefused(f"to {_words(act)} case {case.number}, add a picture that shows the work is done")
    after = step.after or case.state
    moved = replace(
        case,
        state=after,
        ended_at=None if after.is_open else (case.ended_at or at),
        # Work that has to be done again is not shown by the pictures of the first attempt.
        proofs=() if step.after is CaseState.REWORK else shown,
    )
    entry = Entry(at=at, actor=by, act=act, before=case.state, after=after, reason=reason, proofs=proofs, choice=choice)
    mark = _MARKS.get(act)
    return mark(moved, at) if mark else moved, entry


def suspend(case: Case, *, until: datetime, by: str, at: datetime, reason: str) -> tuple[Case, Entry]:
    """Let a case rest until a moment (挂账); its timer pauses, and it goes on by itself.

    Raises:
        MoveRefused: it cannot rest now or not once more, or the moment is past or more than a year away.
    """
    moved, entry = move(case, Act.SUSPEND, by=by, at=at, reason=reason, choice=until.isoformat())
    if not at < until <= at + LONGEST_SUSPENSION:
        raise MoveRefused(f"case {case.number} may rest until a day within the next year; choose another one")
    return replace(moved, suspended_until=until), entry


def closing_condition(case: Case, line: DutyLine | None, confirmed: str) -> str:
    """The closing condition (结案条件) that somebody has confirmed; empty where the case has none.

    Args:
        case: to be closed.
        line: of the duty list, that it was filed under.
        confirmed: id of the line whose condition was found to be met, or its name `in_edition`.

    Raises:
        MoveRefused: another one, or none, was confirmed.
    """
    if line is None or not line.closing:
        return ""
    if not line.goes_by(confirmed, case.duty_edition):
        raise MoveRefused(
            f"case {case.number} is done when: {line.closing} (condition {line.id}); confirm that to close it"
        )
    return line.closing


def _upheld(case: Case, _: datetime) -> Case:
    return replace(case, appeal=Appeal.SECONDED if case.appeal is Appeal.LODGED else Appeal.GRANTED)


def _to_be_done_again(case: Case, _: datetime) -> Case:
    return replace(case, handled_at=None, rework_count=case.rework_count + 1)


def _returned(case: Case, _: datetime) -> Case:
    return replace(case, extension_asked_at=None, return_count=case.return_count + 1)


def _no_longer_asking(case: Case, _: datetime) -> Case:
    return replace(case, extension_asked_at=None)


_MARKS: Mapping[Act, Callable[[Case, datetime], Case]] = MappingProxyType(
    {
        Act.FILE: lambda case, at: replace(case, filed_at=at),
        Act.REASSIGN: lambda case, _: replace(case, dispatched_at=None, accepted_at=None),
        Act.DISPATCH: lambda case, at: replace(case, dispatched_at=at),
        Act.ACCEPT: lambda case, at: replace(case, dispatched_at=case.dispatched_at or at, accepted_at=at),
        Act.HANDLE: lambda case, at: replace(case, handled_at=at, extension_asked_at=None),
        Act.REWORK: _to_be_done_again,
        Act.REOPEN: _to_be_done_again,
        Act.ASK_EXTENSION: lambda case, at: replace(case, extension_asked_at=at),
        Act.RETURN: _returned,
        Act.SUSPEND: _no_longer_asking,
        Act.REFUSE_EXTENSION: _no_longer_asking,
        Act.EXTEND: lambda case, _: replace(case, extension_asked_at=None, extension_count=case.extension_count + 1),
        Act.OVERDUE: lambda case, at: replace(case, overdue_at=at),
        Act.APPEAL: lambda case, _: replace(case, appeal=Appeal.LODGED),
        Act.UPHOLD: _upheld,
        Act.DISMISS: lambda case, _: replace(case, appeal=Appeal.DENIED),
    }
)
"""The times of the stages, the counts and the marks that each move leaves."""


def _words(act: Act) -> str:
    return act.value.replace("_", " ")
