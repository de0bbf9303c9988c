"""Lists and maps over many cases: nothing left out, nothing twice, whatever the filter."""

from random import Random

import pytest

from api.bench.store_filling import fill
from api.bench.store_questions import ask_all
from api.store.store import SqlStore
from cases.case import Case
from cases.errors import CaseNotFound
from cases.overview import PlacedCase
from cases.states import OPEN, CaseState
from inference.findings import ViolationKind
from inference.geo import LatLon

CASES = 400


@pytest.fixture
def full(url: str, store: SqlStore) -> SqlStore:
    fill(url, CASES, lambda _: None)
    return store


def test_a_list_is_read_to_its_end_by_going_on_behind_the_last_case(full: SqlStore) -> None:
    for kind in (None, ViolationKind.EXPOSED_GARBAGE):
        seen: list[Case] = []
        while items := full.cases(kind=kind, limit=37, after=seen[-1].id if seen else None).items:
            seen += items
        assert seen == list(full.cases(kind=kind, limit=CASES).items)
        assert len(seen) == full.cases(kind=kind).total
    with pytest.raises(CaseNotFound, match="begin at the top"):
        full.cases(after="nothing")


@pytest.mark.parametrize("limit", [10, 1000])
def test_a_map_gives_what_lies_in_its_box(full: SqlStore, limit: int) -> None:
    everything, random = full.cases(limit=CASES).items, Random(4)
    for number in range(12):
        low = LatLon(lat=random.uniform(31.18, 31.23), lon=random.uniform(121.42, 121.47))
        high = LatLon(lat=low.lat + random.uniform(0.001, 0.1), lon=low.lon + random.uniform(0.001, 0.1))
        states = OPEN if number % 2 else (CaseState.CLOSED,)
        kind = ViolationKind.ILLEGAL_PARKING if number % 3 else None

        def fits(
            case: Case,
            low: LatLon = low,
            high: LatLon = high,
            states: object = states,
            kind: ViolationKind | None = kind,
        ) -> bool:
            assert isinstance(states, tuple | frozenset)
            assert case.place is not None
            inside = low.lat <= case.place.lat <= high.lat and low.lon <= case.place.lon <= high.lon
            return inside and case.state in states and kind in (None, case.kind)

        expected = [case for case in everything if fits(case)]
        found = full.placed_cases(corners=(low, high), states=states, kind=kind, limit=limit)
        assert found.total == len(expected)
        assert [case.number for case in found.items] == [case.number for case in expected[:limit]]


def test_a_case_without_a_place_is_on_no_map(full: SqlStore) -> None:
    first = full.cases(limit=1).items[0]
    [placed] = full.placed_cases(limit=1).items
    assert isinstance(placed, PlacedCase)
    assert (placed.id, placed.place, placed.state) == (first.id, first.place, first.state)
    assert full.placed_cases(department="nobody").total == 0


def test_every_question_of_the_bench_is_answered(full: SqlStore) -> None:
    shares: list[float] = []
    asked = ask_all(full, times=2, told=shares.append)
    assert len({one.question for one in asked}) == len(asked) == len(shares) >= 15
    assert all(0 <= one.p50_ms <= one.p95_ms for one in asked)
