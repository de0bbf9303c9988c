"""Supervision (督办): whoever oversees the departments gives and lifts orders, departments reply."""

from collections.abc import Callable
from datetime import datetime

from cases.case import Case
from cases.city import CityOrder
from cases.dossier import Change
from cases.errors import StaleVersion
from cases.ports import Clock, Store
from cases.supervised import Timers, answer, lift, order
from cases.supervision import Supervision, SupervisionKind, SupervisionLevel
from cases.timekeeping import ring


class SupervisionDesk:
    """Every method takes the version of the case that its person saw, and returns the case as it is afterwards.

    All of them raise `CaseNotFound` where there is no such case or order, `StaleVersion` where somebody else was first,
    and `MoveRefused`; then nothing has happened.
    """

    def __init__(self, store: Store, city: CityOrder, *, clock: Clock) -> None:
        self._store = store
        self._city = city
        self._clock = clock

    def order(
        self,
        case_id: str,
        *,
        version: int,
        by: str,
        kind: SupervisionKind,
        requirement: str,
        level: SupervisionLevel = SupervisionLevel.ORDINARY,
        reply_by: datetime | None = None,
    ) -> Case:
        """Put a case under supervision.

        Args:
            case_id: which case; one that is open and has a department.
            version: the version of the case that was seen.
            by: who orders it.
            kind: why; of each kind only one order can stand.
            requirement: what the department is to do.
            level: how much weight it has.
            reply_by: aware UTC, by when a reply is needed; None where none is.
        """

        def ordered(change: Change, _: Timers, now: datetime) -> Change:
            new = Supervision(
                number=0,
                kind=kind,
                level=level,
                requirement=requirement,
                ordered_by=by,
                ordered_at=now,
                reply_by=reply_by,
            )
            return order(change, new, at=now, calendar=self._city.calendar)

        return self._change(case_id, version, ordered)

    def reply(self, case_id: str, number: int, *, version: int, by: str, reply: str) -> Case:
        """The department says what it does about an order."""
        return self._change(
            case_id,
            version,
            lambda change, timers, now: answer(
                change, number, reply, by=by, at=now, timers=timers, calendar=self._city.calendar
            ),
        )

    def lift(self, case_id: str, number: int, *, version: int, by: str, reason: str) -> Case:
        """Whoever supervises is content, or wants something else now, and says why."""
        return self._change(
            case_id,
            version,
            lambda change, timers, now: lift(
                change, number, reason, by=by, at=now, timers=timers, calendar=self._city.calendar
            ),
        )

    def _change(self, case_id: str, version: int, make: Callable[[Change, Timers, datetime], Change]) -> Case:
        with self._store.transaction() as book:
            dossier, now = book.dossier(case_id), self._clock()
            if dossier.case.version != version:
                raise StaleVersion(case_id, version, version=dossier.case.version, state=dossier.case.state)
            rung = ring(dossier.case, dossier.timers, self._city.times, now)
            return book.write(make(rung, dossier.timers, now))
