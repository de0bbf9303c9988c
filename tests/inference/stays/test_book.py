"""What the book of a camera's stays makes of looks that are never perfect."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from inference.detections import Box
from inference.frame import ImageBGR
from inference.stays.book import Ended, Entry, StayBook
from inference.stays.families import VEHICLES
from inference.stays.matching import Candidate, candidates_of
from inference.stays.registration import STILL, View
from inference.stays.stay import Glimpse
from tests.street import NAMES, SIZE, START, Street

CAR: Box = (300, 150, 420, 220)
ROW: tuple[Box, ...] = ((40, 150, 160, 220), CAR, (480, 150, 600, 220))
Seen = tuple[list[Entry], list[Ended]]


def as_it_is(_: float, picture: ImageBGR) -> ImageBGR:
    return picture


def as_detected(_: float, seen: list[Candidate]) -> list[Candidate]:
    return seen


def book() -> StayBook:
    return StayBook("cam", dict.fromkeys(NAMES, 0.35), 0.15)


def watch(
    street: Street,
    kept: StayBook,
    *,
    until: float,
    since: float = 0.0,
    every: float = 2.0,
    shown: Callable[[float, ImageBGR], ImageBGR] = as_it_is,
    detected: Callable[[float, list[Candidate]], list[Candidate]] = as_detected,
    view: Callable[[float], View] = lambda _: STILL,
) -> list[Seen]:
    """Every look of the book at the street; `shown` and `detected` say what camera and detector make of it."""
    looks: list[Seen] = []
    for frame in street.frames(since=since, until=until, every=every):
        picture = shown(street.now, frame.picture.bgr())
        seen = detected(street.now, candidates_of(list(street.detector().detect(picture)), SIZE))
        looks.append(kept.look(seen, view(street.now), picture, frame.captured_at))
    return looks


def since(kept: StayBook) -> list[float]:
    """The second since which each stay stands."""
    return sorted((stay.first_seen - START).total_seconds() for stay in kept.stays)


def row() -> Street:
    street = Street()
    for box in ROW:
        street.add("car", box)
    return street


def fraction(box: Box) -> Box:
    return box[0] / SIZE[0], box[1] / SIZE[1], box[2] / SIZE[0], box[3] / SIZE[1]


def test_a_car_that_creeps_is_not_standing() -> None:
    def creeping(t: float) -> Box:
        return 300 + 0.6 * t, 150, 420 + 0.6 * t, 220

    entries, _ = watch(Street().add("car", CAR, place=creeping), book(), until=36)[-1]
    [detected] = [entry.stay for entry in entries if entry.glimpse is Glimpse.DETECTED]
    assert detected.first_seen > START


def test_a_careless_first_box_is_made_good_by_those_that_follow() -> None:
    def jittering(t: float, seen: list[Candidate]) -> list[Candidate]:
        off = -0.02 if t == 0 else 0.0 if t < 10 else 0.015
        return [replace(c, box=(c.box[0] + off, c.box[1], c.box[2] + off, c.box[3])) for c in seen]

    kept = book()
    watch(Street().add("car", CAR), kept, until=8, detected=jittering)
    [stay] = kept.stays
    assert stay.anchor == pytest.approx(fraction(CAR), abs=0.005)
    looks = watch(Street().add("car", CAR), kept, since=10, until=20, detected=jittering)
    assert all(entry.glimpse is Glimpse.DETECTED for entries, _ in looks for entry in entries)
    assert since(kept) == [0]


def test_a_car_that_the_border_cuts_while_the_camera_swings_keeps_its_place() -> None:
    def swung(t: float) -> bool:
        return 0 < t < 10

    def view(t: float) -> View:
        return View(matrix=np.array([[1, 0, -0.1], [0, 1, 0]])) if swung(t) else STILL

    kept = book()
    street = Street(view=lambda t: (1.0, -64.0 if swung(t) else 0.0, 0.0)).add("car", (40, 150, 160, 220))
    watch(street, kept, until=10, view=view)
    [stay] = kept.stays
    assert stay.detections == 6
    assert stay.anchor == pytest.approx(fraction((40, 150, 160, 220)), abs=1e-6)


@pytest.mark.parametrize("hides", [True, False])
def test_what_was_detected_once_must_be_detected_again_soon(hides: bool) -> None:
    street = Street().add("car", CAR, confidence=lambda t: 0.8 if t in (0, 30, 34) else 0.0)
    if hides:
        street.add("bus", (260, 110, 520, 235), since=1, until=29)
    kept = book()
    watch(street, kept, until=4)
    assert 0 in since(kept)
    watch(street, kept, since=6, until=6)
    assert 0 not in since(kept)
    watch(street, kept, since=30, until=40)
    assert 30 in since(kept)


def test_a_place_that_shows_nothing_to_the_detector_was_a_fluke() -> None:
    kept = book()
    looks = watch(Street().add("car", CAR, confidence=lambda t: 0.8 if t < 4 else 0.0), kept, until=16)
    assert len(looks[7][0]) == 1
    assert kept.stays == ()
    [ended] = looks[8][1]
    assert ended.stay.detections == 2


def test_a_well_known_car_is_no_fluke_while_the_detector_misses_it() -> None:
    kept = book()
    watch(Street().add("car", CAR, confidence=lambda t: 0.8 if t < 20 else 0.0), kept, until=60)
    assert since(kept) == [0]


def test_a_place_that_stays_hidden_is_forgotten_after_a_day() -> None:
    street = Street().add("car", CAR).add("bus", (260, 110, 520, 235), since=9)
    kept = book()
    watch(street, kept, until=8)
    watch(street, kept, since=1800, until=23.5 * 3600, every=1800)
    assert 0 in since(kept)
    [(_, ended)] = watch(street, kept, since=24.5 * 3600, until=24.5 * 3600)
    assert [(one.stay.object_class, one.at) for one in ended] == [("car", START + timedelta(seconds=8))]
    assert 0 not in since(kept)


def other_cars() -> Street:
    street = Street()
    for seed, box in enumerate(ROW, start=60):
        street.add("car", box, seed=seed)
    return street


def test_cars_that_changed_while_nobody_watched_are_other_cars() -> None:
    kept = book()
    watch(row(), kept, until=10)
    watch(other_cars(), kept, since=710, until=720)
    new = [stay for stay in kept.stays if stay.first_seen == START + timedelta(seconds=710)]
    assert [stay.detections for stay in new] == [6, 6, 6]


def test_the_same_cars_after_a_pause_are_the_same_cars() -> None:
    kept = book()
    watch(row(), kept, until=10)
    watch(row(), kept, since=710, until=720)
    assert since(kept) == [0, 0, 0]


def in_other_light(t: float, picture: ImageBGR) -> ImageBGR:
    """From second 12 to 24 everything looks different."""
    return np.asarray(255 - picture, np.uint8) if 12 <= t < 24 else picture


def test_light_that_changes_everything_at_once_takes_no_car_away() -> None:
    kept = book()
    watch(row(), kept, until=40, shown=in_other_light)
    assert since(kept) == [0, 0, 0]
    assert [stay.detections for stay in kept.stays] == [21, 21, 21]


def test_light_in_which_the_detector_is_blind_empties_no_place() -> None:
    def blinded(t: float, seen: list[Candidate]) -> list[Candidate]:
        return [] if 12 <= t < 24 else seen

    kept = book()
    looks = watch(row(), kept, until=40, shown=in_other_light, detected=blinded)
    assert {entry.glimpse for entry in looks[7][0]} == {Glimpse.HIDDEN}
    assert since(kept) == [0, 0, 0]


def test_one_car_that_leaves_a_row_is_no_change_of_light() -> None:
    kept = book()
    street = Street().add("car", ROW[0]).add("car", ROW[1]).add("car", ROW[2], until=11)
    looks = watch(street, kept, until=20)
    assert [one.at for _, ended in looks for one in ended] == [START + timedelta(seconds=12)]
    assert len(kept.stays) == 2


def test_a_row_in_which_one_car_is_replaced_has_one_new_car() -> None:
    kept = book()
    street = Street().add("car", ROW[0]).add("car", ROW[1]).add("car", ROW[2], until=11)
    watch(street.add("car", ROW[2], since=11, seed=77), kept, until=30)
    assert since(kept) == [0, 0, 12]


def test_a_second_box_of_one_car_goes_when_it_is_not_seen_again() -> None:
    aslant = fraction((325, 158, 445, 228))  # overlaps the car's own box by half

    def doubled(t: float, seen: list[Candidate]) -> list[Candidate]:
        second = Candidate(box=aslant, confidence=0.5, name="car", family=VEHICLES)
        return [*seen, second] if 10 <= t < 30 else seen

    kept = book()
    watch(Street().add("car", CAR), kept, until=28, detected=doubled)
    assert since(kept) == [0, 10]
    watch(Street().add("car", CAR), kept, since=30, until=34, detected=doubled)
    assert since(kept) == [0]


def test_a_car_whose_looks_change_slowly_remains_the_same() -> None:
    later = next(frame.picture.bgr() for frame in Street().add("car", CAR, seed=40).frames(until=0))

    def sunset(t: float, picture: ImageBGR) -> ImageBGR:
        share = min(1.0, t / 60)
        return np.asarray(picture * (1 - share) + later * share, np.uint8)

    kept = book()
    watch(Street().add("car", CAR), kept, until=80, shown=sunset)
    assert since(kept) == [0]


def test_what_stands_in_front_is_not_learnt_as_the_car() -> None:
    street = Street().add("car", CAR).add("person", (300, 120, 380, 235), since=11, until=19)
    kept = book()
    watch(street, kept, until=10)
    [before] = kept.stays
    watch(street, kept, since=12, until=18)
    assert [stay.patch for stay in kept.stays if stay.family == "vehicle"] == [before.patch]


def test_stays_that_were_amended_are_kept_and_the_others_left() -> None:
    kept = book()
    watch(row(), kept, until=2)
    told = replace(kept.stays[1], reported=("illegal_parking",))
    kept.amend([told])
    assert [stay.reported for stay in kept.stays] == [(), ("illegal_parking",), ()]
    kept.clear()
    assert kept.stays == ()


def names(entries: Sequence[Entry]) -> list[str]:
    return [entry.stay.object_class for entry in entries]


def test_only_what_is_sure_enough_opens_a_stay() -> None:
    [(entries, _)] = watch(Street().add("car", ROW[0]).add("bin", ROW[1], confidence=0.3), book(), until=0)
    assert names(entries) == ["car"]
