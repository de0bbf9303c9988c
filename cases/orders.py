"""Filing a case (立案): who is responsible, by when, and the delivery that goes out with it."""

from dataclasses import replace
from datetime import datetime

from cases.case import Case
from cases.city import CityOrder
from cases.dossier import Change
from cases.filing import Filing, FilingState
from cases.joint import join
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

    Raises:
        MoveRefused: the case is no candidate.
    """
    rung = ring(case, timers, city.times, at)
    filed, entry = move(case, Act.FILE, by=by, at=at, reason=reason)
    duty = city.duty_for(case.kind, case.area, at, code=case.code)
    owned = replace(
        filed,
        department=duty.department,
        duty_line=duty.line,
        duty_edition=duty.edition,
        code=case.code or duty.code,
        limit=duty.limit,
    )
    change = Change(case=owned, entries=(entry,), filing=delivery_to(duty.department, owned, city, at, new_id))
    in_time = timed(change, rung, timers, city.times, at)
    return join(in_time, duty.co_departments, duty.limit, at=at, calendar=city.calendar)


def reassign_case(
    case: Case, city: CityOrder, *, department: str, by: str, at: datetime, new_id: NewId, reason: str
) -> Change:
    """Give a returned case to another department, or to the same once more.

    Raises:
        MoveRefused: the case is not returned, or no reason is given.
    """
    moved, entry = move(case, Act.REASSIGN, by=by, at=at, reason=reason)
    owned = replace(moved, department=department, duty_line=None, duty_edition=None)
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
