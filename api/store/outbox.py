"""The outbox (待发件箱): which delivery is next."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select

from api.store.tables import breakers, filings
from cases.breaker import AT_ONCE
from cases.filing import AT_WORK, FilingState, Matter

_HANDS_OFF = [FilingState.DUE.value, FilingState.FAILED.value, FilingState.UNKNOWN.value]


def next_filing(now: datetime) -> Select[Any]:
    """The delivery that is to be tried or asked about next, as `cases.ports.Transaction.next_filing` says."""
    probing = breakers.c.open_until.is_not(None)
    lets_through = and_(
        or_(breakers.c.open_until.is_(None), breakers.c.open_until <= now),
        or_(breakers.c.next_at.is_(None), breakers.c.next_at <= now),
    )
    busy = _on_their_way(now)
    on_their_way = func.coalesce(busy.c.number, 0)
    return (
        select(filings)
        .outerjoin(breakers, breakers.c.department == filings.c.department)
        .outerjoin(busy, busy.c.department == filings.c.department)
        .where(_is_ready(now), ~_has_an_earlier_one(), lets_through)
        .where(on_their_way < case((probing, 1), else_=AT_ONCE))
        .order_by(
            case((probing, filings.c.attempts + filings.c.probes), else_=0), filings.c.next_try_at, filings.c.sequence
        )
        .limit(1)
    )


def _is_ready(now: datetime) -> ColumnElement[bool]:
    in_nobodys_hands = or_(filings.c.leased_until.is_(None), filings.c.leased_until <= now)
    idle = and_(filings.c.state.in_(_HANDS_OFF), filings.c.next_try_at <= now)
    return and_(in_nobodys_hands, or_(idle, filings.c.state == FilingState.SENDING.value))


def _has_an_earlier_one() -> ColumnElement[bool]:
    """Deliveries about one case go out in order, as `cases.filing.Filing.goes_before` says."""
    earlier = filings.alias()
    at_work = earlier.c.state.in_([state.value for state in AT_WORK])
    both_bring_it = and_(earlier.c.matter == Matter.CASE.value, filings.c.matter == Matter.CASE.value)
    before = or_(both_bring_it, earlier.c.department == filings.c.department)
    same_case = and_(earlier.c.case_id == filings.c.case_id, earlier.c.sequence < filings.c.sequence)
    return exists().where(same_case, before, at_work)


def _on_their_way(now: datetime) -> Any:
    held = filings.alias()
    return (
        select(held.c.department, func.count().label("number"))
        .where(held.c.state.in_([state.value for state in AT_WORK]), held.c.leased_until > now)
        .group_by(held.c.department)
        .subquery()
    )
