"""What people do to cases: a supervisor's verdict, a department's answers. One method and one transaction a move."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime

from cases.case import Case
from cases.city import CityOrder
from cases.dossier import Change, Dossier
from cases.errors import MoveRefused, StaleVersion
from cases.filing import FILING_MOVES, Filing, FilingState, Matter
from cases.history import Proof
from cases.messages import with_messages
from cases.moving import closing_condition, move, suspend
from cases.orders import file_case, reassign_case
from cases.ports import CaseBook, Clock, NewId, Store, Transaction
from cases.standing import Appeal, ReturnCause
from cases.states import Act, CaseState
from cases.timekeeping import ring, timed
from cases.verdict import Judgement, RejectReason, Ruling
from inference.crossings import crossing


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

    def within(self, book: Transaction) -> "Desk":
        """The same desk, whose moves are part of a transaction that has begun."""
        return Desk(_Begun(book), self._city, clock=self._clock, new_id=self._new_id)

    def judge(self, case_id: str, judgement: Judgement, *, version: int, by: str, condition: str = "") -> Case:
        """A supervisor's verdict. It files or rejects a candidate; on any other case it is written down for training.

        So a second reviewer, who may be blind to the first, changes nothing about the case.
        """
        return self._judge(case_id, judgement, version, by, decides=False, condition=condition)

    def confirm(self, case_id: str, *, version: int, by: str, reason: str = "", condition: str = "") -> Case:
        """A supervisor says it is a violation: it is filed with the department that the duty list names.

        Of several filing conditions (立案条件) the one applies whose line `condition` names, else the usual one.
        """
        judgement = Judgement(ruling=Ruling.CONFIRM, note=reason)
        return self._judge(case_id, judgement, version, by, decides=True, condition=condition)

    def reject(
        self, case_id: str, *, version: int, by: str, reason: str, why: RejectReason = RejectReason.OTHER
    ) -> Case:
        """A supervisor says it is none, and why: in words, and as one of the reasons."""
        judgement = Judgement(ruling=Ruling.REJECT, why=why, note=reason)
        return self._judge(case_id, judgement, version, by, decides=True)

    def accept(self, case_id: str, *, version: int, by: str) -> Case:
        """The department takes it on."""
        return self._move(Act.ACCEPT, case_id, version, by)

    def send_back(self, case_id: str, *, version: int, by: str, reason: str, cause: ReturnCause | None = None) -> Case:
        """The department returns it, and says why. Its timer stands still until somebody gets it."""
        return self._move(Act.RETURN, case_id, version, by, reason, choice=cause.value if cause else "")

    def reassign(self, case_id: str, *, version: int, by: str, department: str, reason: str) -> Case:
        """A dispatcher gives a returned case to `department`, and says why."""
        if department not in self._city.departments:
            known = ", ".join(self._city.departments) or "none"
            raise MoveRefused(f"no department is called {department}; choose one of: {known}")

        def reassigned(case: Case, now: datetime) -> Change:
            return reassign_case(
                case, self._city, department=department, by=by, at=now, new_id=self._new_id, reason=reason
            )

        return self._change(case_id, version, reassigned)

    def handle(self, case_id: str, *, version: int, by: str, note: str = "", proofs: tuple[Proof, ...] = ()) -> Case:
        """The department has done it. Where the city asks for it a picture must show that."""

        def handled(case: Case, now: datetime) -> Change:
            must_show = self._city.after_picture.asks(case.code)
            moved, entry = move(case, Act.HANDLE, by=by, at=now, reason=note, proofs=proofs, must_show=must_show)
            return Change(case=moved, entries=(entry,))

        return self._change(case_id, version, handled)

    def rework(self, case_id: str, *, version: int, by: str, reason: str) -> Case:
        """A supervisor finds that it is not done, and says why. What was left of the time runs on."""
        return self._move(Act.REWORK, case_id, version, by, reason)

    def close(
        self,
        case_id: str,
        *,
        version: int,
        by: str,
        reason: str = "",
        proofs: tuple[Proof, ...] = (),
        condition: str = "",
    ) -> Case:
        """It is over. Needs a proof, handed in now or with the handling.

        Where the line that it was filed under says when it is done (结案条件), whoever closes has checked that and
        names the line as `condition`; what was confirmed goes into the history.
        """

        def closed(case: Case, now: datetime) -> Change:
            met = closing_condition(case, self._city.filed_line(case), condition)
            moved, entry = move(case, Act.CLOSE, by=by, at=now, reason=reason, proofs=proofs, choice=met)
            return Change(case=moved, entries=(entry,))

        return self._change(case_id, version, closed)

    def _judge(
        self, case_id: str, judgement: Judgement, version: int, by: str, *, decides: bool, condition: str = ""
    ) -> Case:
        with self._store.transaction() as book:
            dossier = _seen(book, case_id, version)
            case, now, reason = dossier.case, self._clock(), judgement.reason
            book.judge(judgement.of(dossier.findings, by=by, at=now))
            crossing("verdict.noted")
            if case.state is not CaseState.CANDIDATE and not decides:
                return case
            if judgement.ruling is Ruling.REJECT:
                rung = ring(case, dossier.timers, self._city.times, now)
                rejected, entry = move(rung.case, Act.REJECT, by=by, at=now, reason=reason)
                change = Change(case=rejected, entries=(entry,))
                return book.write(timed(change, rung, dossier.timers, self._city.times, now))
            change = file_case(
                case,
                self._city,
                by=by,
                at=now,
                new_id=self._new_id,
                reason=reason,
                timers=dossier.timers,
                condition=condition,
            )
            return book.write(change)

    def ask_extension(self, case_id: str, *, version: int, by: str, reason: str) -> Case:
        """The department asks for its limit once more (延期), and says why."""
        return self._move(Act.ASK_EXTENSION, case_id, version, by, reason)

    def extend(self, case_id: str, *, version: int, by: str, reason: str = "") -> Case:
        """The dispatcher grants it: the case is due one limit later."""
        return self._move(Act.EXTEND, case_id, version, by, reason)

    def refuse_extension(self, case_id: str, *, version: int, by: str, reason: str) -> Case:
        """The dispatcher refuses it, and says why."""
        return self._move(Act.REFUSE_EXTENSION, case_id, version, by, reason)

    def suspend(self, case_id: str, *, version: int, by: str, until: datetime, reason: str) -> Case:
        """Let it rest until a moment (挂账), once and for a year at most; then it goes on by itself."""

        def suspended(case: Case, now: datetime) -> Change:
            moved, entry = suspend(case, until=until, by=by, at=now, reason=reason)
            return Change(case=moved, entries=(entry,))

        return self._change(case_id, version, suspended)

    def resume(self, case_id: str, *, version: int, by: str, reason: str = "") -> Case:
        """It goes on earlier than it was to."""
        return self._move(Act.RESUME, case_id, version, by, reason)

    def void(self, case_id: str, *, version: int, by: str, reason: str) -> Case:
        """It should not have been filed, and why (作废)."""
        return self._move(Act.VOID, case_id, version, by, reason)

    def reopen(self, case_id: str, *, version: int, by: str, reason: str) -> Case:
        """It was closed and is not done: to be done again, with the whole limit."""
        return self._move(Act.REOPEN, case_id, version, by, reason)

    def appeal(self, case_id: str, *, version: int, by: str, reason: str) -> Case:
        """The department appeals against the overdue mark of a closed case (申诉), and says why."""
        return self._move(Act.APPEAL, case_id, version, by, reason)

    def uphold(self, case_id: str, *, version: int, by: str, reason: str = "") -> Case:
        """A review agrees with the appeal. With the second one, by another person, the case is exempt."""
        with self._store.transaction() as book:
            dossier = _seen(book, case_id, version)
        first = next((entry.actor for entry in reversed(dossier.history) if entry.act is Act.UPHOLD), None)
        if dossier.case.appeal is Appeal.SECONDED and first == by:
            raise MoveRefused(f"{by} has reviewed this appeal already; the second review is somebody else's")
        return self._move(Act.UPHOLD, case_id, version, by, reason)

    def dismiss(self, case_id: str, *, version: int, by: str, reason: str) -> Case:
        """A review finds the mark right, and says why: it stays."""
        return self._move(Act.DISMISS, case_id, version, by, reason)

    def _move(
        self,
        act: Act,
        case_id: str,
        version: int,
        by: str,
        reason: str = "",
        choice: str = "",
    ) -> Case:
        def moved(case: Case, now: datetime) -> Change:
            after, entry = move(case, act, by=by, at=now, reason=reason, choice=choice)
            return Change(case=after, entries=(entry,))

        return self._change(case_id, version, moved, answers=act in (Act.ACCEPT, Act.RETURN))

    def _change(
        self, case_id: str, version: int, make: Callable[[Case, datetime], Change], *, answers: bool = False
    ) -> Case:
        with self._store.transaction() as book:
            dossier, now, times = _seen(book, case_id, version), self._clock(), self._city.times
            rung = ring(dossier.case, dossier.timers, times, now)
            change = timed(make(rung.case, now), rung, dossier.timers, times, now)
            if answers:
                _acknowledge(book, dossier.filings)
                crossing("move.acknowledged")
            return book.write(with_messages(change, self._city))


class _Begun:
    """A store in the middle of a transaction; who began it ends it."""

    def __init__(self, book: Transaction) -> None:
        self._book = book

    @contextmanager
    def transaction(self) -> Generator[Transaction]:
        yield self._book


def _seen(book: CaseBook, case_id: str, version: int) -> Dossier:
    dossier = book.dossier(case_id)
    if dossier.case.version != version:
        raise StaleVersion(case_id, version, version=dossier.case.version, state=dossier.case.state)
    return dossier


def _acknowledge(book: CaseBook, filings: tuple[Filing, ...]) -> None:
    """The department has answered, so its delivery has arrived, whatever the sender knows."""
    last = next((filing for filing in reversed(filings) if filing.matter is Matter.CASE), None)
    if last is not None and FilingState.ACKNOWLEDGED in FILING_MOVES[last.state]:
        book.settle(last, last.acknowledged())
