"""Every move that is allowed, every move that is not, and the guards on top."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cases.errors import MoveRefused
from cases.guards import acts_of
from cases.moving import move, suspend
from cases.standing import Appeal
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
    (S.ACCEPTED, Act.ASK_EXTENSION): S.ACCEPTED,
    (S.REWORK, Act.ASK_EXTENSION): S.REWORK,
    (S.ACCEPTED, Act.EXTEND): S.ACCEPTED,
    (S.REWORK, Act.EXTEND): S.REWORK,
    (S.ACCEPTED, Act.REFUSE_EXTENSION): S.ACCEPTED,
    (S.REWORK, Act.REFUSE_EXTENSION): S.REWORK,
    (S.CLOSED, Act.REOPEN): S.REWORK,
    (S.CLOSED, Act.APPEAL): S.CLOSED,
    (S.CLOSED, Act.UPHOLD): S.CLOSED,
    (S.CLOSED, Act.DISMISS): S.CLOSED,
    (S.FILED, Act.OVERDUE): S.FILED,
    (S.DISPATCHED, Act.OVERDUE): S.DISPATCHED,
    (S.ACCEPTED, Act.OVERDUE): S.ACCEPTED,
    (S.REWORK, Act.OVERDUE): S.REWORK,
}

STANDING: dict[Act, dict[str, Any]] = {
    Act.EXTEND: {"extension_asked_at": NOON},
    Act.REFUSE_EXTENSION: {"extension_asked_at": NOON},
    Act.APPEAL: {"overdue_at": NOON},
    Act.UPHOLD: {"overdue_at": NOON, "appeal": Appeal.LODGED},
    Act.DISMISS: {"overdue_at": NOON, "appeal": Appeal.LODGED},
}
"""How a case has to stand for the guard of an act to let it pass."""


@pytest.mark.parametrize("act", list(Act))
@pytest.mark.parametrize("state", list(CaseState))
def test_only_the_moves_of_the_table_happen(state: CaseState, act: Act) -> None:
    case = replace(a_case(state=state), **STANDING.get(act, {}))
    if (state, act) in ALLOWED:
        moved, entry = move(case, act, by="li", at=NOON, reason="because", proofs=(a_proof(),))
        assert moved.state is ALLOWED[state, act]
        assert (entry.actor, entry.at, entry.before, entry.after) == ("li", NOON, state, moved.state)
        assert moved.ended_at == (NOON if moved.state in ENDED else None)
    else:
        with pytest.raises(MoveRefused, match=f"a case that is {state} does not allow"):
            move(case, act, by="li", at=NOON, reason="because", proofs=(a_proof(),))


def test_ended_states_are_left_by_nothing_but_reopening_and_open_ones_by_something() -> None:
    assert {state for state in CaseState if not acts_from(state)} == ENDED - {S.CLOSED}
    assert set(acts_from(S.CLOSED)) == {Act.REOPEN, Act.APPEAL, Act.UPHOLD, Act.DISMISS}
    assert set(CaseState) == ENDED | OPEN
    assert all(state.is_open == (state in OPEN) for state in CaseState)


@pytest.mark.parametrize("act", [act for act, step in MOVES.items() if step.needs_reason])
@pytest.mark.parametrize("reason", ["", " \n"])
def test_some_moves_need_a_reason(act: Act, reason: str) -> None:
    [state, *_] = MOVES[act].before
    with pytest.raises(MoveRefused, match="say why"):
        move(replace(a_case(state=state), **STANDING.get(act, {})), act, by="li", at=NOON, reason=reason)


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


@pytest.mark.parametrize(
    ("act", "state", "standing", "sentence"),
    [
        (Act.ASK_EXTENSION, S.ACCEPTED, {"extension_count": 2}, "2 times"),
        (Act.ASK_EXTENSION, S.ACCEPTED, {"overdue_at": NOON}, "only before that"),
        (Act.ASK_EXTENSION, S.ACCEPTED, {"extension_asked_at": NOON}, "wait for the dispatcher"),
        (Act.EXTEND, S.ACCEPTED, {}, "has to ask first"),
        (Act.EXTEND, S.ACCEPTED, {"extension_asked_at": NOON, "overdue_at": NOON}, "refuse the extension"),
        (Act.REFUSE_EXTENSION, S.ACCEPTED, {}, "has to ask first"),
        (Act.SUSPEND, S.ACCEPTED, {"suspended_until": NOON}, "only once"),
        (Act.OVERDUE, S.ACCEPTED, {"overdue_at": NOON}, "already"),
        (Act.APPEAL, S.CLOSED, {}, "nothing to appeal against"),
        (Act.APPEAL, S.CLOSED, {"overdue_at": NOON, "appeal": Appeal.DENIED}, "only one"),
        (Act.UPHOLD, S.CLOSED, {"overdue_at": NOON}, "appeal first"),
        (Act.DISMISS, S.CLOSED, {"overdue_at": NOON, "appeal": Appeal.GRANTED}, "appeal first"),
    ],
)
def test_how_a_case_stands_can_refuse_what_the_table_allows(
    act: Act, state: CaseState, standing: dict[str, Any], sentence: str
) -> None:
    case = replace(a_case(state=state), **standing)
    assert act not in acts_of(case)
    with pytest.raises(MoveRefused, match=sentence):
        move(case, act, by="li", at=NOON, reason="because")


@pytest.mark.parametrize("days", [-1, 0, 367])
def test_a_case_rests_until_a_day_within_the_next_year(days: int) -> None:
    with pytest.raises(MoveRefused, match="within the next year"):
        suspend(a_case(state=S.ACCEPTED), until=NOON + timedelta(days=days), by="li", at=NOON, reason="frost")


def test_an_appeal_is_reviewed_twice_and_keeps_the_raw_fact() -> None:
    case = replace(a_case(state=S.CLOSED), overdue_at=NOON)
    for act, appeal in ((Act.APPEAL, Appeal.LODGED), (Act.UPHOLD, Appeal.SECONDED), (Act.UPHOLD, Appeal.GRANTED)):
        assert not case.is_exempt
        case, _ = move(case, act, by="li", at=NOON, reason="flood")
        assert case.appeal is appeal
    assert case.is_exempt
    assert case.overdue_at == NOON
