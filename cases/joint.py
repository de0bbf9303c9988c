"""Joint cases (联勤): one lead, and a sub-task for each co-department. What a step does to the case and its timers."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from cases.case import Case
from cases.clocks import WorkCalendar
from cases.dossier import Change
from cases.escalation import Audience, Notice
from cases.history import MACHINE, Entry, Proof
from cases.limit import Limit
from cases.states import Act
from cases.subtask import UNREPORTED, Subtask, SubtaskState
from cases.timers import Timer, TimerKind

Timers = Mapping[tuple[str, str, str], Timer]

ACT_OF: Mapping[SubtaskState, Act] = {
    SubtaskState.OPEN: Act.TASK_GIVEN,
    SubtaskState.DONE: Act.TASK_DONE,
    SubtaskState.RETURNED: Act.TASK_RETURNED,
    SubtaskState.WITHDRAWN: Act.TASK_WITHDRAWN,
}
"""What the history calls a step to each state."""


def put(
    change: Change, subtask: Subtask, *, by: str, at: datetime, note: str, proofs: tuple[Proof, ...] = ()
) -> Change:
    """The change with one sub-task as it is now, a line in the history and, where somebody must know, a notice."""
    case = change.case
    others = tuple(one for one in case.subtasks if one.department != subtask.department)
    place = next((i for i, one in enumerate(case.subtasks) if one.department == subtask.department), len(others))
    after = replace(case, subtasks=(*others[:place], subtask, *others[place:]))
    act = ACT_OF[subtask.state]
    entry = Entry(
        at=at,
        actor=by,
        act=act,
        before=case.state,
        after=case.state,
        reason=note,
        proofs=proofs,
        choice=subtask.department,
    )
    return replace(
        change,
        case=after,
        entries=(*change.entries, entry),
        notices=(*change.notices, *_notices(after, subtask, act, at)),
    )


def _notices(case: Case, subtask: Subtask, act: Act, at: datetime) -> tuple[Notice, ...]:
    told = {
        Act.TASK_GIVEN: (Audience.DEPARTMENT, subtask.department),
        Act.TASK_RETURNED: (Audience.DISPATCHER, ""),
        Act.TASK_DONE: None if case.unreported else (Audience.DEPARTMENT, case.department or ""),
        Act.TASK_WITHDRAWN: None,  # who no longer sees the case needs no notice of it
    }[act]
    if told is None:
        return ()
    audience, name = told
    return (
        Notice(
            id=f"{case.id}/{act}/{subtask.department}/{subtask.turn}",
            case_id=case.id,
            audience=audience,
            name=name,
            about=act.value,
            at=at,
        ),
    )


def join(change: Change, departments: tuple[str, ...], limit: Limit, *, at: datetime, calendar: WorkCalendar) -> Change:
    """The change that files a case, made joint: every co-department of the duty list gets its sub-task.

    Args:
        change: of the filing; its case has its lead.
        departments: the co-departments; the lead itself, where the list names it here too, is left out.
        limit: how long each may take: that of the line.
        at: aware UTC.
        calendar: the city's.
    """
    for department in dict.fromkeys(departments):
        if department != change.case.department:
            subtask = Subtask(department=department, task="", given_by=MACHINE, given_at=at)
            change = give(change, subtask, limit, {}, runs=True, calendar=calendar)
    return change


def give(
    change: Change, subtask: Subtask, limit: Limit, timers: Timers, *, runs: bool, calendar: WorkCalendar
) -> Change:
    """The change with a sub-task that is given now, and its clock, which begins with nothing.

    Args:
        change: what else is done to the case.
        subtask: a new one, or one that is given again.
        limit: how long it may take.
        timers: all timers of the case as they are now, by key.
        runs: whether the clocks of sub-tasks run in the state that the case has now.
        calendar: the city's.
    """
    at = subtask.given_at
    fresh = Timer(case_id=change.case.id, kind=TimerKind.SUBTASK, subject=subtask.department, limit=limit)
    was = timers.get(fresh.key)
    timer = was.restarted(at, calendar, limit) if was else fresh.started(at, calendar)
    timer = timer if runs else timer.paused(at, calendar)
    given = put(change, replace(subtask, due_at=timer.due_at), by=subtask.given_by, at=at, note=subtask.task)
    return replace(given, timers=(*(one for one in given.timers if one.key != timer.key), timer))


def inherit(
    change: Change,
    part: Subtask,
    heir: str,
    timers: Timers,
    *,
    by: str,
    at: datetime,
    note: str,
    calendar: WorkCalendar,
) -> Change:
    """The change with a part that another department takes over, with what is left of its time.

    Where the heir leads the case or has an open part of its own, the old part is withdrawn and no more.

    Args:
        change: what else is done to the case.
        part: one that is unreported.
        heir: who takes it over.
        timers: all timers of the case as they are now, by key.
        by: who reorganises.
        at: aware UTC.
        note: in which reorganisation.
        calendar: the city's.
    """
    gone = part.answered(SubtaskState.WITHDRAWN, by=by, at=at, note=note)
    change = put(change, gone, by=by, at=at, note=note)
    old = timers[change.case.id, TimerKind.SUBTASK.value, part.department]
    change = replace(change, timers=(*change.timers, old.paused(at, calendar)))
    was = next((one for one in change.case.subtasks if one.department == heir), None)
    if heir == change.case.department or (was is not None and was.state in UNREPORTED):
        return change
    theirs = timers.get((change.case.id, TimerKind.SUBTASK.value, heir))
    timer = replace(old, subject=heir, turn=theirs.turn + 1 if theirs else 1)
    taken = replace(part, department=heir, turn=was.turn + 1 if was else 1)
    return replace(put(change, taken, by=by, at=at, note=note), timers=(*change.timers, timer))


def in_step(change: Change, timers: Timers, *, runs: bool, at: datetime, calendar: WorkCalendar) -> Change:
    """The change with its sub-tasks in step with the case.

    What is expected of nobody any more is withdrawn: the case has ended, or the department has become the lead. The
    clocks of open sub-tasks rest with the case and go on with it; those of all others stand still.

    Args:
        change: what was done to the case.
        timers: all timers of the case as they are now, by key.
        runs: whether the clocks of sub-tasks run in the state that the case has now.
        at: aware UTC.
        calendar: the city's.
    """
    for subtask in change.case.subtasks:
        if subtask.state in UNREPORTED:
            why = _not_expected(change.case, subtask)
            if why:
                gone = subtask.answered(SubtaskState.WITHDRAWN, by=MACHINE, at=at, note=why)
                change = put(change, gone, by=MACHINE, at=at, note=why)
    kept: list[Subtask] = []
    moved: list[Timer] = []
    for subtask in change.case.subtasks:
        timer = timers.get((change.case.id, TimerKind.SUBTASK.value, subtask.department))
        if timer is None:
            kept.append(subtask)
            continue
        is_open = subtask.state is SubtaskState.OPEN
        now = timer.resumed(at, calendar) if is_open and runs else timer.paused(at, calendar)
        moved += [now] if now != timer else []
        kept.append(replace(subtask, due_at=now.due_at))
    changed = {timer.key for timer in moved}
    rest = tuple(timer for timer in change.timers if timer.key not in changed)
    return replace(change, case=replace(change.case, subtasks=tuple(kept)), timers=(*rest, *moved))


def _not_expected(case: Case, subtask: Subtask) -> str:
    if not case.state.is_open:
        return f"the case is {case.state}"
    return "the department leads the case now" if subtask.department == case.department else ""
