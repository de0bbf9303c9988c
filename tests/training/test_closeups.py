import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from training.closeups import close_ups
from training.dataset import Labels

PICTURE = np.zeros((720, 1280, 3), dtype=np.uint8)


def labels(*rows: tuple[int, float, float, float, float]) -> Labels:
    table = np.array(rows, dtype=np.float64).reshape(len(rows), 5)
    return Labels(class_id=table[:, 0].astype(np.int64), xywh=table[:, 1:])


@given(
    x=st.floats(0.15, 0.85),
    y=st.floats(0.2, 0.8),
    w=st.floats(0.1, 0.3),
    h=st.floats(0.16, 0.4),
    seed=st.integers(0, 99),
)
def test_the_vehicle_is_in_the_cut_and_large(x: float, y: float, w: float, h: float, seed: int) -> None:
    [cut] = close_ups(PICTURE, labels((0, x, y, w, h)), frozenset({0}), np.random.default_rng(seed))
    assert cut.picture.shape[1] < PICTURE.shape[1]
    [box] = cut.labels.xywh
    assert (box[:2] - box[2:] / 2).min() + 1e-9 >= 0
    assert (box[:2] + box[2:] / 2).max() <= 1 + 1e-9
    assert box[2] > 0.5


def test_small_vehicles_and_other_classes_give_no_cut() -> None:
    small = labels((0, 0.5, 0.5, 0.05, 0.05), (3, 0.5, 0.5, 0.5, 0.5))
    assert list(close_ups(PICTURE, small, frozenset({0}), np.random.default_rng(0))) == []


def test_what_lies_outside_the_cut_is_dropped() -> None:
    two = labels((0, 0.2, 0.5, 0.2, 0.3), (5, 0.9, 0.5, 0.1, 0.1))
    [cut] = close_ups(PICTURE, two, frozenset({0}), np.random.default_rng(0))
    assert cut.labels.class_id.tolist() == [0]
