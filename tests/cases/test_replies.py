"""Messages of a department's own system: each counts once, whatever happens at the same moment."""

from dataclasses import replace

import pytest

from cases.desk import Desk
from cases.errors import CaseNotFound, MoveRefused
from cases.filing import Channel
from cases.intake import Intake
from cases.replies import Reply, ReplyDesk, ReplyKind
from cases.states import Act, CaseState
from inference.crossings import watched
from tests.case_builders import CountedIds, HandClock, a_city, a_finding, a_proof
from tests.case_fakes import MemoryStore

CITY = a_city(auto_file=True, channel=Channel.WEBHOOK)


@pytest.fixture
def store() -> MemoryStore:
    store = MemoryStore()
    Intake(store, CITY, clock=HandClock(), new_id=CountedIds()).take(a_finding())
    return store


def a_desk(store: MemoryStore) -> Desk:
    return Desk(store, CITY, clock=HandClock(), new_id=CountedIds())


def a_reply(kind: ReplyKind, id: str = "m-1", reason: str = "so") -> Reply:
    return Reply(
        id=id,
        department="police",
        case_id="id-1",
        kind=kind,
        by="wang",
        reason=reason,
        content=f"{id} {kind}".encode(),
        proofs=(a_proof(),) if kind is ReplyKind.HANDLED else (),
    )


def take(store: MemoryStore, reply: Reply) -> tuple[CaseState, bool]:
    taken = ReplyDesk(store, a_desk(store), clock=HandClock()).take(reply)
    return taken.case.state, taken.repeated


def test_a_whole_life_is_told_each_step_twice(store: MemoryStore) -> None:
    for id, kind, state in (("1", ReplyKind.ACCEPTED, CaseState.ACCEPTED), ("2", ReplyKind.HANDLED, CaseState.HANDLED)):
        assert take(store, a_reply(kind, id)) == (state, False)
        assert take(store, a_reply(kind, id)) == (state, True)
    acts = [entry.act for entry in store.book.dossier("id-1").history]
    assert (acts.count(Act.ACCEPT), acts.count(Act.HANDLE)) == (1, 1)


def test_what_is_handled_before_it_was_accepted_is_accepted_first(store: MemoryStore) -> None:
    assert take(store, a_reply(ReplyKind.HANDLED)) == (CaseState.HANDLED, False)
    assert [entry.act for entry in store.book.dossier("id-1").history][-2:] == [Act.ACCEPT, Act.HANDLE]


def test_a_repetition_that_comes_late_does_not_undo_what_happened_since(store: MemoryStore) -> None:
    take(store, a_reply(ReplyKind.ACCEPTED))
    take(store, a_reply(ReplyKind.RETURNED, "m-2"))
    case = store.book.cases["id-1"]
    a_desk(store).reassign("id-1", version=case.version, by="li", department="police", reason="it is yours")
    assert take(store, a_reply(ReplyKind.ACCEPTED)) == (CaseState.FILED, True)


def test_somebody_who_changes_the_case_at_the_same_moment_is_waited_for(store: MemoryStore) -> None:
    class Hurried(Desk):
        """Somebody else is always a little faster, three times."""

        left = 3

        def accept(self, case_id: str, *, version: int, by: str):
            if self.left:
                self.left -= 1
                case = store.book.cases[case_id]
                store.book.cases[case_id] = replace(case, version=case.version + 1)
            return super().accept(case_id, version=version, by=by)

    desk = Hurried(store, CITY, clock=HandClock(), new_id=CountedIds())
    taken = ReplyDesk(store, desk, clock=HandClock()).take(a_reply(ReplyKind.ACCEPTED))
    assert taken.case.state is CaseState.ACCEPTED


def test_a_case_of_another_department_does_not_exist_for_it(store: MemoryStore) -> None:
    with pytest.raises(CaseNotFound, match="cleaning has no case id-1"):
        take(store, replace(a_reply(ReplyKind.ACCEPTED), department="cleaning"))


def test_what_is_refused_may_be_said_again_under_the_same_name(store: MemoryStore) -> None:
    take(store, a_reply(ReplyKind.RETURNED))
    with pytest.raises(MoveRefused):
        take(store, a_reply(ReplyKind.ACCEPTED, "m-2"))
    case = store.book.cases["id-1"]
    a_desk(store).reassign("id-1", version=case.version, by="li", department="police", reason="it is yours")
    assert take(store, a_reply(ReplyKind.ACCEPTED, "m-2")) == (CaseState.ACCEPTED, False)


def test_a_message_that_is_not_noted_has_moved_nothing_so_its_repetition_cannot_undo_what_came_between(
    store: MemoryStore,
) -> None:
    def fail(crossed: str) -> None:
        if crossed == "reply.moved":
            raise OSError("the process dies here")

    before = store.book.dossier("id-1")
    with watched(fail), pytest.raises(OSError, match="dies here"):
        take(store, a_reply(ReplyKind.HANDLED))
    assert store.book.dossier("id-1") == before

    assert take(store, a_reply(ReplyKind.HANDLED)) == (CaseState.HANDLED, False)
    case = store.book.dossier("id-1").case
    a_desk(store).rework("id-1", version=case.version, by="li", reason="half of it is left")
    assert take(store, a_reply(ReplyKind.HANDLED)) == (CaseState.REWORK, True)
