import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.scoring import Matches, average_precision, iou, joined, match, precision_at, recall_at, threshold_for

BOX = (10.0, 10.0, 30.0, 30.0)
ELSEWHERE = (60.0, 60.0, 80.0, 80.0)


def boxes(*rows: tuple[float, float, float, float]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    return np.array(rows, dtype=np.float32).reshape(len(rows), 4)


def matches(hits: list[bool], objects: int) -> Matches:
    """Detections from sure to unsure: .9, .8, …"""
    confidence = np.array([0.9 - 0.1 * i for i in range(len(hits))], dtype=np.float32)
    return Matches(confidence=confidence, hit=np.array(hits, dtype=np.bool_), objects=objects)


def found(
    *rows: tuple[float, float, float, float],
    confidence: list[float],
    truth: list[tuple[float, float, float, float]],
    heights: tuple[float, float] = (0.0, np.inf),
    least_iou: float = 0.5,
) -> Matches:
    return match(boxes(*rows), np.array(confidence, dtype=np.float32), boxes(*truth), heights, least_iou)


def test_overlap_of_two_boxes() -> None:
    assert iou(boxes((0, 0, 10, 10)), boxes((5, 0, 15, 10), (20, 20, 30, 30))).tolist() == [[pytest.approx(1 / 3), 0]]


def test_the_surest_detection_takes_the_object_and_the_second_is_wrong() -> None:
    result = found(BOX, BOX, confidence=[0.5, 0.8], truth=[BOX])
    assert list(zip(result.confidence.tolist(), result.hit.tolist(), strict=True)) == [
        (pytest.approx(0.8), True),
        (pytest.approx(0.5), False),
    ]
    assert result.objects == 1


@pytest.mark.parametrize("heights", [(25.0, np.inf), (0.0, 20.0)], ids=["too low", "too tall"])
def test_an_object_of_another_height_counts_neither_as_found_nor_as_missed(heights: tuple[float, float]) -> None:
    result = found(BOX, confidence=[0.8], truth=[BOX], heights=heights)
    assert (len(result.confidence), result.objects) == (0, 0)


def test_a_loose_box_finds_an_object_only_where_little_overlap_is_asked() -> None:
    loose = (10.0, 10.0, 30.0, 40.0)  # two thirds of it are the object
    assert found(loose, confidence=[0.8], truth=[BOX]).hit.tolist() == [True]
    assert found(loose, confidence=[0.8], truth=[BOX], least_iou=0.75).hit.tolist() == [False]


def test_a_low_detection_that_finds_nothing_does_not_count_where_low_objects_do_not() -> None:
    assert len(found(ELSEWHERE, confidence=[0.8], truth=[BOX], heights=(25.0, np.inf)).confidence) == 0
    assert len(found(ELSEWHERE, confidence=[0.8], truth=[BOX], heights=(15.0, np.inf)).confidence) == 1


def test_a_perfect_detector_has_an_average_precision_of_one() -> None:
    assert average_precision(matches([True, True, True], 3)) == pytest.approx(1)


def test_average_precision_by_hand() -> None:
    # right, wrong, right, of 4 objects: precision 1 up to recall .25, then 2/3 up to .5, then nothing
    expected = (26 * 1 + 25 * 2 / 3) / 101
    assert average_precision(matches([True, False, True], 4)) == pytest.approx(expected)


def test_precision_that_rises_later_counts_from_the_start() -> None:
    # wrong, right, of 2 objects: the best precision from any recall up to .5 on is 1/2
    assert average_precision(matches([False, True], 2)) == pytest.approx(51 * 0.5 / 101)


def test_without_objects_there_is_no_average_precision() -> None:
    assert average_precision(matches([False], 0)) is None
    assert average_precision(matches([], 5)) == 0


def test_precision_recall_and_the_threshold_for_a_precision() -> None:
    some = matches([True, True, False, True], 5)
    assert precision_at(some, 0.65) == pytest.approx(2 / 3)
    assert recall_at(some, 0.65) == pytest.approx(2 / 5)
    assert precision_at(some, 0.95) is None
    assert threshold_for(some, 0.75) == pytest.approx(0.6)
    assert threshold_for(some, 0.9) == pytest.approx(0.8)
    assert threshold_for(matches([False], 1), 0.9) is None


@given(st.lists(st.booleans(), max_size=9), st.lists(st.booleans(), max_size=9))
def test_joining_pictures_keeps_every_detection(first: list[bool], second: list[bool]) -> None:
    both = joined([matches(first, 3), matches(second, 4)])
    assert (len(both.hit), both.objects) == (len(first) + len(second), 7)
    score = average_precision(both)
    assert score is not None
    assert 0 <= score <= 1
