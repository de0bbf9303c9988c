"""Leases in the database: each camera in one worker's hands, and nothing written by one who has lost it."""

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from api.store.leases import Standing, WorkerSign
from api.store.store import SqlStore
from cases.errors import LeaseLost
from cases.intake import Intake
from cases.ports import CameraLease
from cases.rechecks import Rechecks
from inference.sight import Sight
from tests.case_builders import NOON, CountedIds, HandClock, a_city, a_finding

CAMERAS = ["east", "north", "west"]


def sign(store: SqlStore, name: str, take: Collection[str] = (), free: Collection[str] = ()) -> tuple[CameraLease, ...]:
    me = WorkerSign(name=name, started_at=NOON, seen_at=NOON, report='{"cores": 2}')
    return store.leases.sign(me, free=free, choose=lambda _: take)


def intake(store: SqlStore) -> Intake:
    return Intake(store, a_city(), clock=HandClock(), new_id=CountedIds())


def look(store: SqlStore, lease: CameraLease | None, key: str) -> None:
    intake(store).record_look(
        camera="east", memory=key.encode(), position=1.0, captured_at=NOON, findings=[a_finding(key)], lease=lease
    )


def test_a_camera_that_is_taken_has_a_newer_token(store: SqlStore) -> None:
    (first,) = sign(store, "a", ["east"])
    (second,) = sign(store, "b", ["east"])
    assert (first.token, second.token) == (1, 2)
    assert store.leases.standing().held["east"].worker == "b"


def test_signs_are_counted_and_cameras_given_back(store: SqlStore) -> None:
    sign(store, "a", CAMERAS)
    sign(store, "a", free=["north"])
    standing = store.leases.standing()
    assert (standing.workers["a"].beat, standing.workers["a"].report) == (2, '{"cores": 2}')
    assert {camera: held.worker for camera, held in standing.held.items()} == {"east": "a", "north": None, "west": "a"}
    store.leases.leave("a", NOON + timedelta(seconds=9))
    left = store.leases.standing()
    assert left.workers == {}
    assert {held.worker for held in left.held.values()} == {None}


def test_only_those_that_are_mine_can_be_given_back(store: SqlStore) -> None:
    sign(store, "a", ["east"])
    sign(store, "b", free=["east"])
    assert store.leases.standing().held["east"].worker == "a"


def test_who_has_lost_a_camera_writes_nothing_of_it(store: SqlStore) -> None:
    (old,) = sign(store, "a", ["east"])
    look(store, old, "first")
    (new,) = sign(store, "b", ["east"])
    with pytest.raises(LeaseLost, match="camera east is watched by another worker"):
        look(store, old, "second")
    memory = store.camera_memory("east")
    assert memory is not None
    assert memory.memory == b"first"
    assert store.findings().total == 1
    look(store, new, "third")
    assert store.findings().total == 2


def test_who_has_lost_a_camera_answers_no_recheck(store: SqlStore) -> None:
    (old,) = sign(store, "a", ["east"])
    sign(store, "b", ["east"])
    rechecks = Rechecks(store, a_city(), clock=HandClock(), new_id=CountedIds())
    with pytest.raises(LeaseLost):
        rechecks.saw("r", Sight.EMPTY, NOON, old)


def test_of_many_that_want_the_same_cameras_each_camera_has_one(store: SqlStore) -> None:
    def greedy(name: str) -> tuple[CameraLease, ...]:
        def choose(standing: Standing) -> Collection[str]:
            return [camera for camera in CAMERAS if camera not in standing.held]

        me = WorkerSign(name=name, started_at=NOON, seen_at=NOON)
        return store.leases.sign(me, free=(), choose=choose)

    with ThreadPoolExecutor(8) as pool:
        taken = [lease for leases in pool.map(greedy, [f"w{n}" for n in range(8)]) for lease in leases]
    assert sorted(lease.camera for lease in taken) == CAMERAS
    assert {lease.token for lease in taken} == {1}
