"""A city whose duty list names co-departments, and a street with one joint case."""

from dataclasses import replace
from typing import Any

from cases.case import Case
from cases.city import CityOrder
from cases.desk import Desk
from cases.duty_list import DutyList
from cases.escalation import Audience
from cases.intake import Intake
from cases.joining import JointDesk
from cases.ports import Store
from cases.states import Act
from cases.subtask import Subtask
from cases.timekeeper import Timekeeper
from tests.case_builders import CountedIds, HandClock, a_city, a_finding
from tests.case_fakes import MemoryStore

CASE = "id-1"


def a_joint_city(*co_departments: str, auto_file: bool = False) -> CityOrder:
    """Illegal parking is led by the police, and these help."""
    city = a_city(auto_file=auto_file)
    [edition] = city.duty_list.editions
    lines = tuple(replace(line, co_departments=co_departments) for line in edition.lines)
    duty_list = DutyList(fallback=city.duty_list.fallback, editions=(replace(edition, lines=lines),))
    return replace(city, duty_list=duty_list)


class Scene:
    """One candidate of illegal parking on any store: its limit is two hours that never stop."""

    def __init__(self, store: Store, *co_departments: str) -> None:
        self.clock, self.ids = HandClock(), CountedIds()
        self.store, self.city = store, a_joint_city(*co_departments)
        Intake(store, self.city, clock=self.clock, new_id=self.ids).take(a_finding())
        self.rewire()

    def rewire(self) -> None:
        """Make the desks of the city as it is now."""
        self.desk = Desk(self.store, self.city, clock=self.clock, new_id=self.ids)
        self.joint = JointDesk(self.store, self.city, clock=self.clock)
        self.timekeeper = Timekeeper(self.store, self.city, clock=self.clock)

    @property
    def case(self) -> Case:
        with self.store.transaction() as book:
            return book.dossier(CASE).case

    def do(self, name: str, *, by: str = "li", **more: Any) -> None:
        getattr(self.desk, name)(CASE, version=self.case.version, by=by, **more)

    def part(self, name: str, department: str, *, by: str = "li", **more: Any) -> None:
        getattr(self.joint, name)(CASE, department, version=self.case.version, by=by, **more)

    def wait(self, **by: float) -> None:
        self.clock.forward(**by)
        while self.timekeeper.tick():
            pass

    def of(self, department: str) -> Subtask:
        return next(one for one in self.case.subtasks if one.department == department)


class Street(Scene):
    """The same in memory, where everything can be looked at."""

    def __init__(self, *co_departments: str) -> None:
        self.memory = MemoryStore()
        super().__init__(self.memory, *co_departments)

    def told(self, about: str) -> list[tuple[Audience, str, int]]:
        return [(one.audience, one.name, one.step) for one in self.memory.book.notices.values() if one.about == about]

    @property
    def acts(self) -> list[tuple[Act, str, str]]:
        history = self.memory.book.dossier(CASE).history
        return [(one.act, one.choice, one.reason) for one in history if one.act.startswith("task_")]
