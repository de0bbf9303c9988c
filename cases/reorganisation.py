"""Departments are merged and split (机构改革): open cases move to their heirs, what is over stays as it was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cases.case import Case
from cases.city import CityOrder
from cases.dossier import Change, Dossier
from cases.errors import MoveRefused
from cases.filing import FilingState
from cases.history import Entry
from cases.joint import in_step, inherit
from cases.messages import with_messages
from cases.orders import delivery_to
from cases.ports import CaseBook, Clock, NewId, Store
from cases.states import Act, CaseState
from cases.subtask import UNREPORTED
from cases.timekeeping import RUNS_IN
from cases.timers import TimerKind

NOT_BEGUN = frozenset({FilingState.DUE, FilingState.FAILED})
"""Deliveries that nobody has begun or that did not arrive: the old department need not get them any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """Whose cases go to whom.

    Attributes:
        sources: the departments that give them away; several are a merge.
        heir: the department that gets them.
        areas: only cases in these areas and those inside them; empty for all. With it a department is split by place.
        codes: only cases of these event codes; empty for all. With it a department is split by subject.
    """

    sources: frozenset[str]
    heir: str
    areas: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reorganisation:
    """One document.

    Attributes:
        name: what people call it.
        valid_from: aware UTC, the instant from which it holds.
        transfers: the first one that fits a case decides; a case that fits none stays where it is.
    """

    name: str
    valid_from: datetime
    transfers: tuple[Transfer, ...]

    @property
    def sources(self) -> frozenset[str]:
        """Every department that gives cases away."""
        return frozenset(source for transfer in self.transfers for source in transfer.sources)

    def heir_of(self, department: str | None, case: Case, areas: Sequence[str]) -> str | None:
        """Who gets what a department has of a case: the case itself, or its sub-task; None where it stays.

        Args:
            department: whose.
            case: an open one.
            areas: the area of the case and those around it.
        """
        for transfer in self.transfers:
            fits_area = not transfer.areas or not transfer.areas.isdisjoint(areas)
            fits_code = not transfer.codes or case.code in transfer.codes
            if department in transfer.sources and fits_area and fits_code:
                return transfer.heir
        return None


def hand_over(
    store: Store, city: CityOrder, plan: Reorganisation, case_id: str, *, by: str, clock: Clock, new_id: NewId
) -> Case | None:
    """Give one open case, and what others still owe it, to the heirs; doing so again changes nothing.

    State, deadline, edition and line of the duty list stay. The history gets one line, and a delivery to the heir
    becomes due; one to the old department that has not begun is given up.

    Returns:
        The case as it is afterwards; None where all of it stays.

    Raises:
        MoveRefused: the reorganisation does not hold yet, or the city has no such heir.
    """
    now = clock()
    if now < plan.valid_from:
        raise MoveRefused(f"{plan.name} holds from {plan.valid_from.isoformat()} on; apply it then")
    with store.transaction() as book:
        dossier = book.dossier(case_id)
        case = dossier.case
        heirs = _heirs(plan, case, city) if case.state.is_open else {}
        if not heirs:
            return None
        for heir in heirs.values():
            if heir not in city.departments:
                raise MoveRefused(
                    f"{plan.name} gives cases to {heir}, which is no department of the city; add it there"
                )
        change = Change(case=case, entries=())
        if case.department in heirs:
            _give_up_what_waits(book, dossier)
            change = _with_new_lead(case, heirs[case.department], plan, city, by=by, at=now, new_id=new_id)
        change = _with_heirs_of_orders(change, heirs, plan, by=by, at=now)
        change = _with_heirs_of_parts(change, dossier, heirs, plan, city, by=by, at=now)
        return book.write(with_messages(change, city))


def _heirs(plan: Reorganisation, case: Case, city: CityOrder) -> dict[str, str]:
    """Who takes over from whom what is still to be done about a case."""
    areas = city.grid.path(case.area)
    ordered = (order.department for order in case.orders if order.replied_at is None)
    owners = (*filter(None, [case.department]), *case.unreported, *ordered)
    found = ((owner, plan.heir_of(owner, case, areas)) for owner in owners)
    return {owner: heir for owner, heir in found if heir is not None and heir != owner}


def _with_new_lead(
    case: Case, heir: str, plan: Reorganisation, city: CityOrder, *, by: str, at: datetime, new_id: NewId
) -> Change:
    reason = f"{plan.name}: {case.department} → {heir}"
    entry = Entry(at=at, actor=by, act=Act.TRANSFER, before=case.state, after=case.state, reason=reason)
    # A returned case waits for a dispatcher, who sends it on.
    filing = None if case.state is CaseState.RETURNED else delivery_to(heir, case, city, at, new_id)
    return Change(case=replace(case, department=heir), entries=(entry,), filing=filing)


def _with_heirs_of_orders(
    change: Change, heirs: Mapping[str, str], plan: Reorganisation, *, by: str, at: datetime
) -> Change:
    """The change with the orders that nobody has replied to, for which the heirs answer now."""
    case = change.case
    moved = [order for order in case.orders if order.replied_at is None and order.department in heirs]
    orders = tuple(
        replace(order, department=heirs[order.department]) if order in moved else order for order in case.orders
    )
    entries = tuple(
        Entry(
            at=at,
            actor=by,
            act=Act.TRANSFER,
            before=case.state,
            after=case.state,
            reason=f"{plan.name}: {order.department} → {heirs[order.department]}",
            choice=order.unit,
        )
        for order in moved
    )
    return replace(change, case=replace(case, orders=orders), entries=(*change.entries, *entries))


def _with_heirs_of_parts(
    change: Change,
    dossier: Dossier,
    heirs: Mapping[str, str],
    plan: Reorganisation,
    city: CityOrder,
    *,
    by: str,
    at: datetime,
) -> Change:
    timers = {timer.key: timer for timer in dossier.timers}
    for part in dossier.case.subtasks:
        if part.state in UNREPORTED and part.department in heirs:
            heir = heirs[part.department]
            note = f"{plan.name}: {part.department} → {heir}"
            change = inherit(change, part, heir, timers, by=by, at=at, note=note, calendar=city.calendar)
    now = timers | {timer.key: timer for timer in change.timers}
    runs = change.case.state in RUNS_IN[TimerKind.SUBTASK]
    return in_step(change, now, runs=runs, at=at, calendar=city.calendar)


def _give_up_what_waits(book: CaseBook, dossier: Dossier) -> None:
    for filing in dossier.filings:
        if filing.state in NOT_BEGUN and filing.department == dossier.case.department:
            book.settle(filing, filing.given_up())
