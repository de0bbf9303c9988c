import numpy as np
import pytest

from inference.detector.decoding import decode
from inference.detector.manifest import Layout

#            cx, cy, w, h, class 0, class 1
OVERLAPPING = [
    [50, 50, 20, 20, 0.8, 0.1],
    [51, 50, 20, 20, 0.6, 0.1],
    [50, 51, 20, 20, 0.1, 0.7],
    [90, 90, 4, 4, 0.04, 0.03],
]


def _channels(rows: list[list[float]]) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.array(rows, dtype=np.float32).reshape(len(rows), 6).T[None]


def test_one_object_seen_twice_stays_once_and_another_class_in_its_place_stays_too() -> None:
    seen = decode(_channels(OVERLAPPING), Layout.CHANNELS_FIRST, floor=0.05, nms_iou=0.6)
    found = sorted(zip(seen.class_id.tolist(), seen.confidence.tolist(), seen.boxes.tolist(), strict=True))
    assert found == [
        (0, pytest.approx(0.8), [40, 40, 60, 60]),
        (1, pytest.approx(0.7), [40, 41, 60, 61]),
    ]


def test_boxes_that_hardly_overlap_both_stay() -> None:
    seen = decode(_channels(OVERLAPPING), Layout.CHANNELS_FIRST, floor=0.05, nms_iou=0.95)
    assert len(seen.boxes) == 3


@pytest.mark.parametrize("layout", list(Layout))
def test_nothing_above_the_floor_is_nothing(layout: Layout) -> None:
    output = np.zeros((1, 6, 5) if layout is Layout.CHANNELS_FIRST else (1, 5, 6), dtype=np.float32)
    seen = decode(output, layout, floor=0.05, nms_iou=0.6)
    assert (seen.boxes.shape, seen.confidence.shape, seen.class_id.shape) == ((0, 4), (0,), (0,))


def test_the_nms_free_layout_is_only_filtered() -> None:
    rows = np.array([[[1, 2, 3, 4, 0.9, 1], [1, 2, 3, 4, 0.05, 0]]], dtype=np.float32)
    seen = decode(rows, Layout.NMS_FREE, floor=0.1, nms_iou=0.6)
    assert seen.boxes.tolist() == [[1, 2, 3, 4]]
    assert seen.class_id.tolist() == [1]
