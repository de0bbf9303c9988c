"""Filed cases with a delivery that is due, put straight into a store."""

from dataclasses import replace
from datetime import datetime

from cases.dossier import Change
from cases.filing import Channel, Filing, FilingState, Matter
from cases.ports import Store
from cases.states import CaseState
from cases.subtask import Subtask
from tests.case_builders import HERE, a_case


def file_cases(
    store: Store,
    number: int,
    *,
    channel: Channel,
    at: datetime,
    department: str = "police",
    matter: Matter = Matter.CASE,
) -> list[str]:
    """That many cases for one department; with another matter, cases that it helps with and is told so.

    Returns:
        The ids of their deliveries, in order.
    """
    filings = list[str]()
    with store.transaction() as book:
        for one in range(number):
            name = f"{department}{one:031x}"
            case = replace(a_case(CaseState.FILED), id=f"case-{name}", department=department, place=HERE)
            if matter is not Matter.CASE:
                part = Subtask(department=department, task="close the lane", given_by="li", given_at=at)
                case = replace(case, department="street", subtasks=(part,))
            filing = Filing(
                id=name,
                case_id=case.id,
                department=department,
                channel=channel,
                state=FilingState.DUE,
                created_at=at,
                next_try_at=at,
                matter=matter,
                subject="" if matter is Matter.CASE else "1",
            )
            book.open(Change(case=case, entries=(), filing=filing), year=2026)
            filings.append(filing.id)
    return filings
