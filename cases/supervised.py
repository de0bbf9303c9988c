"""What a supervision order (督办), its reply and its lifting do to a case, its history, its timers and its notices."""

from dataclasses import replace
from datetime import datetime, timedelta

from cases.case import Case
from cases.clocks import WorkCalendar
from cases.dossier import Change
from cases.errors import CaseNotFound, MoveRefused
from cases.escalation import Audience, Notice
from cases.history import MACHINE, Entry
from cases.limit import Limit
from cases.states import Act, CaseState
from cases.supervision import Supervision, SupervisionKind
from cases.timers import Timer, TimerKind

LONGEST_WAIT = timedelta(days=366)
"""For a reply."""

Timers = tuple[Timer, ...]


def order(change: Change, new: Supervision, *, at: datetime, calendar: WorkCalendar) -> Change:
    """The change with one order more, which the department is told of; where a reply is needed, a timer runs.

    Args:
        change: so far.
        new: the order; its number is given here.
        at: aware UTC, now.
        calendar: the city's.

    Raises:
        MoveRefused: nobody can be supervised, an order of this kind stands, or no reply can be due then.
    """
    case = change.case
    if not case.state.is_open:
        raise MoveRefused(f"case {case.number} is {case.state}, so nobody can be supervised; reopen it first")
    if case.state is CaseState.CANDIDATE or case.department is None:
        raise MoveRefused(f"case {case.number} has no department yet; file it first")
    if any(one.kind is new.kind for one in case.standing_supervisions):
        raise MoveRefused(f"case {case.number} is under {new.kind} supervision already; lift that order first")
    if not new.requirement.strip():
        raise MoveRefused(f"say what is to be done about case {case.number}")
    if new.reply_by is not None and not at < new.reply_by <= at + LONGEST_WAIT:
        raise MoveRefused("a reply can be needed by a moment within the next year; choose another one")
    given = replace(new, number=len(case.supervisions) + 1, requirement=new.requirement.strip())
    timers = (_timer(case, given, at, calendar),) if given.reply_by else ()
    told = _notice(case, given, Act.SUPERVISE, Audience.DEPARTMENT, at)
    after = replace(case, supervisions=(*case.supervisions, given))
    return _with(change, after, given, Act.SUPERVISE, given.ordered_by, given.requirement, at, timers, (told,))


def answer(
    change: Change, number: int, reply: str, *, by: str, at: datetime, timers: Timers, calendar: WorkCalendar
) -> Change:
    """The change with the department's reply, which whoever supervises is told of.

    Raises:
        CaseNotFound: the case has no such order.
        MoveRefused: as `Supervision.answered`.
    """
    was = find(change.case, number)
    now = was.answered(reply, by=by, at=at)
    above = (Audience.ACCEPTOR, *((Audience.LEADERS,) if was.kind is SupervisionKind.LEADER else ()))
    told = tuple(_notice(change.case, now, Act.SUPERVISION_ANSWERED, audience, at) for audience in above)
    stopped = _stopped(change, timers, now, at, calendar)
    return _with(change, _put(change.case, now), now, Act.SUPERVISION_ANSWERED, by, now.reply, at, stopped, told)


def lift(
    change: Change, number: int, reason: str, *, by: str, at: datetime, timers: Timers, calendar: WorkCalendar
) -> Change:
    """The change with an order that no longer stands; the department is told, unless the case has ended anyway.

    Raises:
        CaseNotFound: the case has no such order.
        MoveRefused: as `Supervision.lifted`.
    """
    now = find(change.case, number).lifted(reason, by=by, at=at)
    told = _notice(change.case, now, Act.SUPERVISION_LIFTED, Audience.DEPARTMENT, at)
    stopped = _stopped(change, timers, now, at, calendar)
    return _with(
        change,
        _put(change.case, now),
        now,
        Act.SUPERVISION_LIFTED,
        by,
        now.lifted_because,
        at,
        stopped,
        (told,) if change.case.state.is_open else (),
    )


def lifted_at_the_end(change: Change, *, at: datetime, timers: Timers, calendar: WorkCalendar) -> Change:
    """The change; where the case has ended with it, no order stands any more."""
    if change.case.state.is_open:
        return change
    for one in change.case.standing_supervisions:
        change = lift(
            change, one.number, f"the case is {change.case.state}", by=MACHINE, at=at, timers=timers, calendar=calendar
        )
    return change


def find(case: Case, number: int) -> Supervision:
    """The order of this number.

    Raises:
        CaseNotFound: the case has none.
    """
    found = next((one for one in case.supervisions if one.number == number), None)
    if found is None:
        raise CaseNotFound(f"case {case.number} has no supervision order {number}; look at it again")
    return found


def _put(case: Case, now: Supervision) -> Case:
    return replace(case, supervisions=tuple(now if one.number == now.number else one for one in case.supervisions))


def _timer(case: Case, given: Supervision, at: datetime, calendar: WorkCalendar) -> Timer:
    assert given.reply_by is not None
    hours = (given.reply_by - at).total_seconds() / 3600
    timer = Timer(case_id=case.id, kind=TimerKind.SUPERVISION, subject=str(given.number), limit=Limit(amount=hours))
    return timer.started(at, calendar)


def _stopped(change: Change, timers: Timers, now: Supervision, at: datetime, calendar: WorkCalendar) -> Timers:
    """The timer of an order whose reply nobody waits for any more."""
    known = {timer.key: timer for timer in (*timers, *change.timers)}
    timer = known.get((change.case.id, TimerKind.SUPERVISION.value, str(now.number)))
    return (timer.paused(at, calendar),) if timer is not None else ()


def _notice(case: Case, one: Supervision, act: Act, audience: Audience, at: datetime) -> Notice:
    return Notice(
        id=f"{case.id}/{act}/{one.number}/{audience}",
        case_id=case.id,
        audience=audience,
        name=case.department or "" if audience is Audience.DEPARTMENT else "",
        about=act.value,
        at=at,
    )


def _with(
    change: Change,
    case: Case,
    one: Supervision,
    act: Act,
    by: str,
    words: str,
    at: datetime,
    timers: Timers,
    told: tuple[Notice, ...],
) -> Change:
    entry = Entry(at=at, actor=by, act=act, before=case.state, after=case.state, reason=words, choice=one.kind.value)
    kept = tuple(timer for timer in change.timers if timer.key not in {new.key for new in timers})
    return replace(
        change,
        case=case,
        entries=(*change.entries, entry),
        timers=(*kept, *timers),
        notices=(*change.notices, *told),
    )
