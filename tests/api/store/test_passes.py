"""Passes and coverage on both databases: what was written comes back, once, however often it is written."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from api.store.store import SqlStore
from cases.patrolling.coverage import coverage_of, seen_from
from cases.patrolling.passes import Pass, PassKind, PassLog, PassStep, TrackPoint
from inference.geo import LatLon
from inference.zones.hours import Calendar
from tests.cases.patrolling.test_coverage import CROSSING
from tests.cases.patrolling.test_roads import at

BEGIN = datetime(2026, 3, 2, 1, tzinfo=UTC)
LOG = PassLog(roads=CROSSING, calendar=Calendar())


def a_pass(id: str = "p-1", vehicle: str = "patrol-7", begin: datetime = BEGIN) -> Pass:
    return Pass(id=id, vehicle=vehicle, kind=PassKind.LIVE, started_at=begin, last_at=begin)


def step(before: Pass, east: float, seconds: float, *, begin: datetime = BEGIN) -> PassStep:
    lon, lat = at(east)
    place, when = LatLon(lat=lat, lon=lon), begin + timedelta(seconds=seconds)
    point = TrackPoint(at=when, place=place, off_metres=3.0, speed=8.0, heading=90.0, looked=True, frame="f" * 64)
    return PassStep(
        after=before.further([point], seconds, 0),
        memory=b"snapshot",
        points=(point,),
        seen=seen_from(CROSSING, place, 3.0, when),
    )


def drive(store: SqlStore, begun: Pass, until: int, *, twice: bool = False) -> Pass:
    here = begun
    for i in range(0, until, 4):
        made = step(here, i, i / 4, begin=begun.started_at)
        for _ in range(2 if twice else 1):
            with store.transaction() as book:
                LOG.write(book, made)
        here = made.after
    return here


def test_a_pass_its_track_and_its_snapshot_come_back(store: SqlStore) -> None:
    last = drive(store, a_pass(), 40)
    assert store.patrols.one("p-1") == (last, b"snapshot")
    assert store.patrols.one("no-such") is None
    track = store.patrols.track("p-1")
    assert [point.at for point in track] == [BEGIN + timedelta(seconds=i) for i in range(10)]
    assert track[3].speed == 8.0
    assert store.patrols.track("p-1", after=track[6].at, limit=2) == track[7:9]
    assert 35 < last.metres < 37


def test_the_same_step_twice_changes_nothing(store: SqlStore) -> None:
    once = drive(store, a_pass("p-1"), 60)
    twice = drive(store, a_pass("p-2"), 60, twice=True)
    assert store.patrols.track("p-2") == store.patrols.track("p-1")
    assert replace(twice, id="p-1") == once
    assert store.patrols.seen_on(date(2026, 3, 2))["a/0"].passes == 2


def test_coverage_of_a_day_counts_passes_and_the_city_s_own_midnight(store: SqlStore) -> None:
    drive(store, a_pass("p-1"), 204)
    late = datetime(2026, 3, 2, 15, 59, 50, tzinfo=UTC)  # ten seconds before midnight in Shanghai
    drive(store, a_pass("p-2", begin=late), 104)
    first, second = (store.patrols.seen_on(date(2026, 3, day)) for day in (2, 3))
    assert sorted(first) == ["a/0", "a/1", "a/2", "a/3"]
    assert sorted(second) == ["a/1"]
    assert coverage_of(CROSSING, second).unvisited == ("2",)
    seen = store.patrols.seen_last()
    assert seen["a/3"] < BEGIN + timedelta(minutes=1) < late < seen["a/1"]


def test_a_late_pass_does_not_make_a_stretch_older(store: SqlStore) -> None:
    drive(store, a_pass("p-1"), 60)
    drive(store, a_pass("p-0", begin=BEGIN - timedelta(days=1)), 60)
    assert store.patrols.seen_last()["a/0"] > BEGIN


def test_passes_of_a_vehicle_and_of_a_time(store: SqlStore) -> None:
    for number in range(3):
        drive(store, a_pass(f"p-{number}", begin=BEGIN + timedelta(hours=number)), 4)
    drive(store, a_pass("q-0", vehicle="patrol-8", begin=BEGIN + timedelta(days=1)), 4)
    questions = store.patrols
    assert [one.id for one in questions.passes(vehicle="patrol-7")] == ["p-2", "p-1", "p-0"]
    assert [one.id for one in questions.passes(since=BEGIN + timedelta(hours=2))] == ["q-0", "p-2"]
    assert [one.id for one in questions.passes(until=BEGIN + timedelta(hours=1))] == ["p-0"]
    latest = questions.latest("patrol-7")
    assert latest is not None
    assert latest.id == "p-2"
    assert questions.latest("no-such") is None
