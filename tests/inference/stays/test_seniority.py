"""Two stays in one place, because a zoom once showed only a part of the object: the older one is the object."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np

from inference.detections import Box
from inference.stays.families import VEHICLES
from inference.stays.matching import Candidate, in_one_place, match, place_of
from inference.stays.places import careless_matches
from inference.stays.registration import STILL
from inference.stays.stay import Stay, stay_key

START = datetime(2026, 5, 14, 4, 0, tzinfo=UTC)


def car(anchor: Box, since: float, seen_within: Box) -> Stay:
    at = START + timedelta(seconds=since)
    return Stay(
        key=stay_key("cam", VEHICLES.name, anchor, at),
        family=VEHICLES.name,
        anchor=anchor,
        seen_within=seen_within,
        first_seen=at,
        last_seen=at,
        votes={"car": 0.8},
        confidences=(0.8,),
    )


WHOLE = car((0.60, 0.50, 0.99, 0.99), 0, (0.0, 0.0, 1.0, 1.0))
CUT = car((0.60, 0.50, 0.85, 0.70), 12, (0.2, 0.05, 0.85, 0.70))  # taken while a zoom showed only that much
BOX = Candidate(box=(0.60, 0.50, 0.985, 0.99), confidence=0.8, name="car", family=VEHICLES)


def test_the_older_of_two_stays_in_one_place_gets_the_detection() -> None:
    [pair] = match([place_of(CUT, STILL), place_of(WHOLE, STILL)], [BOX], 0.15)
    assert pair.stay == 1


def test_neighbours_are_not_in_one_place() -> None:
    beside = replace(CUT, anchor=(0.30, 0.50, 0.55, 0.70))
    assert in_one_place(WHOLE, CUT)
    assert not in_one_place(WHOLE, beside)


def test_a_box_that_something_in_front_pulls_about_is_still_the_object_behind() -> None:
    picture = np.random.default_rng(1).integers(0, 255, (360, 640, 3)).astype(np.uint8)
    behind = replace(CUT, anchor=(0.60, 0.30, 0.80, 0.40), seen_within=(0.0, 0.0, 1.0, 1.0), patch=bytes(768))
    pulled = replace(BOX, box=(0.60, 0.31, 0.80, 0.44))
    in_front = replace(BOX, box=(0.60, 0.37, 0.90, 0.60))
    place = place_of(behind, STILL)
    assert careless_matches([place], {}, [pulled], picture) == {}
    [(stay, pair)] = careless_matches([place], {}, [pulled, in_front], picture).items()
    assert (stay, pair.candidate, pair.whole) == (0, 0, False)
