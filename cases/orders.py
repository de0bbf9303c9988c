"""Filing a case (立案): who is responsible, by when, and the delivery that goes out with it."""

from dataclasses import replace
from datetime import datetime

from cases.case import Case
from cases.city import CityOrder
from cases.dossier import Change
from cases.duty_list import Duty
from cases.errors import DutyListError, MoveRefused
from cases.escalation import Audience, Notice
from cases.filing import Filing, FilingState
from cases.history import MACHINE, Entry
from cases.joint import join
from cases.messages import with_messages
from cases.moving import move
from cases.ports import NewId
from cases.states import Act
from cases.timekeeping import ring, timed
from cases.timers import Timer


def file_case(
    case: Case,
    city: CityOrder,
    *,
    by: str,
    at: datetime,
    new_id: NewId,
    reason: str = "",
    timers: tuple[Timer, ...] = (),
    condition: str = "",
) -> Change:
    """File a candidate: the duty list of that day says who and by when, and a delivery becomes due.

    Where the list names co-departments, the case is joint from the beginning, and each of them has a sub-task.

    Args:
        case: the candidate.
        city: what the city decides.
        by: who files it.
        at: aware UTC.
        new_id: names the delivery.
        reason: why.
        timers: those of the candidate.
        condition: id of the line of the duty list whose filing condition (立案条件) applies; without it the usual one.

    Raises:
        MoveRefused: the case is no candidate, or the condition is none that it can be filed under.
    """
    rung = ring(case, timers, city.times, at)
    duty = _duty_of(case, city, at, condition)
    filed, entry = move(case, Act.FILE, by=by, at=at, reason=reason, choice=duty.line or "")
    owned = replace(
        filed,
        department=duty.department,
        duty_line=duty.line,
        duty_edition=duty.edition,
        code=duty.code or case.code,
        limit=duty.limit,
    )
    change = Change(case=owned, entries=(entry,), filing=delivery_to(duty.department, owned, city, at, new_id))
    in_time = timed(change, rung, timers, city.times, at)
    joint = join(in_time, duty.co_departments, duty.limit, at=at, calendar=city.calendar)
    return with_messages(_with_dropped_code(joint, case.code, city, at), city)


def _duty_of(case: Case, city: CityOrder, at: datetime, condition: str) -> Duty:
    """Who gets it. A code that the edition in force has dropped says nothing; then what cameras call it decides."""
    code = case.code if case.code is not None and city.duty_list.lists(case.code, at) else None
    try:
        return city.duty_for(case.kind, case.area, at, code=code, line=condition or None)
    except DutyListError as error:
        raise MoveRefused(str(error)) from None


def _with_dropped_code(change: Change, code: str | None, city: CityOrder, at: datetime) -> Change:
    """The change, saying so where the edition in force has no line for the code that the case was opened under."""
    edition = city.duty_list.edition_at(at)
    if code is None or edition is None or city.duty_list.lists(code, at):
        return change
    case = change.case
    fallback = f"{case.department} gets it as the fallback owner"
    instead = f"filed under {case.code} instead" if case.duty_line else fallback
    reason = f"edition {edition.name} of the duty list has no event code {code}: {instead}"
    entry = Entry(
        at=at, actor=MACHINE, act=Act.UNLISTED, before=case.state, after=case.state, reason=reason, choice=code
    )
    notice = Notice(
        id=f"{case.id}/{Act.UNLISTED}", case_id=case.id, audience=Audience.DISPATCHER, about=Act.UNLISTED.value, at=at
    )
    return replace(change, entries=(*change.entries, entry), notices=(*change.notices, notice))


def reassign_case(
    case: Case, city: CityOrder, *, department: str, by: str, at: datetime, new_id: NewId, reason: str
) -> Change:
    """Give a returned case to another department, or to the same once more.

    It stays under the edition that it was filed under, and is closed by the condition of that department's line for the
    matter; where the edition has none, no line says when it is done. The limit stays what it was.

    Raises:
        MoveRefused: the case is not returned, or no reason is given.
    """
    moved, entry = move(case, Act.REASSIGN, by=by, at=at, reason=reason)
    line = city.line_of(department, case)
    owned = replace(moved, department=department, duty_line=line.id if line else None)
    return Change(case=owned, entries=(entry,), filing=delivery_to(department, owned, city, at, new_id))


def delivery_to(department: str, case: Case, city: CityOrder, at: datetime, new_id: NewId) -> Filing:
    """A delivery of the case that is due now."""
    return Filing(
        id=new_id(),
        case_id=case.id,
        department=department,
        channel=city.channel_of(department),
        state=FilingState.DUE,
        created_at=at,
        next_try_at=at,
    )
