"""Apply a reorganisation to every open case of an installation."""

from collections.abc import Iterator
from pathlib import Path

from api.city.reorganisation import read_reorganisation
from api.wiring import House, open_house, random_name, utc_now
from cases.case import Case
from cases.errors import MoveRefused
from cases.reorganisation import Reorganisation, hand_over
from cases.states import OPEN
from cases.subtask import UNREPORTED

PAGE = 500


def reorganise(document: Path, *, city_file: Path | None, by: str) -> tuple[str, tuple[Case, ...]]:
    """Give every open case that the document names to its heir, one transaction a case.

    What is interrupted is finished by doing it again.

    Returns:
        The name of the reorganisation, and the cases that moved.

    Raises:
        CityError: the document or the city file cannot be used.
        MoveRefused: it does not hold yet.
    """
    with open_house(city_file=city_file) as house:
        plan = read_reorganisation(document, house.order, house.city.calendar.zone)
        if utc_now() < plan.valid_from:
            day = plan.valid_from.astimezone(house.city.calendar.zone).date()
            raise MoveRefused(f"{plan.name} holds from {day} on; apply it then")
        moved = [
            hand_over(house.store, house.order, plan, case, by=by, clock=utc_now, new_id=random_name)
            for case in list(_open_cases(house, plan))
        ]
        return plan.name, tuple(case for case in moved if case is not None)


def _open_cases(house: House, plan: Reorganisation) -> Iterator[str]:
    for department in sorted(plan.sources):
        offset = 0
        while items := house.store.cases(states=OPEN, department=department, limit=PAGE, offset=offset).items:
            yield from (case.id for case in items)
            offset += PAGE
        offset = 0
        while ordered := house.store.orders(department, limit=PAGE, offset=offset).items:
            yield from (about.case_id for about in ordered if about.case_id is not None)
            offset += PAGE
        offset = 0
        while items := house.store.helping(department, states=UNREPORTED, limit=PAGE, offset=offset).items:
            yield from (case.id for case in items)
            offset += PAGE
