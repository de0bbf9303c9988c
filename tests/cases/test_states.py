"""Every move that is allowed, every move that is not, and the guards on top."""

from dataclasses import replace

import pytest

from cases.case import move
from cases.errors import MoveRefused
from cases.states import ENDED, MOVES, OPEN, Act, CaseState, acts_from
from tests.case_builders import NOON, a_case, a_proof

S = CaseState

ALLOWED = {
    (S.CANDIDATE, Act.FILE): S.FILED,
    (S.CANDIDATE, Act.REJECT): S.REJECTED,
    (S.FILED, Act.DISPATCH): S.DISPATCHED,
    (S.FILED, Act.ACCEPT): S.ACCEPTED,
    (S.FILED, Act.RETURN): S.RETURNED,
    (S.FILED, Act.VOID): S.VOID,
    (S.DISPATCHED, Act.ACCEPT): S.ACCEPTED,
    (S.DISPATCHED, Act.RETURN): S.RETURNED,
    (S.ACCEPTED, Act.RETURN): S.RETURNED,
    (S.ACCEPTED, Act.HANDLE): S.HANDLED,
    (S.ACCEPTED, Act.SUSPEND): S.SUSPENDED,
    (S.RETURNED, Act.REASSIGN): S.FILED,
    (S.RETURNED, Act.VOID): S.VOID,
    (S.SUSPENDED, Act.RESUME): S.ACCEPTED,
    (S.HANDLED, Act.CLOSE): S.CLOSED,
    (S.HANDLED, Act.REWORK): S.REWORK,
    (S.REWORK, Act.HANDLE): S.HANDLED,
    (S.REWORK, Act.SUSPEND): S.SUSPENDED,
}


@pytest.mark.parametrize("act", list(Act))
@pytest.mark.parametrize("state", list(CaseState))
def test_only_the_moves_of_the_table_happen(state: CaseState, act: Act) -> None:
    case = a_case(state=state)
    if (state, act) in ALLOWED:
        moved, entry = move(case, act, by="li", at=NOON, reason="because", proofs=(a_proof(),))
        assert moved.state is ALLOWED[state, act]
        assert (entry.actor, entry.at, entry.before, entry.after) == ("li", NOON, state, moved.state)
        assert moved.ended_at == (NOON if moved.state in ENDED else None)
    else:
        with pytest.raises(MoveRefused, match=f"a case that is {state} does not allow"):
            move(case, act, by="li", at=NOON, reason="because", proofs=(a_proof(),))


def test_ended_states_are_left_by_nothing_and_open_ones_by_something() -> None:
    assert {state for state in CaseState if not acts_from(state)} == ENDED
    assert set(CaseState) == ENDED | OPEN
    assert all(state.is_open == (state in OPEN) for state in CaseState)


@pytest.mark.parametrize("act", [act for act, step in MOVES.items() if step.needs_reason])
@pytest.mark.parametrize("reason", ["", " \n"])
def test_some_moves_need_a_reason(act: Act, reason: str) -> None:
    [state, *_] = MOVES[act].before
    with pytest.raises(MoveRefused, match="say why"):
        move(a_case(state=state), act, by="li", at=NOON, reason=reason)


def test_a_verdict_against_needs_a_reason() -> None:
    assert {act for act, step in MOVES.items() if step.needs_reason} >= {Act.REJECT, Act.RETURN, Act.REWORK}


def test_nothing_closes_without_proof() -> None:
    handled = a_case(state=S.HANDLED)
    with pytest.raises(MoveRefused, match="picture"):
        move(handled, Act.CLOSE, by="li", at=NOON)
    assert move(handled, Act.CLOSE, by="li", at=NOON, proofs=(a_proof(),))[0].state is S.CLOSED
    assert move(replace(handled, proofs=(a_proof(),)), Act.CLOSE, by="li", at=NOON)[0].state is S.CLOSED


def test_work_done_again_needs_new_proof() -> None:
    handled = a_case(state=S.HANDLED, proofs=(a_proof(),))
    rework, _ = move(handled, Act.REWORK, by="li", at=NOON, reason="still there")
    again, _ = move(rework, Act.HANDLE, by="police", at=NOON)
    with pytest.raises(MoveRefused, match="picture"):
        move(again, Act.CLOSE, by="li", at=NOON)
