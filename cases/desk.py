"""What people do to cases: a supervisor's verdict, a department's answers. One method and one transaction a move."""

from cases.case import Case, move
from cases.city import CityOrder
from cases.dossier import Change, Dossier
from cases.errors import MoveRefused, StaleVersion
from cases.filing import FILING_MOVES, Filing, FilingState
from cases.history import Proof
from cases.orders import file_case, reassign_case
from cases.ports import CaseBook, Clock, NewId, Store
from cases.states import Act, CaseState
from cases.verdict import Judgement, RejectReason, Ruling


class Desk:
    """Moves cases. Every method takes the version that its person saw and returns the case as it is afterwards.

    All of them raise `CaseNotFound`, `StaleVersion` where somebody else was first, and `MoveRefused` where the state
    table or a guard says no; then nothing has happened.
    """

    def __init__(self, store: Store, city: CityOrder, *, clock: Clock, new_id: NewId) -> None:
        self._store = store
        self._city = city
        self._clock = clock
        self._new_id = new_id

    def judge(self, case_id: str, judgement: Judgement, *, version: int, by: str) -> Case:
        """A supervisor's verdict. It files or rejects a candidate; on any other case it is written down for training.

        So a second reviewer, who may be blind to the first, changes nothing about the case.
        """
        return self._judge(case_id, judgement, version, by, decides=False)

    def confirm(self, case_id: str, *, version: int, by: str, reason: str = "") -> Case:
        """A supervisor says it is a violation: it is filed with the department that the duty list names."""
        return self._judge(case_id, Judgement(ruling=Ruling.CONFIRM, note=reason), version, by, decides=True)

    def reject(
        self, case_id: str, *, version: int, by: str, reason: str, why: RejectReason = RejectReason.OTHER
    ) -> Case:
        """A supervisor says it is none, and why: in words, and as one of the reasons."""
        judgement = Judgement(ruling=Ruling.REJECT, why=why, note=reason)
        return self._judge(case_id, judgement, version, by, decides=True)

    def accept(self, case_id: str, *, version: int, by: str) -> Case:
        """The department takes it on."""
        return self._move(Act.ACCEPT, case_id, version, by)

    def send_back(self, case_id: str, *, version: int, by: str, reason: str) -> Case:
        """The department returns it, and says why."""
        return self._move(Act.RETURN, case_id, version, by, reason)

    def reassign(self, case_id: str, *, version: int, by: str, department: str, reason: str) -> Case:
        """A dispatcher gives a returned case to `department`, and says why."""
        if department not in self._city.departments:
            known = ", ".join(self._city.departments) or "none"
            raise MoveRefused(f"no department is called {department}; choose one of: {known}")
        with self._store.transaction() as book:
            case = _seen(book, case_id, version).case
            change = reassign_case(
                case,
                self._city,
                department=department,
                by=by,
                at=self._clock(),
                new_id=self._new_id,
                reason=reason,
            )
            return book.write(change)

    def handle(self, case_id: str, *, version: int, by: str, note: str = "", proofs: tuple[Proof, ...] = ()) -> Case:
        """The department has done it."""
        return self._move(Act.HANDLE, case_id, version, by, note, proofs)

    def rework(self, case_id: str, *, version: int, by: str, reason: str) -> Case:
        """A supervisor finds that it is not done, and says why."""
        return self._move(Act.REWORK, case_id, version, by, reason)

    def close(self, case_id: str, *, version: int, by: str, reason: str = "", proofs: tuple[Proof, ...] = ()) -> Case:
        """It is over. Needs a proof, handed in now or with the handling."""
        return self._move(Act.CLOSE, case_id, version, by, reason, proofs)

    def _judge(self, case_id: str, judgement: Judgement, version: int, by: str, *, decides: bool) -> Case:
        with self._store.transaction() as book:
            dossier = _seen(book, case_id, version)
            case, now, reason = dossier.case, self._clock(), judgement.reason
            book.judge(judgement.of(dossier.findings, by=by, at=now))
            if case.state is not CaseState.CANDIDATE and not decides:
                return case
            if judgement.ruling is Ruling.REJECT:
                rejected, entry = move(case, Act.REJECT, by=by, at=now, reason=reason)
                return book.write(Change(case=rejected, entries=(entry,)))
            return book.write(file_case(case, self._city, by=by, at=now, new_id=self._new_id, reason=reason))

    def _move(
        self, act: Act, case_id: str, version: int, by: str, reason: str = "", proofs: tuple[Proof, ...] = ()
    ) -> Case:
        with self._store.transaction() as book:
            dossier = _seen(book, case_id, version)
            moved, entry = move(dossier.case, act, by=by, at=self._clock(), reason=reason, proofs=proofs)
            if act in (Act.ACCEPT, Act.RETURN):
                _acknowledge(book, dossier.filings)
            return book.write(Change(case=moved, entries=(entry,)))


def _seen(book: CaseBook, case_id: str, version: int) -> Dossier:
    dossier = book.dossier(case_id)
    if dossier.case.version != version:
        raise StaleVersion(case_id, version)
    return dossier


def _acknowledge(book: CaseBook, filings: tuple[Filing, ...]) -> None:
    """The department has answered, so its delivery has arrived, whatever the sender knows."""
    last = filings[-1] if filings else None
    if last is not None and FilingState.ACKNOWLEDGED in FILING_MOVES[last.state]:
        book.settle(last, last.acknowledged())
