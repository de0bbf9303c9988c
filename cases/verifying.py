"""Answering verifications (核实): what somebody found on the spot goes into the case, and may file it."""

from dataclasses import replace

from cases.city import CityOrder
from cases.dossier import Change
from cases.errors import CaseNotFound
from cases.history import MACHINE, Entry
from cases.orders import file_case
from cases.ports import Clock, NewId, Store
from cases.states import Act, CaseState
from cases.timekeeping import looked_at
from cases.verification import Verification, VerificationResult


class Verifying:
    """Takes answers in, one transaction each."""

    def __init__(self, store: Store, city: CityOrder, *, clock: Clock, new_id: NewId) -> None:
        self._store = store
        self._city = city
        self._clock = clock
        self._new_id = new_id

    def answer(self, id: str, result: VerificationResult, *, by: str, note: str = "") -> Verification:
        """Somebody has looked.

        Args:
            id: of the task.
            result: what they found.
            by: who looked.
            note: in their words; needed where the matter was not found or could not be looked at.

        Returns:
            The task, answered. A case that exists is filed at once where the city says so; all others wait for a
            supervisor, who sees the answer.

        Raises:
            CaseNotFound: there is no such task.
            MoveRefused: it was answered before, or words are missing.
        """
        with self._store.transaction() as book:
            task = book.verification(id)
            if task is None:
                raise CaseNotFound("there is no such verification; look it up in the list")
            now = self._clock()
            answered = task.answered(result, by=by, at=now, note=note)
            book.settle_verification(answered)
            dossier = book.dossier(task.case_id)
            case = dossier.case
            words = ": ".join(filter(None, (result.value, answered.note)))
            entry = Entry(at=now, actor=by, act=Act.VERIFY, before=case.state, after=case.state, reason=words)
            change = Change(case=case, entries=(entry,), timers=looked_at(dossier.timers, now, self._city.calendar))
            files = result is VerificationResult.EXIST and self._city.reporting.file_when_verified
            if files and case.state is CaseState.CANDIDATE:
                filed = file_case(
                    case,
                    self._city,
                    by=MACHINE,
                    at=now,
                    new_id=self._new_id,
                    reason="found on the spot",
                    timers=dossier.timers,
                )
                change = replace(filed, entries=(entry, *filed.entries))
            book.write(change)
            return answered
