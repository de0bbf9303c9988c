"""A plan is arithmetic over measured costs: more cameras need more, and nothing is rounded away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.bench.planning import MOST_CAMERAS, Assumed, Costs, Fleet, plan_for

COSTS = Costs(
    read_ms=18,
    gate_ms=1,
    inspect_ms=30,
    write_ms=2,
    key_interval=2.0,
    inspected_share=0.2,
    camera_mb=8,
    worker_mb=350,
)


def test_a_plan_can_be_worked_out_by_hand() -> None:
    needed = plan_for(Fleet(fetched=1000, pushed=0), COSTS, Assumed())
    # Half a key picture a second: (18 + 1) / 2 ms for reading, 0.2 * 30 / 2 ms for inspecting: 12.5 ms of each second.
    assert needed.cameras_per_core == pytest.approx(80)
    assert needed.cores == 18  # 12.5 cores at 70 %
    assert needed.machines == 2
    assert needed.streams_mbit == 4000
    assert needed.evidence_gb == 1000 * 5 * 2 * 90 / 1000
    assert needed.looks_per_second == pytest.approx(100)
    assert needed.databases == 1
    assert needed.gpus is None


def test_twice_the_key_interval_reads_as_much_and_looks_half_as_often() -> None:
    often, seldom = (plan_for(Fleet(fetched=100, pushed=0), COSTS, Assumed(key_interval=k)) for k in (2.0, 4.0))
    assert 100 / seldom.cameras_per_core == pytest.approx(0.9 + (0.05 + 0.3) / 2)
    assert 100 / often.cameras_per_core == pytest.approx(0.9 + 0.05 + 0.3)


def test_a_card_takes_the_inspecting_and_leaves_the_reading() -> None:
    costs = Costs(**{**{f: getattr(COSTS, f) for f in COSTS.__slots__}, "gpu_inspect_ms": 2.0})
    needed = plan_for(Fleet(fetched=MOST_CAMERAS, pushed=0), costs, Assumed())
    assert needed.gpus == 29  # 10,000 looks a second, 2 ms each, at 70 %
    assert needed.cores_beside_gpus == 1358
    assert needed.databases == 40


@given(st.integers(0, MOST_CAMERAS), st.integers(0, MOST_CAMERAS), st.integers(0, MOST_CAMERAS))
def test_a_fleet_keeps_its_mix_and_more_cameras_need_no_less(fetched: int, pushed: int, wanted: int) -> None:
    fleet = Fleet(fetched=fetched, pushed=pushed).scaled(wanted)
    assert fleet.cameras == wanted
    less, more = (plan_for(fleet.scaled(n), COSTS, Assumed()) for n in (wanted, wanted + 100))
    assert less.cores <= more.cores
    assert less.memory_gb < more.memory_gb
    assert less.looks_per_second < more.looks_per_second


def test_costs_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="read_ms must be a positive number"):
        Costs(**{**{f: getattr(COSTS, f) for f in COSTS.__slots__}, "read_ms": float("nan")})
