"""Frames of vehicles become passes, coverage and cases: each once, whatever is restarted when."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from api.errors import StoreError
from cases.patrolling.coverage import coverage_of
from cases.source import Source
from inference.findings import ViolationKind
from tests.patrol_drive import START, Drive
from tests.patrolled_house import VEHICLE, PatrolledHouse
from tests.web_house import build_house

SHORT = Drive(begins=-25.0, ends=30.0, every=0.5)


@pytest.fixture
def patrolled(tmp_path: Path) -> Iterator[PatrolledHouse]:
    house = build_house(tmp_path)
    house.clock.now = START
    with house.store:
        patrolled = PatrolledHouse(house)
        patrolled.town.add("garbage", 12, -4.5)
        yield patrolled


def test_a_heap_beside_the_street_becomes_a_case_with_its_place(patrolled: PatrolledHouse) -> None:
    patrolled.drive(SHORT)
    house = patrolled.house
    [case] = house.store.cases().items
    assert (case.source, case.kind, case.camera) == (Source.PATROL, ViolationKind.EXPOSED_GARBAGE, VEHICLE)
    assert case.place is not None
    assert case.place.metres_to(patrolled.town.where(12, -4.5)) < 3
    [one] = house.store.patrols.passes()
    assert (one.vehicle, one.ended, one.findings, one.pictures) == (
        VEHICLE,
        True,
        1,
        len(house.store.patrols.track(one.id)),
    )
    assert 45 < one.metres < 60
    assert one.looks < one.pictures
    assert house.patrols.frames.waiting(VEHICLE) == 0


def test_the_street_that_was_driven_is_covered(patrolled: PatrolledHouse) -> None:
    patrolled.drive(Drive(begins=-105.0, ends=5.0, every=0.5))
    day = START.astimezone(patrolled.desk().log.calendar.zone).date()
    seen = coverage_of(patrolled.roads, patrolled.house.store.patrols.seen_on(day))
    assert sorted(seen.stretches)[:2] == ["street/0", "street/1"]
    assert 0.4 < seen.share < 0.7


def test_three_passes_over_one_heap_are_one_case(patrolled: PatrolledHouse) -> None:
    for n, error in enumerate(((2.0, 1.0), (-1.5, 1.5), (0.5, -2.0))):
        drive = Drive(begins=-25.0, ends=30.0, every=0.5, starts=n * 1800.0, gps_error=error, seed=n)
        patrolled.drive(drive, vehicle=(VEHICLE, "patrol-8")[n % 2])
    assert patrolled.house.store.summary().cases == 1
    assert len(patrolled.house.store.patrols.passes()) == 3


def test_a_worker_that_dies_after_any_frame_goes_on_and_loses_and_doubles_nothing(patrolled: PatrolledHouse) -> None:
    for _ in patrolled.pushed(SHORT):
        patrolled.live().work()
    patrolled.house.clock.forward(minutes=10)
    patrolled.live().work()
    [one] = patrolled.house.store.patrols.passes()
    assert one.ended
    assert patrolled.house.store.summary().findings == 1
    assert patrolled.house.store.summary().cases == 1


def test_a_worker_that_dies_before_it_has_removed_a_frame_takes_it_once(patrolled: PatrolledHouse) -> None:
    frames = patrolled.house.patrols.frames
    for number, _ in enumerate(patrolled.pushed(SHORT)):
        [read] = frames.oldest(VEHICLE, 1)
        kept = read()
        patrolled.live().work()
        if number % 5 == 0:
            frames.put(VEHICLE, kept.fix, kept.data)
    patrolled.house.clock.forward(minutes=10)
    patrolled.live().work()
    [one] = patrolled.house.store.patrols.passes()
    assert one.pictures == len(patrolled.house.store.patrols.track(one.id))
    assert patrolled.house.store.summary().findings == 1


def test_where_nothing_can_be_written_the_frame_waits(patrolled: PatrolledHouse) -> None:
    pushed = patrolled.pushed(SHORT)
    next(pushed)
    live = patrolled.live()
    patrolled.house.store.close()
    (patrolled.house.folder / "jiexun.db").rename(patrolled.house.folder / "away.db")
    (patrolled.house.folder / "jiexun.db").mkdir()
    with pytest.raises(StoreError):
        live.work()
    assert patrolled.house.patrols.frames.waiting(VEHICLE) == 1


@pytest.mark.parametrize("at", [0, -1])
def test_a_frame_that_was_damaged_on_the_disk_holds_up_no_other(
    patrolled: PatrolledHouse, at: int, caplog: pytest.LogCaptureFixture
) -> None:
    pushed, frames = patrolled.pushed(SHORT), patrolled.house.patrols.frames
    next(pushed)
    [read] = frames.oldest(VEHICLE, 1)
    place = read().place
    data = bytearray(place.read_bytes())
    data[at] ^= 1
    place.write_bytes(data)
    next(pushed)
    live = patrolled.live()
    for _ in range(3):
        live.work()
    assert frames.waiting(VEHICLE) == 0
    assert caplog.text.count("was damaged on the disk") == 1
    assert [path.read_bytes() for path in place.parent.iterdir()] == [data]


def test_a_frame_that_comes_after_newer_ones_is_kept_as_a_place(patrolled: PatrolledHouse) -> None:
    pushed = patrolled.pushed(SHORT)
    first, live = next(pushed), patrolled.live()
    [read] = patrolled.house.patrols.frames.oldest(VEHICLE, 1)
    data = read().data
    for _ in range(3):
        next(pushed)
    live.work()
    late = type(first)(at=first.at + timedelta(seconds=0.2), where=first.where)
    patrolled.house.patrols.frames.put(VEHICLE, late, data)
    live.work()
    [one] = patrolled.house.store.patrols.passes()
    assert [point.at for point in patrolled.house.store.patrols.track(one.id)][1] == late.at
    assert patrolled.house.patrols.frames.waiting(VEHICLE) == 0
