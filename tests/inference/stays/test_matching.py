"""Which detections are one object, and which object they show."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from inference.detections import Box, Detection
from inference.stays.appearance import patch_of
from inference.stays.families import VEHICLES
from inference.stays.matching import Candidate, Place, candidates_of, match, place_of
from inference.stays.registration import STILL, View
from inference.stays.stay import Stay
from tests.street import START, Street

SIZE_WH = (576, 996)
WHOLE: Box = (339, 133, 460, 219)
CAR: Box = (0.4, 0.4, 0.6, 0.6)


def looks_of(seed: int) -> bytes:
    """What a thing of this seed looks like."""
    [frame] = Street(scenery=seed).frames(until=0)
    patch = patch_of(frame.picture.bgr(), (0, 0, 640, 360))
    assert patch is not None
    return patch


def car(box: Box, *, patch: bytes | None = None, confidence: float = 0.8) -> Candidate:
    return Candidate(box=box, confidence=confidence, name="car", family=VEHICLES, patch=patch)


def parked(box: Box = CAR, *, patch: bytes | None = None, seen_within: Box = (0, 0, 1, 1)) -> Stay:
    return Stay(
        key="a",
        family="vehicle",
        anchor=box,
        seen_within=seen_within,
        first_seen=START,
        last_seen=START,
        votes={"car": 0.8},
        confidences=(0.8,),
        patch=patch,
    )


def place(stay: Stay, view: View = STILL) -> Place:
    return place_of(stay, view)


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


@pytest.mark.parametrize("flat", [(350, 180, 450, 180), (400, 140, 400, 200), (400, 180, 400, 180)])
def test_a_flat_box_hides_no_vehicle(flat: Box) -> None:
    for sure, doubtful in ((flat, WHOLE), (WHOLE, flat)):
        detections = [
            Detection(box=sure, name="car", confidence=0.9),
            Detection(box=doubtful, name="truck", confidence=0.5),
        ]
        boxes = [c.box for c in candidates_of(detections, SIZE_WH)]
        assert (339 / 576, 133 / 996, 460 / 576, 219 / 996) in boxes


def test_a_rider_is_not_the_motorcycle() -> None:
    detections = [
        Detection(box=(100, 100, 160, 200), name="motorcycle", confidence=0.7),
        Detection(box=(102, 98, 160, 198), name="person", confidence=0.6),
    ]
    assert {c.name: c.confidence for c in candidates_of(detections, SIZE_WH)} == {"motorcycle": 0.7, "person": 0.6}


def test_what_has_two_names_in_one_box_is_one_object() -> None:
    detections = [
        Detection(box=(100, 100, 160, 200), name="bin", confidence=0.7),
        Detection(box=(102, 98, 160, 198), name="stall", confidence=0.6),
    ]
    assert [(c.name, c.confidence) for c in candidates_of(detections, SIZE_WH)] == [("bin", 0.7)]


def test_a_detector_that_wavers_between_names_is_surer_of_the_object_than_of_either() -> None:
    names = (("car", 0.3), ("bus", 0.3), ("car", 0.2))  # the second car is the first one again, no further witness
    detections = [Detection(box=WHOLE, name=name, confidence=confidence) for name, confidence in names]
    [one] = candidates_of(detections, SIZE_WH)
    assert (one.name, one.confidence) == ("car", pytest.approx(0.51))


@pytest.mark.parametrize(
    ("seed", "found"),
    [(1, True), (2, False)],
)
def test_a_box_that_jitters_is_told_by_what_it_shows(seed: int, found: bool) -> None:
    narrow = (0.455, 0.43, 0.545, 0.59)  # overlaps by less than a vehicle's boxes do, about the same middle
    stay = parked(patch=looks_of(1))
    assert bool(match([place(stay)], [car(narrow, patch=looks_of(seed))], 0.15)) is found


def test_a_box_beside_the_place_is_another_object_whatever_it_shows() -> None:
    beside = (0.43, 0.4, 0.63, 0.6)
    assert match([place(parked(patch=looks_of(1)))], [car(beside, patch=looks_of(1))], 0.15) == []


def test_the_half_of_a_car_that_looks_out_from_behind_a_bus_is_that_car() -> None:
    half, bus = car((0.4, 0.4, 0.48, 0.6)), car((0.48, 0.2, 0.9, 0.7))
    [pair] = match([place(parked())], [half, bus], 0.15)
    assert (pair.candidate, pair.whole) == (0, False)


@pytest.mark.parametrize(
    "seen",
    [
        [car((0.4, 0.4, 0.48, 0.6))],  # nothing hides the rest
        [car((0.4, 0.4, 0.48, 0.6)), car((0.55, 0.2, 0.9, 0.7))],  # less than half of the rest is hidden
        [car((0.4, 0.4, 0.42, 0.6)), car((0.42, 0.2, 0.9, 0.7))],  # a speck
    ],
)
def test_a_small_box_in_the_place_is_not_the_car_where_nothing_hides_its_rest(seen: list[Candidate]) -> None:
    assert match([place(parked())], seen, 0.15) == []


def test_a_known_car_is_recognised_at_a_confidence_that_would_open_no_stay() -> None:
    assert len(match([place(parked())], [car(CAR, confidence=0.16)], 0.15)) == 1
    assert match([place(parked())], [car(CAR, confidence=0.14)], 0.15) == []


def test_a_detection_shows_one_object_and_the_better_fit_wins() -> None:
    near = parked((0.41, 0.4, 0.61, 0.6))
    assert [pair.stay for pair in match([place(near), place(parked())], [car(CAR)], 0.15)] == [1]


@dataclass(frozen=True, kw_only=True, eq=False)
class CountingView(View):
    """Counts how often a box is mapped."""

    mapped: list[Box] = field(default_factory=list[Box])

    def to_picture(self, box: Box) -> Box:
        """The box, and one more on the count."""
        self.mapped.append(box)
        return View.to_picture(self, box)


def test_a_crowded_street_is_mapped_once_for_each_place_and_not_for_each_pair() -> None:
    boxes: list[Box] = [(x / 12, y / 6, (x + 0.8) / 12, (y + 0.8) / 6) for x in range(12) for y in range(6)]
    view = CountingView(matrix=np.array([[1.0, 0, 0.001], [0, 1, 0]]))
    places = [place(parked(box), view) for box in boxes]
    pairs = match(places, [car(box) for box in boxes], 0.15)
    assert {(pair.stay, pair.candidate) for pair in pairs} == {(i, i) for i in range(72)}
    assert len(view.mapped) == 2 * 72
