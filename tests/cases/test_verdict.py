"""What a person says of a finding."""

from typing import Any

import pytest

from cases.desk import Desk
from cases.errors import MoveRefused, StaleVersion
from cases.intake import Intake
from cases.states import CaseState
from cases.verdict import Judgement, RejectReason, Ruling
from tests.case_builders import NOON, CountedIds, HandClock, a_city, a_finding
from tests.case_fakes import MemoryStore

CASE = "id-1"
NOT_THERE = Judgement(ruling=Ruling.REJECT, why=RejectReason.NOT_THERE, released=True)
CONFIRM = Judgement(ruling=Ruling.CONFIRM)


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def desk(store: MemoryStore) -> Desk:
    ids = CountedIds()
    intake = Intake(store, a_city(), clock=HandClock(), new_id=ids)
    intake.take(a_finding("f1"))
    intake.take(a_finding("f2"))
    return Desk(store, a_city(), clock=HandClock(), new_id=ids)


def said(store: MemoryStore) -> list[tuple[str, Ruling, RejectReason | None, str]]:
    verdicts = store.book.dossier(CASE).verdicts
    return [(one.finding, one.judgement.ruling, one.judgement.why, one.by) for one in verdicts]


def version(store: MemoryStore) -> int:
    return store.book.cases[CASE].version


def test_the_old_moves_leave_a_verdict_on_every_finding(desk: Desk, store: MemoryStore) -> None:
    desk.confirm(CASE, version=version(store), by="li")
    assert said(store) == [("f1", Ruling.CONFIRM, None, "li"), ("f2", Ruling.CONFIRM, None, "li")]


def test_a_rejection_in_words_alone_is_for_another_reason(desk: Desk, store: MemoryStore) -> None:
    desk.reject(CASE, version=version(store), by="li", reason="a bay")
    assert {why for _, _, why, _ in said(store)} == {RejectReason.OTHER}


def test_a_verdict_decides_over_a_candidate(desk: Desk, store: MemoryStore) -> None:
    rejected = desk.judge(CASE, NOT_THERE, version=version(store), by="li")
    assert rejected.state is CaseState.REJECTED
    assert store.book.dossier(CASE).history[-1].reason == "not_there"
    assert store.book.dossier(CASE).verdicts[0].at == NOON


def test_a_correction_confirms(desk: Desk, store: MemoryStore) -> None:
    corrected = Judgement(ruling=Ruling.CORRECT, right_class="truck", finding="f2")
    assert desk.judge(CASE, corrected, version=version(store), by="li").state is CaseState.FILED
    assert [one.finding for one in store.book.dossier(CASE).verdicts] == ["f2"]


def test_a_second_reviewer_changes_nothing_about_the_case(desk: Desk, store: MemoryStore) -> None:
    filed = desk.confirm(CASE, version=version(store), by="li")
    blind = Judgement(ruling=Ruling.REJECT, why=RejectReason.NOT_THERE, blind=True)
    assert desk.judge(CASE, blind, version=filed.version, by="wang") == filed
    assert {by for *_, by in said(store)} == {"li", "wang"}


@pytest.mark.parametrize("move", ["confirm", "reject"])
def test_the_old_moves_still_decide_only_once(desk: Desk, store: MemoryStore, move: str) -> None:
    desk.confirm(CASE, version=version(store), by="li")
    before = store.book
    with pytest.raises(MoveRefused):
        getattr(desk, move)(CASE, version=version(store), by="wang", reason="again")
    assert store.book == before


def test_who_saw_an_older_version_leaves_no_verdict(desk: Desk, store: MemoryStore) -> None:
    desk.confirm(CASE, version=version(store), by="li")
    with pytest.raises(StaleVersion):
        desk.judge(CASE, NOT_THERE, version=1, by="wang")
    assert len(said(store)) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"ruling": Ruling.REJECT},
        {"ruling": Ruling.CONFIRM, "why": RejectReason.MOVING},
        {"ruling": Ruling.CORRECT},
        {"ruling": Ruling.CONFIRM, "right_class": "bus"},
        {"ruling": Ruling.CORRECT, "right_box": (10, 10, 10, 20)},
        {"ruling": Ruling.CORRECT, "right_box": (0, 0, float("nan"), 20)},
    ],
)
def test_a_verdict_that_contradicts_itself_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(MoveRefused):
        Judgement(**wrong)


@pytest.mark.parametrize("wrong", [{"finding": "f9"}, {"finding": None}])
def test_a_correction_names_one_finding_of_the_case(desk: Desk, store: MemoryStore, wrong: dict[str, Any]) -> None:
    judgement = Judgement(ruling=Ruling.CORRECT, right_class="bus", **wrong)
    with pytest.raises(MoveRefused):
        desk.judge(CASE, judgement, version=version(store), by="li")
    assert said(store) == []
    assert store.book.cases[CASE].state is CaseState.CANDIDATE


def test_a_case_that_no_camera_saw_is_judged_without_a_verdict_on_findings() -> None:
    assert CONFIRM.of((), by="li", at=NOON) == ()


def test_another_reason_explains_nothing_by_itself(desk: Desk, store: MemoryStore) -> None:
    silent = Judgement(ruling=Ruling.REJECT, why=RejectReason.OTHER, note="  ")
    with pytest.raises(MoveRefused, match="say why"):
        desk.judge(CASE, silent, version=version(store), by="li")
