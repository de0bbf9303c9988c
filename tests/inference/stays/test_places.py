"""What a place looks like, whatever the detector says."""

from datetime import timedelta

import numpy as np
import pytest

from inference.detections import Box
from inference.frame import ImageBGR
from inference.stays.appearance import patch_of
from inference.stays.boxes import in_pixels
from inference.stays.families import PEOPLE, VEHICLES
from inference.stays.matching import Candidate, Place, place_of
from inference.stays.places import careless_matches, glimpse_of, is_duplicate, light_changed, shows_another
from inference.stays.registration import STILL, View
from inference.stays.stay import Glimpse, Stay
from tests.street import SIZE, START, Street

CAR: Box = (0.5, 0.4, 0.7, 0.6)
ROW: tuple[Box, ...] = ((0.05, 0.4, 0.2, 0.6), (0.25, 0.4, 0.45, 0.6), CAR, (0.75, 0.4, 0.95, 0.6))


def street(*seeds: int | None) -> ImageBGR:
    """A picture with a thing of each seed in its place of the row; None leaves the place empty."""
    shown = Street()
    for box, seed in zip(ROW, seeds, strict=False):
        if seed is not None:
            shown.add("car", in_pixels(box, SIZE), seed=seed)
    return next(frame.picture.bgr() for frame in shown.frames(until=0))


WITH_CAR, EMPTY = street(None, None, 3), street()


def stay(box: Box = CAR, *, learnt: ImageBGR = WITH_CAR, since: float = 0, detections: int = 5) -> Stay:
    return Stay(
        key=f"{box}{since}",
        family=VEHICLES.name,
        anchor=box,
        seen_within=(0, 0, 1, 1),
        first_seen=START + timedelta(seconds=since),
        last_seen=START,
        votes={"car": 0.8},
        confidences=(0.8,),
        detections=detections,
        patch=patch_of(learnt, in_pixels(box, SIZE)),
    )


def place(one: Stay | None = None, view: View = STILL) -> Place:
    return place_of(one or stay(), view)


def box_of(box: Box, picture: ImageBGR = WITH_CAR) -> Candidate:
    patch = patch_of(picture, in_pixels(box, SIZE))
    return Candidate(box=box, confidence=0.5, name="car", family=VEHICLES, patch=patch)


@pytest.mark.parametrize(
    ("picture", "in_front", "glimpse"),
    [
        (WITH_CAR, None, Glimpse.HELD),
        (EMPTY, None, Glimpse.EMPTY),
        (EMPTY, (0.64, 0.3, 0.9, 0.7), Glimpse.HIDDEN),  # covers three tenths of the place
        (EMPTY, (0.67, 0.3, 0.9, 0.7), Glimpse.EMPTY),  # covers less than two
        (WITH_CAR, (0.64, 0.3, 0.9, 0.7), Glimpse.HELD),
    ],
)
def test_a_place_is_held_hidden_or_empty(picture: ImageBGR, in_front: Box | None, glimpse: Glimpse) -> None:
    seen = [] if in_front is None else [box_of(in_front)]
    assert glimpse_of(place(), seen, picture) is glimpse


def test_a_place_outside_the_picture_is_not_empty() -> None:
    away = View(matrix=np.array([[1, 0, 0.46], [0, 1, 0]]))
    assert glimpse_of(place(view=away), [], EMPTY) is Glimpse.HIDDEN


@pytest.mark.parametrize(
    ("box", "paired"),
    [
        ((0.5, 0.4, 0.59, 0.6), True),  # 0.45 of the place
        ((0.5, 0.4, 0.57, 0.6), False),  # 0.35
    ],
)
def test_a_careless_box_where_nothing_has_changed_is_the_car_that_stands_there(box: Box, paired: bool) -> None:
    found = careless_matches([place()], {}, [box_of(box)], WITH_CAR)
    assert [(pair.candidate, pair.whole) for pair in found.values()] == ([(0, False)] if paired else [])


def test_a_careless_box_where_the_place_has_changed_is_something_else() -> None:
    assert careless_matches([place()], {}, [box_of((0.5, 0.4, 0.59, 0.6))], EMPTY) == {}


def test_a_careless_box_of_a_person_is_no_car() -> None:
    person = Candidate(box=(0.5, 0.4, 0.6, 0.6), confidence=0.5, name="person", family=PEOPLE)
    assert careless_matches([place()], {}, [person], WITH_CAR) == {}


def test_one_careless_box_shows_one_car() -> None:
    twice = [place(), place(stay((0.5, 0.4, 0.69, 0.6)))]
    assert len(careless_matches(twice, {}, [box_of((0.5, 0.4, 0.59, 0.6))], WITH_CAR)) == 1


@pytest.mark.parametrize(
    ("other", "duplicate"),
    [
        (stay((0.52, 0.4, 0.72, 0.6), since=-10), True),
        (stay((0.52, 0.4, 0.72, 0.6), since=10), False),  # the younger one gives way, never the older
        (stay((0.58, 0.4, 0.78, 0.6), since=-10), False),  # less than half: beside it
    ],
)
def test_of_two_stays_in_one_place_the_older_is_right(other: Stay, duplicate: bool) -> None:
    assert is_duplicate(stay(), [other]) is duplicate


def test_what_cannot_be_compared_shows_no_other_object() -> None:
    speck = Candidate(box=(0.5, 0.4, 0.505, 0.41), confidence=0.5, name="car", family=VEHICLES)
    assert not shows_another(stay(), speck)
    assert shows_another(stay(), box_of(CAR, street(None, None, 4)))


def well_known(*, detections: int = 5) -> list[Place]:
    picture = street(1, 2, 3, 4)
    return [place(stay(box, learnt=picture, detections=detections)) for box in ROW]


@pytest.mark.parametrize(
    ("picture", "changed"),
    [
        (street(1, 2, 3, 4), False),
        (street(None, None, 3, 4), False),  # half of them left
        (street(None, None, None, 4), True),
    ],
)
def test_the_light_has_changed_where_most_places_look_different_at_once(picture: ImageBGR, changed: bool) -> None:
    assert light_changed(well_known(), {}, [], picture) is changed


def test_few_or_hardly_known_places_say_nothing_about_the_light() -> None:
    assert not light_changed(well_known()[:2], {}, [], EMPTY)
    assert not light_changed(well_known(detections=1), {}, [], EMPTY)
