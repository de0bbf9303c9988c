"""Indicators, points and ranks, worked by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.appraisal.indicators import FORMULAS, Indicator
from cases.appraisal.league import Measure, league
from cases.appraisal.scheme import STANDARD, Scheme
from cases.appraisal.sets import CaseSet
from cases.appraisal.tally import Tally, total
from cases.errors import AppraisalError


def month(**counts: int) -> Tally:
    return Tally(cases=max(counts.values(), default=0), counts={CaseSet[name.upper()]: n for name, n in counts.items()})


def test_the_published_month_of_a_city_comes_out_to_the_second_decimal() -> None:
    # Bulletin of 2016-12: 受理 1054, 立案 996, 应结案 972, 结案 911, 按期结案 737.
    bulletin = month(reported=1054, filed=996, due_closing=972, closed=911, closed_in_time=737)
    assert [
        f"{100 * (one.of(bulletin) or 0):.2f}" for one in (Indicator.CLOSING_RATE, Indicator.TIMELY_CLOSING_RATE)
    ] == [
        "93.72",
        "75.82",
    ]
    assert f"{100 * (Indicator.FILING_RATE.of(bulletin) or 0):.2f}" == "94.50"


def test_the_standard_scheme_gives_the_points_of_its_rule() -> None:
    tally = month(
        due_handling=10, handled=9, handled_in_time=8, due_closing=9, reworked=1, pending_overdue=1, extended=2
    )
    # 30·0.9 + 20·0.8 + 20·(1 − 1/9) + 20·(1 − 0.1) + 10·(1 − 0.2)
    assert STANDARD.objective(tally) == pytest.approx(27 + 16 + 20 * 8 / 9 + 18 + 8)


def test_a_unit_without_cases_has_no_points_and_no_rank() -> None:
    [alone] = league({"parks": Tally()}, STANDARD)
    assert (alone.points, alone.rank) == (None, None)


def test_an_indicator_that_could_not_be_measured_does_not_count_as_zero() -> None:
    pending = month(due_handling=4, handled=0)  # nothing handled yet, so no rework rate
    assert STANDARD.objective(pending) == pytest.approx(100 * (0 + 0 + 20 + 10) / 80)


def test_more_weight_for_the_streets_turns_the_order_round_as_computed_by_hand() -> None:
    tallies = {
        "police": month(due_handling=10, handled=10),
        "cleaning": month(due_handling=10, handled=8),
    }
    votes = {"police": 50.0, "cleaning": 90.0}

    def order(street_share: float) -> list[tuple[str, float, int]]:
        scheme = Scheme(name="s", points={Indicator.HANDLING_RATE: 100}, street_share=street_share)
        lines = league(tallies, scheme, votes=votes)
        return [(one.unit, round(one.points or 0, 2), one.rank or 0) for one in lines]

    assert order(0.2) == [("police", 90.0, 1), ("cleaning", 82.0, 2)]
    assert order(0.5) == [("cleaning", 85.0, 1), ("police", 75.0, 2)]


def test_equal_points_share_a_rank_and_too_few_cases_are_not_ranked() -> None:
    scheme = Scheme(name="s", points={Indicator.HANDLING_RATE: 100}, least_cases=5)
    one, two = month(due_handling=10, handled=5), month(due_handling=20, handled=10)
    few, last = month(due_handling=4, handled=4), month(due_handling=10, handled=1)
    lines = league({"a": one, "b": two, "few": few, "z": last}, scheme)
    assert [(line.unit, line.rank) for line in lines] == [("a", 1), ("b", 1), ("z", 3), ("few", None)]


def test_areas_are_compared_by_their_land_and_inhabitants() -> None:
    measure = Measure(square_km=2.5, population=50_000)
    assert (measure.per_square_km(10), measure.per_10_000(10)) == (4.0, 2.0)
    assert (Measure().per_square_km(10), Measure().per_10_000(10)) == (None, None)


@pytest.mark.parametrize(
    ("points", "share"), [({Indicator.HANDLING_RATE: 99}, 0.0), ({Indicator.HANDLING_RATE: 100}, 1.5), ({}, 0.0)]
)
def test_a_scheme_that_does_not_add_up_is_refused(points: dict[Indicator, float], share: float) -> None:
    with pytest.raises(AppraisalError, match="scheme broken"):
        Scheme(name="broken", points=points, street_share=share)


def test_every_indicator_has_a_formula() -> None:
    assert set(FORMULAS) == set(Indicator)


SETS = st.lists(st.sampled_from(CaseSet), max_size=6).map(lambda parts: CaseSet(sum(set(parts))))


@given(st.lists(st.tuples(st.sampled_from(["east", "west"]), SETS), max_size=40))
def test_the_counts_of_the_parts_add_up_to_the_count_of_the_whole(cases: list[tuple[str, CaseSet]]) -> None:
    whole = total(Tally.of(sets) for _, sets in cases)
    parts = [total(Tally.of(sets) for street, sets in cases if street == name) for name in ("east", "west")]
    for one in CaseSet:
        assert sum(part.count(one) for part in parts) == whole.count(one)
    assert sum(part.cases for part in parts) == whole.cases == len(cases)
