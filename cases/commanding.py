"""Direct orders about a case, their receipts and replies, and the records of consultations."""

from dataclasses import replace
from datetime import datetime

from cases.case import Case
from cases.city import CityOrder
from cases.consultation import Consultation
from cases.direct_order import DirectOrder
from cases.dossier import Change, Dossier
from cases.errors import CaseNotFound, MoveRefused
from cases.escalation import Audience, Notice
from cases.history import Entry
from cases.limit import Limit
from cases.ports import Clock, NewId, Store
from cases.recipient import Recipient, an_order, the_unit
from cases.states import Act
from cases.stepping import Beside
from cases.timers import Timer, TimerKind


class CommandDesk:
    """Gives orders and takes answers. Every method takes the version of the case that its person saw.

    All of them return the case as it is afterwards, and raise `CaseNotFound` where there is no such case or order,
    `StaleVersion` where somebody else was first, and `MoveRefused`; then nothing has happened.
    """

    def __init__(self, store: Store, city: CityOrder, *, clock: Clock, new_id: NewId) -> None:
        self._beside = Beside(store, city, clock=clock)
        self._city = city
        self._new_id = new_id

    def order(
        self,
        case_id: str,
        to: str | Recipient,
        *,
        version: int,
        by: str,
        issuer: str,
        text: str,
        minutes: int | None = None,
    ) -> Case:
        """Tell a unit, or one person of a department, to do something. That department sees the case from then on.

        Args:
            case_id: about which open case.
            to: a department, any unit of the organisation tree that belongs to one, or a person who works for one.
            version: the version of the case that was seen.
            by: who gives it.
            issuer: their identifier; they are told of the reply.
            text: what is to be done.
            minutes: within how many, around the clock, the receipt is expected; None for what the city says.
        """

        def ordered(change: Change, _: Dossier, now: datetime) -> Change:
            case = change.case
            if case.filed_at is None or not case.state.is_open:
                raise MoveRefused(
                    f"case {case.number} is {case.state}; only about what is filed and open orders are given"
                )
            whom = the_unit(to, self._city) if isinstance(to, str) else to
            if not whom.department:
                raise MoveRefused(f"{whom.unit} works for no department, so an order about a case cannot reach them")
            limit = Limit(amount=minutes / 60) if minutes else self._city.times.stages[TimerKind.ORDER]
            fresh = Timer(case_id=case_id, kind=TimerKind.ORDER, subject=self._new_id(), limit=limit)
            timer = fresh.started(now, self._city.calendar)
            assert timer.due_at is not None
            order = an_order(whom, text, id=timer.subject, by=by, issuer=issuer, at=now, due_at=timer.due_at)
            told = _notice(case, order, Act.ORDER_GIVEN, Audience.UNIT, order.addressee, now)
            return replace(
                change,
                case=replace(case, orders=(*case.orders, order)),
                entries=(*change.entries, _entry(case, Act.ORDER_GIVEN, by, now, order.text, order.unit)),
                timers=(*change.timers, timer),
                notices=(*change.notices, told),
            )

        return self._beside.make(case_id, version, ordered)

    def acknowledge(self, case_id: str, order_id: str, *, version: int, by: str) -> Case:
        """The unit has read it."""

        def read(change: Change, dossier: Dossier, now: datetime) -> Change:
            order = _order(change.case, order_id).acknowledged(by=by, at=now)
            return self._settled(change, dossier, order, Act.ORDER_READ, by, now)

        return self._beside.make(case_id, version, read)

    def reply(self, case_id: str, order_id: str, *, version: int, by: str, text: str) -> Case:
        """The unit says what was done about it. Who gave it is told."""

        def answered(change: Change, dossier: Dossier, now: datetime) -> Change:
            order = _order(change.case, order_id).answered(text, by=by, at=now)
            told = _notice(change.case, order, Act.ORDER_ANSWERED, Audience.ISSUER, order.issuer, now)
            settled = self._settled(change, dossier, order, Act.ORDER_ANSWERED, by, now)
            return replace(settled, notices=(*settled.notices, told))

        return self._beside.make(case_id, version, answered)

    def consult(
        self,
        case_id: str,
        *,
        version: int,
        by: str,
        held_at: datetime,
        participants: tuple[str, ...],
        decision: str,
    ) -> Case:
        """Write down a consultation (会商): who took part, when, and what was decided. It is never changed."""
        names = tuple(dict.fromkeys(name.strip() for name in participants if name.strip()))

        def recorded(change: Change, _: Dossier, now: datetime) -> Change:
            case = change.case
            if len(names) < 2:
                raise MoveRefused("name at least two who took part in the consultation")
            if not decision.strip():
                raise MoveRefused("say what was decided in the consultation")
            if held_at > now:
                raise MoveRefused("the consultation lies ahead; write it down once it has been held")
            record = Consultation(
                id=self._new_id(),
                held_at=held_at,
                participants=names,
                decision=decision.strip(),
                recorded_by=by,
                recorded_at=now,
            )
            words = f"{', '.join(names)}: {record.decision}"  # names of people stand where observers do not look
            entry = _entry(case, Act.CONSULTATION, by, now, words, "")
            after = replace(case, consultations=(*case.consultations, record))
            return replace(change, case=after, entries=(*change.entries, entry))

        return self._beside.make(case_id, version, recorded)

    def _settled(
        self, change: Change, dossier: Dossier, order: DirectOrder, act: Act, by: str, now: datetime
    ) -> Change:
        """The change with an order as it is now; the clock of its receipt stands still."""
        case = change.case
        orders = tuple(order if one.id == order.id else one for one in case.orders)
        entry = _entry(case, act, by, now, order.reply if act is Act.ORDER_ANSWERED else "", order.unit)
        timers = {timer.key: timer for timer in (*dossier.timers, *change.timers)}
        clock = timers[case.id, TimerKind.ORDER.value, order.id].paused(now, self._city.calendar)
        return replace(
            change,
            case=replace(case, orders=orders),
            entries=(*change.entries, entry),
            timers=(*(one for one in change.timers if one.key != clock.key), clock),
        )


def _order(case: Case, order_id: str) -> DirectOrder:
    order = next((one for one in case.orders if one.id == order_id), None)
    if order is None:
        raise CaseNotFound(f"case {case.number} has no such order; look it up in the case")
    return order


def _entry(case: Case, act: Act, by: str, at: datetime, words: str, choice: str) -> Entry:
    return Entry(at=at, actor=by, act=act, before=case.state, after=case.state, reason=words, choice=choice)


def _notice(case: Case, order: DirectOrder, act: Act, audience: Audience, name: str, at: datetime) -> Notice:
    id = f"{case.id}/{act}/{order.id}"
    return Notice(id=id, case_id=case.id, audience=audience, name=name, about=act.value, at=at)
