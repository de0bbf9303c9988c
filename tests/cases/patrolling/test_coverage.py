from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from cases.grid import Area, AreaLevel, Grid
from cases.patrolling.coverage import DayCoverage, SeenPart, SeenStretch, coverage_of, joined, seen_from
from cases.patrolling.roads import RoadMap
from inference.geo import LatLon
from tests.cases.patrolling.test_roads import a_road, at

MORNING = datetime(2026, 3, 2, 1, tzinfo=UTC)
CELLS = Grid(
    Area(code=code, level=AreaLevel.CELL, name=code, shape=box(*at(west, -100), *at(west + 100, 100)))
    for code, west in (("1", 0.0), ("2", 100.0))
)
CROSSING = RoadMap([a_road("a", at(0), at(100), at(200)), a_road("b", at(100, -95), at(100), at(100, 95))], CELLS)
"""Road a from west to east through two cells, and road b across it."""


def drive(roads: RoadMap, start: tuple[float, float], end: tuple[float, float], *, off: float = 3.0) -> list[SeenPart]:
    """Looks every 4 m, a second apart."""
    metres = max(abs(end[0] - start[0]), abs(end[1] - start[1]))
    parts: list[SeenPart] = []
    for i in range(int(metres / 4) + 1):
        share = i * 4 / metres
        lon, lat = at(start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1]))
        parts.extend(seen_from(roads, LatLon(lat=lat, lon=lon), off, MORNING + timedelta(seconds=i)))
    return parts


def day_of(passes: list[list[SeenPart]]) -> DayCoverage:
    """Put a day together pass by pass, as the store does."""
    seen: dict[str, SeenStretch] = {}
    for parts in passes:
        for part in joined(parts).values():
            if part.stretch in CROSSING.by_id and not part.is_whole(CROSSING.by_id[part.stretch]):
                continue
            known = seen.get(part.stretch)
            seen[part.stretch] = SeenStretch(
                passes=1 + (known.passes if known else 0),
                first_at=min(part.first_at, known.first_at) if known else part.first_at,
                last_at=max(part.last_at, known.last_at) if known else part.last_at,
            )
    return coverage_of(CROSSING, seen)


def test_a_street_that_was_driven_is_seen_and_the_one_that_was_crossed_is_not() -> None:
    day = day_of([drive(CROSSING, (0, 0), (200, 0))])
    assert set(day.stretches) == {"a/0", "a/1", "a/2", "a/3"}
    assert day.share == pytest.approx(200 / 390, abs=0.01)


def test_cells_count_by_the_length_of_their_roads_and_unvisited_ones_are_listed() -> None:
    day = day_of([drive(CROSSING, (100, 4), (200, 4))])
    assert day.cells["2"].seen_metres == pytest.approx(100, abs=1)
    assert day.unvisited == ("1",)
    assert day_of([]).unvisited == ("1", "2")


def test_half_of_a_stretch_in_each_of_two_passes_is_not_seen() -> None:
    west, east = drive(CROSSING, (0, 0), (10, 0)), drive(CROSSING, (40, 0), (45, 0))
    assert set(day_of([west, east]).stretches) == set()
    assert set(day_of([[*west, *east]]).stretches) == {"a/0"}


def test_where_the_position_is_too_far_off_nothing_is_counted() -> None:
    assert drive(CROSSING, (0, 0), (200, 0), off=12.0) == []


def test_passes_are_counted_with_the_first_and_the_last_look() -> None:
    once = drive(CROSSING, (0, 0), (50, 0))
    again = [
        SeenPart(
            stretch=p.stretch,
            mask=p.mask,
            first_at=p.first_at + timedelta(hours=3),
            last_at=p.last_at + timedelta(hours=3),
        )
        for p in once
    ]
    seen = day_of([once, again]).stretches["a/0"]
    assert seen.passes == 2
    assert seen.first_at == MORNING
    assert seen.last_at > MORNING + timedelta(hours=3)


def test_a_stretch_that_the_map_has_no_more_counts_nowhere() -> None:
    gone = SeenPart(stretch="old/0", mask=31, first_at=MORNING, last_at=MORNING)
    assert day_of([[gone]]).seen_metres == 0


@given(st.data())
def test_looks_in_any_order_and_twice_give_the_same(data: st.DataObject) -> None:
    parts = [
        SeenPart(stretch=stretch, mask=1 << sample, first_at=at_, last_at=at_)
        for stretch, sample, at_ in data.draw(
            st.lists(
                st.tuples(
                    st.sampled_from(["a/0", "a/1", "b/0"]),
                    st.integers(0, 4),
                    st.integers(0, 1000).map(lambda s: MORNING + timedelta(seconds=s)),
                ),
                max_size=30,
            )
        )
    ]
    shuffled = data.draw(st.permutations(parts))
    assert joined(parts) == joined([*shuffled, *shuffled])
