"""What was ordered about a case travels to the departments that work in systems of their own, as their cases do."""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256

from cases.case import Case
from cases.city import CityOrder
from cases.direct_order import DirectOrder
from cases.dossier import Change
from cases.errors import CaseNotFound
from cases.filing import Filing, FilingState, Matter
from cases.history import Entry
from cases.states import Act
from cases.subtask import Subtask
from cases.supervision import Supervision

NOT_CARRIED = "Open311 carries cases and nothing that is ordered about them: tell the department, then say so here"

_TASKS = {Act.TASK_GIVEN: Matter.TASK_GIVEN, Act.TASK_WITHDRAWN: Matter.TASK_WITHDRAWN}

Told = tuple[Matter, str, str]
"""What is told, to which department, and which sub-task or order it is about."""


def with_messages(change: Change, city: CityOrder) -> Change:
    """The change, with a delivery for everything that its history says was ordered of somebody, or lifted again.

    Who works on our own pages finds it there and gets a notice. What a channel cannot carry is dead from the beginning,
    so that a person sees to it.
    """
    new: dict[str, Filing] = {}
    for entry in change.entries:
        for told in _told(change.case, entry):
            message = _message(change.case, entry, told, city)
            if message.channel.leads_out:
                new[message.id] = message
    return replace(change, messages=tuple(new.values()))


def subject_of(case: Case, filing: Filing) -> Subtask | DirectOrder | Supervision | None:
    """What a delivery tells of, as it is now; None where it brings the case itself.

    Raises:
        CaseNotFound: the case has none such.
    """
    if filing.matter is Matter.CASE:
        return None
    found: Subtask | DirectOrder | Supervision | None
    match filing.matter:
        case Matter.ORDER_GIVEN:
            found = next((order for order in case.orders if order.id == filing.subject), None)
        case Matter.SUPERVISE | Matter.SUPERVISION_LIFTED:
            found = next((one for one in case.supervisions if str(one.number) == filing.subject), None)
        case _:
            found = next((part for part in case.subtasks if part.department == filing.department), None)
    if found is None:
        raise CaseNotFound(f"case {case.number} has nothing that its delivery {filing.id} could tell of")
    return found


def _told(case: Case, entry: Entry) -> Iterator[Told]:
    lead = case.department or ""
    match entry.act:
        case Act.TASK_GIVEN | Act.TASK_WITHDRAWN:
            turn = next(str(part.turn) for part in case.subtasks if part.department == entry.choice)
            yield _TASKS[entry.act], entry.choice, turn
        case Act.ORDER_GIVEN:  # one at a time, and the newest stands last
            order = next(order for order in reversed(case.orders) if order.unit == entry.choice)
            yield Matter.ORDER_GIVEN, order.department, order.id
        case Act.SUPERVISE | Act.SUPERVISION_LIFTED:  # of each kind one stands at a time, and the newest is the last
            one = next(one for one in reversed(case.supervisions) if one.kind == entry.choice)
            yield Matter(entry.act.value), lead, str(one.number)
        case Act.REASSIGN | Act.TRANSFER:
            yield from _taken_over(case, entry)
        case _:
            pass


def _taken_over(case: Case, entry: Entry) -> Iterator[Told]:
    """What a department has to know that another one was told before: orders of a unit, or all about the case."""
    if entry.choice:
        for order in case.orders:
            if order.unit == entry.choice and order.replied_at is None:
                yield Matter.ORDER_GIVEN, order.department, order.id
        return
    for one in case.standing_supervisions:
        yield Matter.SUPERVISE, case.department or "", str(one.number)


def _message(case: Case, entry: Entry, told: Told, city: CityOrder) -> Filing:
    """A delivery whose id is made of what it tells, and of the only version of the case that can bring it about."""
    matter, department, subject = told
    channel = city.channel_of(department)
    name = "/".join((case.id, str(case.version), matter, department, subject))
    carried = channel.carries(matter)
    return Filing(
        id=sha256(name.encode()).hexdigest()[:32],
        case_id=case.id,
        department=department,
        channel=channel,
        state=FilingState.DUE if carried else FilingState.DEAD,
        created_at=entry.at,
        next_try_at=entry.at,
        error=None if carried else NOT_CARRIED,
        matter=matter,
        subject=subject,
    )
