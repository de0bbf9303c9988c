"""Supervision (督办): whoever oversees the departments gives and lifts orders, departments reply."""

from datetime import datetime

from cases.case import Case
from cases.city import CityOrder
from cases.dossier import Change, Dossier
from cases.ports import Clock, Store
from cases.stepping import Beside
from cases.supervised import answer, lift, order
from cases.supervision import Supervision, SupervisionKind, SupervisionLevel


class SupervisionDesk:
    """Every method takes the version of the case that its person saw, and returns the case as it is afterwards.

    All of them raise `CaseNotFound` where there is no such case or order, `StaleVersion` where somebody else was first,
    and `MoveRefused`; then nothing has happened.
    """

    def __init__(self, store: Store, city: CityOrder, *, clock: Clock) -> None:
        self._city = city
        self._beside = Beside(store, city, clock=clock)

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

        def ordered(change: Change, _: Dossier, now: datetime) -> Change:
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

        return self._beside.make(case_id, version, ordered)

    def reply(self, case_id: str, number: int, *, version: int, by: str, reply: str) -> Case:
        """The department says what it does about an order."""
        return self._beside.make(
            case_id,
            version,
            lambda change, dossier, now: answer(
                change, number, reply, by=by, at=now, timers=dossier.timers, calendar=self._city.calendar
            ),
        )

    def lift(self, case_id: str, number: int, *, version: int, by: str, reason: str) -> Case:
        """Whoever supervises is content, or wants something else now, and says why."""
        return self._beside.make(
            case_id,
            version,
            lambda change, dossier, now: lift(
                change, number, reason, by=by, at=now, timers=dossier.timers, calendar=self._city.calendar
            ),
        )
