import pytest

from api.bench.figures import figures
from api.bench.measuring import Sample, Samples
from api.bench.stages import Laps, Stage

PATH = {
    Stage.READ: 0.008,
    Stage.GATE_LUMA: 0.001,
    Stage.GATE: 0.001,
    Stage.REGISTRATION: 0.004,
    Stage.SHRINK: 0.002,
    Stage.DETECT: 0.022,
    Stage.STAYS_AND_RULES: 0.002,
}


def sample(slowness: float = 1.0) -> Sample:
    """A key picture after 50 others, measured while the machine was `slowness` times as slow."""
    return Sample(
        path={stage: seconds * slowness for stage, seconds in PATH.items()},
        pairs=(*((0.02 * slowness, 0.021 * slowness),) * 3, (0.02 * slowness, 0.5)),  # the last one was disturbed
        read_all=0.1 * slowness,
        pictures=50,
        interval=2.0,
    )


def test_figures_of_known_costs() -> None:
    told = figures(Samples(samples=(sample(),), gated_share=0.5, objects=3.0))
    assert told.detect_over_bare == pytest.approx(1.05)
    assert told.bare_ms == pytest.approx(20)
    assert (told.path[Stage.REGISTRATION].ms, told.path[Stage.REGISTRATION].share) == pytest.approx((4, 0.1))
    assert (told.whole.ms, told.whole.share, told.whole.over_bare) == pytest.approx((40, 1, 2))
    assert (told.gated.ms, told.gated.over_bare) == pytest.approx((10, 0.5))
    assert (told.key_packets_ms, told.all_packets_ms, told.all_over_key_packets) == pytest.approx((0.16, 2, 12.5))
    assert [c.gated_share for c in told.cameras] == pytest.approx([0, 0.5, 0.9])
    assert [c.per_core for c in told.cameras] == pytest.approx([2000 / 40, 2000 / 25, 2000 / 13])


def test_ratios_stand_when_the_machine_is_busy_for_a_while() -> None:
    steady = figures(Samples(samples=(sample(),) * 5, gated_share=0, objects=0))
    busy = figures(Samples(samples=(sample(), sample(3), sample(2), sample(5), sample(1.5)), gated_share=0, objects=0))
    assert busy.detect_over_bare == pytest.approx(steady.detect_over_bare)
    assert busy.whole.over_bare == pytest.approx(steady.whole.over_bare)
    assert busy.all_over_key_packets == pytest.approx(steady.all_over_key_packets)


def test_time_belongs_to_the_stage_that_ends_and_to_the_next_where_one_ends_twice() -> None:
    times = iter([10.0, 11.0, 13.0, 17.0])
    laps = Laps(lambda: next(times))
    laps.start()
    laps.end(Stage.SHRINK)
    laps.end(Stage.DETECT)
    laps.end(Stage.SHRINK)
    laps.end(Stage.STAYS_AND_RULES)
    assert laps.spent == {Stage.SHRINK: 1.0, Stage.DETECT: 2.0, Stage.STAYS_AND_RULES: 4.0}
