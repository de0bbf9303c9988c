"""The life of cases under any order of findings, verdicts, answers, deliveries, faults and time."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from cases.case import Case
from cases.desk import Desk
from cases.dossier import Dossier
from cases.errors import FilingFailed, MoveRefused, StaleVersion
from cases.filing import Channel, Filing, FilingState
from cases.intake import Intake, Outcome
from cases.ports import Receipt
from cases.sender import Sender
from cases.states import MOVES, Act, CaseState
from inference.detections import Box
from inference.findings import Finding
from tests.case_builders import CountedIds, HandClock, a_city, a_finding, a_proof
from tests.case_fakes import MemoryStore

PLACES = 4
CITY = a_city(channel=Channel.WEBHOOK)


class Receiver:
    """A department that knows a repetition by its name, and whose answers get lost."""

    recognises_repetitions = True

    def __init__(self) -> None:
        self.created: Counter[str] = Counter()
        self.ids: set[str] = set()
        self.next: FilingFailed | None = None

    def file(self, dossier: Dossier, filing: Filing) -> Receipt:
        failure, self.next = self.next, None
        if failure is None or failure.maybe_delivered:
            if filing.id not in self.ids:
                self.created[filing.case_id] += 1
            self.ids.add(filing.id)
        if failure is not None:
            raise failure
        return Receipt()


class CaseLife(RuleBasedStateMachine):
    """Drives the real intake, desk and sender; the places in the picture are the plain model."""

    def __init__(self) -> None:
        super().__init__()
        self.store, self.clock, ids = MemoryStore(), HandClock(), CountedIds()
        self.intake = Intake(self.store, CITY, clock=self.clock, new_id=ids)
        self.desk = Desk(self.store, CITY, clock=self.clock, new_id=ids)
        self.receiver = Receiver()
        self.sender = Sender(self.store, {Channel.WEBHOOK: self.receiver}, clock=self.clock, random=Random(1))
        self.seen: dict[str, Finding] = {}
        self.model: dict[int, str] = {}
        self.history_lengths: dict[str, int] = {}

    def cases(self) -> list[Case]:
        return list(self.store.book.cases.values())

    @rule(place=st.integers(0, PLACES - 1))
    def see(self, place: int) -> None:
        box: Box = (place * 300.0, 0.0, place * 300.0 + 200, 100.0)
        finding = a_finding(f"stay-{len(self.seen)}", box=box, at=self.clock.now)
        self.seen[finding.key] = finding
        taken = self.intake.take(finding)
        assert taken.case is not None
        current = self.model.get(place)
        was_open = current is not None and self.store.book.cases[current].state.is_open
        if was_open:
            assert (taken.outcome, taken.case.id) == (Outcome.MERGED, current)
        elif taken.outcome is Outcome.MERGED:
            assert taken.case.ended_at == self.clock.now
        self.model[place] = taken.case.id

    @rule(data=st.data())
    def see_again(self, data: st.DataObject) -> None:
        if self.seen:
            before = self.store.book
            taken = self.intake.take(self.seen[data.draw(st.sampled_from(sorted(self.seen)))])
            assert taken.outcome is Outcome.KNOWN
            assert self.store.book == before

    @rule(data=st.data(), act=st.sampled_from(sorted(Act)), stale=st.booleans(), reason=st.sampled_from(["", "why"]))
    def act(self, data: st.DataObject, act: Act, stale: bool, reason: str) -> None:
        if not self.cases():
            return
        case = data.draw(st.sampled_from(self.cases()))
        version = case.version - 1 if stale else case.version
        proofs = data.draw(st.sampled_from([(), (a_proof(),)]))
        moves = {
            Act.FILE: lambda: self.desk.confirm(case.id, version=version, by="li"),
            Act.REJECT: lambda: self.desk.reject(case.id, version=version, by="li", reason=reason),
            Act.ACCEPT: lambda: self.desk.accept(case.id, version=version, by="police"),
            Act.RETURN: lambda: self.desk.send_back(case.id, version=version, by="police", reason=reason),
            Act.REASSIGN: lambda: self.desk.reassign(
                case.id, version=version, by="li", department="street", reason=reason
            ),
            Act.HANDLE: lambda: self.desk.handle(case.id, version=version, by="police", proofs=proofs),
            Act.REWORK: lambda: self.desk.rework(case.id, version=version, by="li", reason=reason),
            Act.CLOSE: lambda: self.desk.close(case.id, version=version, by="li"),
        }
        if act not in moves:
            return
        before, step = self.store.book, MOVES[act]
        allowed = (
            case.state in step.before
            and (bool(reason) or not step.needs_reason)
            and (bool(case.proofs) or not step.needs_proof)
        )
        if stale or not allowed:
            with pytest.raises(StaleVersion if stale else MoveRefused):
                moves[act]()
            assert self.store.book == before
        else:
            moved = moves[act]()
            assert (moved.state, moved.version) == (step.after, case.version + 1)

    @rule(fault=st.sampled_from(["none", "refused", "lost"]))
    def send(self, fault: str) -> None:
        if fault != "none":
            self.receiver.next = FilingFailed(fault, retry=True, maybe_delivered=fault == "lost")
        self.sender.send_next()
        self.receiver.next = None

    @rule(minutes=st.integers(1, 3000))
    def wait(self, minutes: int) -> None:
        self.clock.now += timedelta(minutes=minutes)

    @invariant()
    def every_finding_belongs_to_one_case(self) -> None:
        owners = [seen.key for case in self.cases() for seen in case.sightings]
        assert sorted(owners) == sorted(self.seen)

    @invariant()
    def nothing_is_open_twice_at_one_place(self) -> None:
        places = Counter(case.sightings[0].box for case in self.cases() if case.state.is_open)
        assert not places or max(places.values()) == 1

    @invariant()
    def nothing_is_created_more_often_than_it_was_ordered(self) -> None:
        for case_id, created in self.receiver.created.items():
            history = self.store.book.dossier(case_id).history
            assert created <= sum(entry.act in (Act.FILE, Act.REASSIGN) for entry in history)

    @invariant()
    def history_only_grows_and_leads_to_the_state(self) -> None:
        for case in self.cases():
            history = self.store.book.dossier(case.id).history
            assert len(history) >= self.history_lengths.get(case.id, 0)
            self.history_lengths[case.id] = len(history)
            assert history[-1].after is case.state
            for one, following in pairwise(history):
                assert following.before is one.after

    @invariant()
    def who_went_out_has_a_delivery_and_a_deadline(self) -> None:
        for case in self.cases():
            filings = self.store.book.dossier(case.id).filings
            out = case.state not in (CaseState.CANDIDATE, CaseState.REJECTED)
            assert bool(filings) == out
            assert (case.deadline_at is not None) == out
            if case.state is CaseState.DISPATCHED:
                assert filings[-1].state is FilingState.SENT
            if case.state is CaseState.CLOSED:
                assert case.proofs


CaseLife.TestCase.settings = settings(
    max_examples=100, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
test_case_life = CaseLife.TestCase
