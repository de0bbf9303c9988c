"""A sub-task of a joint case (联勤任务): what one co-department (协办单位) has to do beside the lead (主办单位)."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from cases.errors import MoveRefused
from cases.history import Proof


class SubtaskState(StrEnum):
    """Where a co-department's part stands."""

    OPEN = "open"
    DONE = "done"
    RETURNED = "returned"
    """The department says that it has no part in it. Only a dispatcher goes on from here."""
    WITHDRAWN = "withdrawn"
    """Nothing is expected of it any more."""


UNREPORTED = frozenset({SubtaskState.OPEN, SubtaskState.RETURNED})
"""States that hold the case: a department that just returned its part cannot be skipped to closing (domain A4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subtask:
    """One co-department's part. A department has at most one in a case; it can be given again.

    Attributes:
        department: who helps.
        task: what it is to do, in words; empty where the duty list names the department and no more.
        state: where it stands.
        turn: how often it was given, counted from 1.
        given_by: who gave it, or the machine at filing.
        given_at: aware UTC, of this turn.
        due_at: aware UTC, by when; None while the case rests and once nothing is expected.
        answered_by: who reported, returned or withdrew it in this turn.
        answered_at: aware UTC.
        note: what they said.
        proofs: what shows that it is done.
    """

    department: str
    task: str
    state: SubtaskState = SubtaskState.OPEN
    turn: int = 1
    given_by: str
    given_at: datetime
    due_at: datetime | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None
    note: str = ""
    proofs: tuple[Proof, ...] = ()

    def answered(
        self, state: SubtaskState, *, by: str, at: datetime, note: str = "", proofs: tuple[Proof, ...] = ()
    ) -> "Subtask":
        """Done, returned or withdrawn.

        Raises:
            MoveRefused: it is over already, or words are missing.
        """
        may_still = {SubtaskState.OPEN} if state is not SubtaskState.WITHDRAWN else UNREPORTED
        if self.state not in may_still:
            raise MoveRefused(f"the sub-task of {self.department} is {self.state}, so it cannot become {state}")
        if state is not SubtaskState.DONE and not note.strip():
            raise MoveRefused(f"say why the sub-task of {self.department} is {state}")
        return replace(self, state=state, due_at=None, answered_by=by, answered_at=at, note=note.strip(), proofs=proofs)

    def again(self, *, by: str, at: datetime, task: str = "") -> "Subtask":
        """Given once more, with the same words where no others are given.

        Raises:
            MoveRefused: it is still open.
        """
        if self.state is SubtaskState.OPEN:
            raise MoveRefused(f"{self.department} has an open sub-task already; wait for its report or withdraw it")
        return Subtask(
            department=self.department, task=task.strip() or self.task, turn=self.turn + 1, given_by=by, given_at=at
        )


def unreported(subtasks: tuple[Subtask, ...]) -> tuple[str, ...]:
    """Departments that have not reported that their part is done."""
    return tuple(subtask.department for subtask in subtasks if subtask.state in UNREPORTED)
