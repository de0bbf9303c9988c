"""After handling, the next vehicle that passes looks: gone, still there, or out of sight and asked again."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cases.case import Case
from cases.history import Proof
from cases.recheck import RecheckResult
from cases.states import CaseState
from tests.patrol_drive import START, Drive
from tests.patrolled_house import PatrolledHouse
from tests.web_house import build_house, jpeg

FIRST = Drive(begins=-25.0, ends=30.0, every=0.5)
LATER = replace(FIRST, starts=7200.0, seed=2)


@pytest.fixture
def patrolled(tmp_path: Path) -> Iterator[PatrolledHouse]:
    house = build_house(tmp_path)
    house.clock.now = START
    with house.store:
        patrolled = PatrolledHouse(house)
        patrolled.town.add("garbage", 12, -4.5)
        yield patrolled


def handled(patrolled: PatrolledHouse) -> Case:
    house = patrolled.house
    patrolled.drive(FIRST)
    [case] = house.store.cases().items
    case, desk = house.confirmed(case), house.doors.desk
    case = desk.accept(case.id, version=case.version, by="Li")
    data = jpeg(3)
    proof = Proof(
        sha256=house.evidence.put(data), media_type="image/jpeg", size_bytes=len(data), taken_at=house.clock()
    )
    case = desk.handle(case.id, version=case.version, by="Li", proofs=(proof,))
    assert patrolled.rechecks.tend() == 1
    return case


def test_gone_proposes_closing_with_pictures_of_now(patrolled: PatrolledHouse) -> None:
    case = handled(patrolled)
    patrolled.town.things.clear()
    patrolled.drive(LATER, vehicle="patrol-8")
    now = patrolled.house.now(case)
    [recheck] = patrolled.house.store.rechecks(case.id)
    assert recheck.result is RecheckResult.GONE
    assert now.state is CaseState.HANDLED
    assert len(now.proofs) == 3
    assert all(patrolled.house.evidence.get(proof.sha256) for proof in now.proofs)


def test_still_there_is_rework_and_counts(patrolled: PatrolledHouse) -> None:
    case = handled(patrolled)
    patrolled.drive(LATER)
    now = patrolled.house.now(case)
    assert (now.state, now.rework_count) == (CaseState.REWORK, 1)


def test_what_stands_before_it_says_nothing_and_the_next_pass_answers(patrolled: PatrolledHouse) -> None:
    case = handled(patrolled)
    patrolled.town.things.clear()
    patrolled.town.add("bus", 12, -3.4)
    patrolled.drive(LATER)
    [recheck] = patrolled.house.store.rechecks(case.id)
    assert recheck.result is None
    assert recheck.sights
    patrolled.town.things.clear()
    patrolled.drive(replace(LATER, starts=14400.0))
    [recheck] = patrolled.house.store.rechecks(case.id)
    assert recheck.result is RecheckResult.GONE


def test_a_pass_elsewhere_leaves_the_question_open(patrolled: PatrolledHouse) -> None:
    case = handled(patrolled)
    patrolled.town.things.clear()
    patrolled.drive(replace(LATER, begins=60.0, ends=100.0))
    [recheck] = patrolled.house.store.rechecks(case.id)
    assert (recheck.result, recheck.sights) == (None, {})


def test_a_new_thing_at_a_place_that_was_seen_empty_is_a_new_finding(patrolled: PatrolledHouse) -> None:
    case = handled(patrolled)
    patrolled.town.things.clear()
    patrolled.drive(LATER)
    patrolled.town.add("garbage", 12, -4.5)
    patrolled.drive(replace(LATER, starts=14400.0))
    store = patrolled.house.store
    assert sum(one.findings for one in store.patrols.passes()) == 2
    patrolled.drive(replace(LATER, starts=21600.0))
    assert sum(one.findings for one in store.patrols.passes()) == 2  # the new one is one matter as well
    assert len(store.dossier(case.id).findings) == 2


def test_after_the_case_was_closed_the_same_place_recurs(patrolled: PatrolledHouse) -> None:
    case = handled(patrolled)
    patrolled.town.things.clear()
    patrolled.drive(LATER)
    case = patrolled.house.now(case)
    patrolled.house.doors.desk.close(case.id, version=case.version, by="Chen", reason="gone")
    patrolled.town.add("garbage", 12, -4.5)
    patrolled.drive(replace(LATER, starts=14400.0))
    again = [one for one in patrolled.house.store.cases().items if one.id != case.id]
    assert [one.recurrence_of for one in again] == [case.id]


def test_what_is_not_handled_or_was_no_violation_is_not_found_again(patrolled: PatrolledHouse) -> None:
    patrolled.drive(FIRST)
    patrolled.drive(LATER)
    [case] = patrolled.house.store.cases().items
    patrolled.house.doors.desk.reject(case.id, version=case.version, by="Chen", reason="a parcel")
    patrolled.drive(replace(LATER, starts=14400.0))
    assert [one.findings for one in patrolled.house.store.patrols.passes()] == [0, 0, 1]
