"""Which timers run in which states, and what a move does to them (stage timers of the city's standard)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from cases.case import Case
from cases.clocks import WorkCalendar
from cases.dossier import Change
from cases.escalation import notices_of
from cases.history import MACHINE
from cases.joint import in_step
from cases.limit import Limit
from cases.moving import move
from cases.states import OPEN, Act, CaseState
from cases.supervised import lifted_at_the_end, order
from cases.supervision import Supervision, SupervisionKind
from cases.timers import Timer, TimerKind
from cases.timing import TimeRules

_S = CaseState

RUNS_IN: Mapping[TimerKind, frozenset[CaseState]] = MappingProxyType(
    {
        TimerKind.ACCEPTANCE: frozenset({_S.CANDIDATE}),
        TimerKind.DISPATCH: frozenset({_S.FILED, _S.RETURNED}),
        TimerKind.DISPOSAL: frozenset({_S.FILED, _S.DISPATCHED, _S.ACCEPTED, _S.REWORK}),
        TimerKind.CHECK: frozenset({_S.HANDLED}),
        TimerKind.SUSPENSION: frozenset({_S.SUSPENDED}),
        # Whoever supervises is owed a reply although the case rests or waits for somebody else.
        TimerKind.SUPERVISION: OPEN - {_S.CANDIDATE},
        # A co-department goes on while a returned case looks for another lead.
        TimerKind.SUBTASK: frozenset({_S.FILED, _S.DISPATCHED, _S.ACCEPTED, _S.REWORK, _S.RETURNED}),
        # Whether somebody has read an order matters whatever became of the case.
        TimerKind.ORDER: frozenset(CaseState),
    }
)
"""In all other states they stand still."""

PAUSES = frozenset({_S.RETURNED, _S.SUSPENDED})
"""States in which nobody has a deadline."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Sets the timers of one case right."""

    rules: TimeRules
    at: datetime

    @property
    def calendar(self) -> WorkCalendar:
        """The city's."""
        return self.rules.calendar

    def of(self, was: tuple[Timer, ...], before: Case, after: Case, act: Act) -> tuple[Timer, ...]:
        """The timers that a move from `before` to `after` changes, as they are afterwards."""
        known = {timer.kind: timer for timer in was if not timer.subject}
        kinds = (TimerKind.ACCEPTANCE, TimerKind.DISPATCH, TimerKind.DISPOSAL, TimerKind.CHECK)
        new = [self._moved(known.get(kind), kind, before, after, act) for kind in kinds]
        if TimerKind.SUSPENSION in known:
            new.append(known[TimerKind.SUSPENSION].paused(self.at, self.calendar))
        if act is Act.SUSPEND:
            new.append(self._suspension(after))
        return tuple(timer for timer in new if timer is not None and timer not in was)

    def _moved(self, timer: Timer | None, kind: TimerKind, before: Case, after: Case, act: Act) -> Timer | None:
        if after.state not in RUNS_IN[kind]:
            return timer.paused(self.at, self.calendar) if timer else None
        limit = after.limit if kind is TimerKind.DISPOSAL else self.rules.stages[kind]
        if timer is None:
            fresh = Timer(case_id=after.id, kind=kind, limit=limit) if limit else None
            return fresh.started(self.at, self.calendar) if fresh else None
        if kind is TimerKind.DISPOSAL:
            return self._disposal(timer, before, after, act)
        if timer.running_since is None:
            return timer.restarted(self.at, self.calendar)
        return timer

    def _disposal(self, timer: Timer, before: Case, after: Case, act: Act) -> Timer:
        """Goes on where it was; starts anew for another department and for what is reopened."""
        if act is Act.REOPEN or (act is Act.REASSIGN and before.department != after.department):
            return timer.restarted(self.at, self.calendar, after.limit)
        if act is Act.EXTEND and after.limit:
            return timer.extended(after.limit, self.at, self.calendar)
        return timer.resumed(self.at, self.calendar)

    def _suspension(self, case: Case) -> Timer:
        assert case.suspended_until is not None
        hours = (case.suspended_until - self.at).total_seconds() / 3600
        timer = Timer(case_id=case.id, kind=TimerKind.SUSPENSION, limit=Limit(amount=hours))
        return replace(timer, running_since=self.at, due_at=case.suspended_until, told=50, next_at=case.suspended_until)


def awaiting_verdict(case: Case, since: datetime, rules: TimeRules) -> Timer:
    """The timer of a new candidate, which waits for a verdict (受理).

    Args:
        case: the candidate.
        since: aware UTC, when it can be judged. Where somebody is asked to look on the spot first (核实), when that is
            due: until then it rests, and a task that nobody answers does not let the case be forgotten.
        rules: the city's.
    """
    kind = TimerKind.ACCEPTANCE
    return Timer(case_id=case.id, kind=kind, limit=rules.stages[kind]).started(since, rules.calendar)


def looked_at(timers: tuple[Timer, ...], at: datetime, calendar: WorkCalendar) -> tuple[Timer, ...]:
    """The timers that begin to run now that somebody has looked on the spot, before that was due."""
    resting = (timer for timer in timers if timer.kind is TimerKind.ACCEPTANCE and (timer.running_since or at) > at)
    return tuple(timer.started(at, calendar) for timer in resting)


def ring(case: Case, timers: tuple[Timer, ...], rules: TimeRules, at: datetime) -> Change:
    """Everything that is to be told by now, and the mark where the disposal timer ran out. Nothing is told twice."""
    change = Change(case=case, entries=())
    for timer in timers:
        if case.state not in RUNS_IN[timer.kind]:
            told, steps = timer.paused(at, rules.calendar), ()
        else:
            told, steps = timer.passed(at, rules.calendar)
        if told != timer:
            notices = notices_of(case, timer, steps, at, rules.ladder)
            change = replace(change, timers=(*change.timers, told), notices=(*change.notices, *notices))
        if timer.kind is TimerKind.DISPOSAL and 100 in steps and case.overdue_at is None and timer.due_at:
            marked, entry = move(case, Act.OVERDUE, by=MACHINE, at=timer.due_at)
            # The history stands in the order in which it is written; the mark holds the instant it was due.
            change = replace(change, case=marked, entries=(*change.entries, replace(entry, at=at)))
        if timer.kind is TimerKind.DISPOSAL and 150 in steps:
            change = _supervised(change, rules, at)
    return change


def _supervised(change: Change, rules: TimeRules, at: datetime) -> Change:
    """The change; with a supervision order (超时督办) where the city wants one and none for being late stands."""
    policy, late = rules.supervision, SupervisionKind.TIMEOUT
    if not policy.automatic or any(one.kind is late for one in change.case.standing_supervisions):
        return change
    new = Supervision(
        number=0,
        kind=late,
        level=policy.level,
        requirement=policy.requirement,
        ordered_by=MACHINE,
        ordered_at=at,
        reply_by=policy.reply_within.due(at, rules.calendar) if policy.reply_within else None,
    )
    return order(change, new, at=at, calendar=rules.calendar)


def timed(change: Change, rung: Change, timers: tuple[Timer, ...], rules: TimeRules, at: datetime) -> Change:
    """The change of a move together with what its timers had to tell before, and the deadline that follows.

    Whoever acts between two rounds of the timekeeper gains nothing by it: a case that is late is marked first.

    Args:
        change: what the move did to `rung.case`.
        rung: what `ring` made of the case before.
        timers: all of the case, as they are written.
        rules: the city's.
        at: aware UTC, now.
    """
    now = {timer.key: timer for timer in (*timers, *rung.timers)}
    moved = Timing(rules, at).of(tuple(now.values()), rung.case, change.case, change.entries[-1].act)
    now.update({timer.key: timer for timer in moved})
    whole = replace(
        change,
        case=_with_deadline(change.case, now.get((change.case.id, TimerKind.DISPOSAL.value, ""))),
        entries=(*rung.entries, *change.entries),
        timers=tuple(timer for timer in now.values() if timer not in timers),
        notices=(*rung.notices, *change.notices),
    )
    whole = lifted_at_the_end(whole, at=at, timers=timers, calendar=rules.calendar)
    return in_step(whole, now, runs=whole.case.state in RUNS_IN[TimerKind.SUBTASK], at=at, calendar=rules.calendar)


def _with_deadline(case: Case, disposal: Timer | None) -> Case:
    if case.state in PAUSES:
        return replace(case, deadline_at=None)
    if disposal is None or disposal.due_at is None:
        return case
    return replace(case, deadline_at=disposal.due_at)
