"""What people do to the sub-tasks of a joint case: dispatchers give and withdraw them, co-departments answer."""

from datetime import datetime

from cases.case import Case
from cases.city import CityOrder
from cases.dossier import Change, Dossier
from cases.errors import CaseNotFound, MoveRefused
from cases.history import Proof
from cases.joint import give, put
from cases.limit import Limit
from cases.ports import Clock, Store
from cases.stepping import Beside
from cases.subtask import Subtask, SubtaskState
from cases.timekeeping import RUNS_IN
from cases.timers import TimerKind


class JointDesk:
    """Gives sub-tasks and takes answers. Every method takes the version of the case that its person saw.

    All of them return the case as it is afterwards, and raise `CaseNotFound` where there is no such case or sub-task,
    `StaleVersion` where somebody else was first, and `MoveRefused`; then nothing has happened.
    """

    def __init__(self, store: Store, city: CityOrder, *, clock: Clock) -> None:
        self._beside = Beside(store, city, clock=clock)
        self._city = city

    def give(
        self, case_id: str, department: str, *, version: int, by: str, task: str, hours: float | None = None
    ) -> Case:
        """Ask another department to help, so that the case is joint; or ask one that had a part in it once more.

        Args:
            case_id: which case.
            department: who is asked.
            version: the version of the case that was seen.
            by: who asks.
            task: what it is to do; where it had a sub-task, this may be empty, and the old words hold.
            hours: how long it may take, on the clock that never stops; None for the case's own limit.
        """
        if department not in self._city.departments:
            known = ", ".join(self._city.departments) or "none"
            raise MoveRefused(f"no department is called {department}; choose one of: {known}")

        def given(change: Change, dossier: Dossier, now: datetime) -> Change:
            case = change.case
            if not case.takes_help:
                raise MoveRefused(f"case {case.number} is {case.state}, so nobody can be asked to help with it now")
            if department == case.department:
                raise MoveRefused(f"{department} leads case {case.number} already; choose another department")
            was = _part(case, department)
            if was is None and not task.strip():
                raise MoveRefused(f"say what {department} is to do")
            new = Subtask(department=department, task=task.strip(), given_by=by, given_at=now)
            subtask = was.again(by=by, at=now, task=task) if was else new
            limit = Limit(amount=hours) if hours else case.limit
            assert limit is not None, "a case that was filed has a limit"
            timers = {timer.key: timer for timer in (*dossier.timers, *change.timers)}
            runs = case.state in RUNS_IN[TimerKind.SUBTASK]
            return give(change, subtask, limit, timers, runs=runs, calendar=self._city.calendar)

        return self._beside.make(case_id, version, given)

    def done(
        self,
        case_id: str,
        department: str,
        *,
        version: int,
        by: str,
        note: str = "",
        proofs: tuple[Proof, ...] = (),
    ) -> Case:
        """A co-department reports that its part is done."""
        return self._answer(case_id, department, SubtaskState.DONE, version, by, note, proofs)

    def send_back(self, case_id: str, department: str, *, version: int, by: str, reason: str) -> Case:
        """A co-department says that it has no part in the matter, and why. A dispatcher goes on from there."""
        return self._answer(case_id, department, SubtaskState.RETURNED, version, by, reason)

    def withdraw(self, case_id: str, department: str, *, version: int, by: str, reason: str) -> Case:
        """A dispatcher expects nothing of it any more, and says why."""
        return self._answer(case_id, department, SubtaskState.WITHDRAWN, version, by, reason)

    def _answer(
        self,
        case_id: str,
        department: str,
        state: SubtaskState,
        version: int,
        by: str,
        note: str,
        proofs: tuple[Proof, ...] = (),
    ) -> Case:
        def answered(change: Change, _: Dossier, now: datetime) -> Change:
            part = _part(change.case, department)
            if part is None:
                raise CaseNotFound(f"{department} has no sub-task in case {change.case.number}; look at the case")
            after = part.answered(state, by=by, at=now, note=note, proofs=proofs)
            return put(change, after, by=by, at=now, note=after.note, proofs=proofs)

        return self._beside.make(case_id, version, answered)


def _part(case: Case, department: str) -> Subtask | None:
    return next((one for one in case.subtasks if one.department == department), None)
