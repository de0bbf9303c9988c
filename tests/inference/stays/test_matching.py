"""Which detections are one object."""

import pytest

from inference.detections import Box, Detection
from inference.stays.matching import candidates_of

SIZE_WH = (576, 996)
WHOLE: Box = (339, 133, 460, 219)


@pytest.mark.parametrize(
    ("box", "name", "objects"),
    [
        ((356, 132, 457, 184), "car", 1),  # seen on a real street: its upper half, found once more
        ((356, 132, 457, 184), "truck", 1),
        ((356, 132, 457, 184), "motorcycle", 2),
        ((380, 165, 440, 219), "car", 2),  # a small one that stands in front
        ((339, 133, 369, 153), "car", 2),  # a distant one beside it
        ((390, 120, 500, 170), "car", 2),  # one behind, half hidden
    ],
)
def test_what_lies_in_a_vehicle_above_its_foot_is_a_piece_of_it(box: Box, name: str, objects: int) -> None:
    detections = [Detection(box=WHOLE, name="car", confidence=0.76), Detection(box=box, name=name, confidence=0.39)]
    seen = candidates_of(detections, SIZE_WH)
    assert len(seen) == objects
    assert seen[0].box[3] == pytest.approx(219 / 996)
