import pytest

from inference.findings import ViolationKind
from training.suite.scoring import Raised, Verdict, judge, total

CAR = (10.0, 10.0, 50.0, 40.0)
FRAMES = [
    {"at": float(t), "objects": [{"id": "car", "box": list(CAR)}, {"id": "bin", "box": [80.0, 10.0, 90.0, 30.0]}]}
    for t in range(0, 60, 2)
]
DUE = [{"kind": "illegal_parking", "object": "car", "due": 30.0}]


def parking(at: float, box: tuple[float, float, float, float] = CAR) -> Raised:
    return Raised(kind=ViolationKind.ILLEGAL_PARKING, box=box, at=at)


def outcomes(*raised: Raised) -> list[tuple[str, float | None]]:
    return [(v.outcome, v.delay) for v in judge("s", raised, DUE, FRAMES)]


def test_a_finding_after_it_was_due_is_a_hit_with_its_delay() -> None:
    assert outcomes(parking(32.0, (12.0, 11.0, 52.0, 41.0))) == [("hit", 2.0)]


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        (parking(20.0), "10.0 s before it is due"),
        (parking(32.0, (80.0, 10.0, 90.0, 30.0)), "bin at 32 s"),
        (parking(32.0, (200.0, 10.0, 220.0, 30.0)), "nothing stands there"),
        (Raised(kind=ViolationKind.EXPOSED_GARBAGE, box=CAR, at=32.0), "car at 32 s"),
    ],
)
def test_what_is_early_elsewhere_or_of_another_kind_is_false_and_the_event_is_missed(raised: Raised, said: str) -> None:
    false, missed = judge("s", [raised], DUE, FRAMES)
    assert (false.outcome, missed.outcome) == ("false", "missed")
    assert said in false.about


def test_the_same_event_found_twice_is_false_the_second_time() -> None:
    assert outcomes(parking(30.0), parking(36.0)) == [("hit", 0.0), ("false", None)]


def test_nothing_found_is_a_miss() -> None:
    assert outcomes() == [("missed", None)]


def test_figures_add_up() -> None:
    def verdict(outcome: str, delay: float | None = None) -> Verdict:
        return Verdict(scenario="s", kind="k", outcome=outcome, about="", delay=delay)

    score = total([verdict("hit", 1.0), verdict("hit", 3.0), verdict("hit", 2.0), verdict("missed"), verdict("false")])
    assert (score.precision, score.recall, score.f1) == (0.75, 0.75, 0.75)
    assert score.median_delay == 2.0
    assert total([]).f1 == 1.0
