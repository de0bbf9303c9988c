import numpy as np
import pytest

from inference.detector.decoding import Decoded
from training.errors import ExportError
from training.parity import compare


def seen(*rows: tuple[float, float, float, float, float, int]) -> Decoded:
    table = np.array(rows, dtype=np.float32).reshape(len(rows), 6)
    return Decoded(boxes=table[:, :4], confidence=table[:, 4], class_id=table[:, 5].astype(np.int64))


FIRST = (10.0, 10.0, 60.0, 60.0, 0.8, 1)
SECOND = (80.0, 80.0, 95.0, 95.0, 0.4, 0)


def test_the_same_objects_in_another_order_are_the_same() -> None:
    parity = compare([(seen(FIRST, SECOND), seen(SECOND, FIRST))], floor=0.1)
    assert (parity.objects, parity.iou, parity.confidence_apart) == (4, pytest.approx(1), 0)


@pytest.mark.parametrize(
    "other",
    [
        seen(FIRST),
        seen(FIRST, SECOND, (0, 0, 9, 9, 0.5, 0)),
        seen(FIRST, (*SECOND[:4], 0.5, 0)),
        seen(FIRST, (*SECOND[:5], 1)),
        seen(FIRST, (80, 80, 94, 95, 0.4, 0)),
        seen(),
    ],
    ids=["one missing", "one too many", "less sure", "other class", "other box", "blind"],
)
def test_any_difference_is_refused(other: Decoded) -> None:
    with pytest.raises(ExportError, match="another model"):
        compare([(seen(FIRST, SECOND), other)], floor=0.1)


def test_an_object_at_the_floor_may_be_missing() -> None:
    at_floor = (*SECOND[:4], 0.102, 0)
    assert compare([(seen(FIRST, at_floor), seen(FIRST))], floor=0.1).objects == 2


def test_pictures_in_which_nothing_is_seen_prove_nothing() -> None:
    with pytest.raises(ExportError, match="sees nothing"):
        compare([(seen(), seen())], floor=0.1)
