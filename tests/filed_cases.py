"""Filed cases with a delivery that is due, put straight into a store."""

from dataclasses import replace
from datetime import datetime

from cases.dossier import Change
from cases.filing import Channel, Filing, FilingState
from cases.ports import Store
from cases.states import CaseState
from tests.case_builders import HERE, a_case


def file_cases(store: Store, number: int, *, channel: Channel, at: datetime, department: str = "police") -> list[str]:
    """That many cases for one department.

    Returns:
        The ids of their deliveries, in order.
    """
    filings = list[str]()
    with store.transaction() as book:
        for one in range(number):
            name = f"{department}{one:031x}"
            case = replace(a_case(CaseState.FILED), id=f"case-{name}", department=department, place=HERE)
            filing = Filing(
                id=name,
                case_id=case.id,
                department=department,
                channel=channel,
                state=FilingState.DUE,
                created_at=at,
                next_try_at=at,
            )
            book.open(Change(case=case, entries=(), filing=filing), year=2026)
            filings.append(filing.id)
    return filings
