"""Asks cameras about handled cases, and acts on what they see. Every step is one transaction, so a crash loses none."""

import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Protocol

from cases.case import Case
from cases.city import CityOrder
from cases.dossier import Change, Dossier
from cases.history import MACHINE, Entry, Proof
from cases.messages import with_messages
from cases.moving import move
from cases.overview import FiledFinding
from cases.ports import CameraLease, CaseBook, Clock, Fenced, NewId
from cases.recheck import BY_PASSES, Hindrance, Recheck, RecheckResult, RecheckRule
from cases.states import Act, CaseState
from cases.timekeeping import ring, timed
from inference.findings import Finding, ViolationKind
from inference.sight import Sight

logger = logging.getLogger(__name__)


class RecheckBook(CaseBook, Fenced, Protocol):
    """What re-checks need of a transaction."""

    def unasked(self) -> Sequence[str]:
        """Handled cases whose present handling no re-check asks about."""
        ...

    def recheck(self, id: str) -> Recheck | None:
        """The re-check of this id."""
        ...

    def open_rechecks(self, camera: str | None = None) -> Sequence[Recheck]:
        """Those without a result, of one camera or of all, the oldest first."""
        ...

    def put_recheck(self, recheck: Recheck) -> None:
        """Write a new re-check, or replace one."""
        ...


class RecheckStore(Protocol):
    """Where they are kept."""

    def transaction(self) -> AbstractContextManager[RecheckBook]:
        """One transaction, as `cases.ports.Store`."""
        ...

    def open_rechecks(self, camera: str) -> Sequence[Recheck]:
        """Those of a camera without a result, read without waiting for anybody."""
        ...

    def open_pass_rechecks(self) -> Sequence[Recheck]:
        """Those without a result that wait for a vehicle that passes."""
        ...

    def finding(self, key: str) -> FiledFinding | None:
        """The finding of this key."""
        ...


class Rechecks:
    """Re-checks of one store. Any number of processes may work on it."""

    def __init__(self, store: RecheckStore, city: CityOrder, *, clock: Clock, new_id: NewId) -> None:
        self._store = store
        self._city = city
        self._clock = clock
        self._new_id = new_id

    def tend(self) -> int:
        """Ask about every handling that nobody has asked about, and give up what has run out of time.

        A case about which no question can be put, by a fault of ours, holds up no other: that is logged each time.

        Returns:
            How many questions were put or given up.
        """
        with self._store.transaction() as book:
            steps = [(book.dossier(case_id), self._asked) for case_id in book.unasked()]
            now = self._clock()
            for recheck in (recheck for recheck in book.open_rechecks() if recheck.give_up_at <= now):
                steps.append((book.dossier(recheck.case_id), partial(self._given_up, recheck, recheck.obstacle)))
            return sum(self._taken(book, dossier, step) for dossier, step in steps)

    def _taken(self, book: RecheckBook, dossier: Dossier, step: Callable[[Dossier], "_Step"]) -> bool:
        try:
            taken = step(dossier)
        except Exception:  # whatever it is, all other handled cases are looked at
            logger.exception("nobody looks at handled case %s again; report it", dossier.case.number)
            return False
        taken.write(book)
        return True

    def open_of(self, camera: str, at: datetime) -> tuple[tuple[Recheck, Finding], ...]:
        """Questions to a camera for which a look at `at` counts, each with the finding whose place is meant."""
        asked = [recheck for recheck in self._store.open_rechecks(camera) if recheck.counts(at)]
        found = [(recheck, self._store.finding(recheck.finding)) for recheck in asked if recheck.finding is not None]
        return tuple((recheck, filed.finding) for recheck, filed in found if filed is not None)

    def open_for_passes(self, at: datetime) -> tuple[tuple[Recheck, Finding], ...]:
        """Questions that any vehicle may answer which passes their place at `at`, each with its finding."""
        asked = [recheck for recheck in self._store.open_pass_rechecks() if recheck.counts(at)]
        found = [(recheck, self._store.finding(recheck.finding)) for recheck in asked if recheck.finding is not None]
        return tuple((recheck, filed.finding) for recheck, filed in found if filed is not None)

    def saw(self, id: str, sight: Sight, at: datetime, lease: CameraLease | None = None) -> RecheckResult | None:
        """Write down one look of a camera, which is watched under `lease` where several processes could watch it.

        Returns:
            What the looks now say, for which the caller keeps pictures and calls `decide`; None while they disagree.

        Raises:
            LeaseLost: another worker watches the camera by now; nothing is written.
        """
        with self._store.transaction() as book:
            if lease is not None:
                book.hold(lease)
            recheck = book.recheck(id)
            if recheck is None or not recheck.counts(at):
                return None
            seen = recheck.seen(sight, at)
            book.put_recheck(seen)
            return seen.verdict

    def decide(self, id: str, result: RecheckResult, after: tuple[Proof, ...]) -> Recheck | None:
        """Act on what was seen: rework, a proposal to close, or closing where the city allows that.

        Args:
            id: of the re-check.
            result: what the looks say.
            after: pictures of the place as it is now, stored already.

        Returns:
            The re-check at its end; None where it has ended before.
        """
        with self._store.transaction() as book:
            recheck = book.recheck(id)
            if recheck is None or recheck.result is not None:
                return None
            ended = self._ended(recheck, result, after, None, book.dossier(recheck.case_id))
            ended.write(book)
            return ended.recheck

    def cannot_look(self, id: str) -> None:
        """Give a question up at once: the picture from before is lost, so nothing can be compared with it."""
        with self._store.transaction() as book:
            recheck = book.recheck(id)
            if recheck is not None and recheck.result is None:
                self._given_up(recheck, Hindrance.NO_PICTURE, book.dossier(recheck.case_id)).write(book)

    def _asked(self, dossier: Dossier) -> "_Step":
        case, now = dossier.case, self._clock()
        patrols = self._city.merging.patrols
        fixed = [finding for finding in dossier.findings if finding.camera not in patrols]
        passed = [finding for finding in dossier.findings if finding.camera in patrols and finding.where is not None]
        asked = (fixed or passed)[-1:]
        handled_at = case.handled_at or now
        recheck = Recheck(
            id=self._new_id(),
            case_id=case.id,
            handled_at=handled_at,
            finding=asked[0].key if asked else None,
            camera=fixed[-1].camera if fixed else None,
            asked_at=now,
            look_from=handled_at,
            give_up_at=handled_at,
        )
        if not asked:
            return self._given_up(recheck, Hindrance.NO_CAMERA, dossier)
        rule = self._rule(asked[0].kind)
        begins = rule.look_from(handled_at, asked[0].last_seen, self._city.calendar.days.zone)
        ends = (begins + (rule.within if fixed else BY_PASSES)).astimezone(UTC)
        return _Step(replace(recheck, look_from=begins.astimezone(UTC), give_up_at=ends))

    def _given_up(self, recheck: Recheck, hindrance: Hindrance | None, dossier: Dossier) -> "_Step":
        return self._ended(recheck, RecheckResult.CANNOT_SEE, (), hindrance, dossier)

    def _rule(self, kind: ViolationKind | None) -> RecheckRule:
        return self._city.rechecking.get(kind, RecheckRule()) if kind else RecheckRule()

    def _ended(
        self,
        recheck: Recheck,
        result: RecheckResult,
        after: tuple[Proof, ...],
        hindrance: Hindrance | None,
        dossier: Dossier,
    ) -> "_Step":
        now, case = self._clock(), dossier.case
        if case.state is not CaseState.HANDLED or case.handled_at != recheck.handled_at:
            return _Step(recheck.decided(RecheckResult.CANNOT_SEE, now, Hindrance.OVERTAKEN))
        ended = recheck.decided(result, now, hindrance)
        times = self._city.times
        rung = ring(case, dossier.timers, times, now)
        change = timed(self._consequence(rung.case, ended, after, now), rung, dossier.timers, times, now)
        return _Step(ended, with_messages(change, self._city))

    def _consequence(self, case: Case, ended: Recheck, after: tuple[Proof, ...], now: datetime) -> Change:
        if ended.result is RecheckResult.STILL_THERE:
            moved, entry = move(case, Act.REWORK, by=MACHINE, at=now, reason=_words(ended), proofs=after)
            return Change(case=moved, entries=(entry,))
        if ended.result is RecheckResult.GONE and self._rule(case.kind).auto_close:
            moved, entry = move(case, Act.CLOSE, by=MACHINE, at=now, reason=_words(ended), proofs=after)
            return Change(case=moved, entries=(entry,))
        # A proposal: the pictures are the proof with which a person may close.
        entry = Entry(
            at=now,
            actor=MACHINE,
            act=Act.RECHECK,
            before=case.state,
            after=case.state,
            reason=_words(ended),
            proofs=after,
        )
        return Change(case=replace(case, proofs=(*case.proofs, *after)), entries=(entry,))


@dataclass(frozen=True, slots=True)
class _Step:
    """A re-check as it is now, and what follows for its case."""

    recheck: Recheck
    change: Change | None = None

    def write(self, book: RecheckBook) -> None:
        book.put_recheck(self.recheck)
        if self.change is not None:
            book.write(self.change)
            logger.info(
                "re-check of case %s: %s", self.change.case.number, self.recheck.hindrance or self.recheck.result
            )


def _words(ended: Recheck) -> str:
    return f"re-check: {ended.result}" + (f", {ended.hindrance}" if ended.hindrance else "")
