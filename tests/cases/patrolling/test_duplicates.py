"""The same matter from a patrol, a fixed camera and a resident is one case, as far as the position allows to say so."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cases.intake import Intake, Outcome
from cases.merging import MergeRules
from cases.source import Source
from inference.findings import Finding, ViolationKind
from tests.case_builders import HERE, NOON, CountedIds, HandClock, a_city, a_finding, a_report, north_of
from tests.case_fakes import MemoryStore

RULES = MergeRules(patrols=frozenset({"van", "bike"}))
GARBAGE, PARKING = ViolationKind.EXPOSED_GARBAGE, ViolationKind.ILLEGAL_PARKING


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def intake(store: MemoryStore) -> Intake:
    return Intake(store, a_city(merging=RULES), clock=HandClock(), new_id=CountedIds())


def passed(
    key: str, north: float, off: float = 3.0, *, kind: ViolationKind = GARBAGE, camera: str = "van", hours: float = 0.0
) -> Finding:
    where, at = north_of(HERE, north), NOON + timedelta(hours=hours)
    return replace(a_finding(key, kind=kind, camera=camera, zone="street", where=where, at=at), uncertainty=off)


def test_a_patrol_a_camera_and_a_resident_make_one_case_with_three_sources(intake: Intake, store: MemoryStore) -> None:
    first = intake.take(passed("p", 0))
    assert first.outcome is Outcome.OPENED
    seen = intake.take(a_finding("c", kind=GARBAGE, camera="gate", where=north_of(HERE, 40), at=NOON))
    assert seen.outcome is Outcome.MERGED
    with store.transaction() as book:
        said = intake.receive(book, a_report(place=north_of(HERE, 20)))
    assert (said.outcome, said.case.source) == (Outcome.MERGED, Source.PATROL)
    assert said.case.cameras == ("van", "gate")


def test_what_the_place_may_be_off_widens_the_radius_and_no_further_than_that(intake: Intake) -> None:
    intake.take(a_finding("c", kind=GARBAGE, camera="gate", where=HERE, at=NOON))
    assert intake.take(passed("sure", 54, off=1.0)).outcome is Outcome.OPENED
    assert intake.take(passed("unsure", -58, off=5.0)).outcome is Outcome.MERGED
    assert intake.take(passed("lost", -95, off=50.0)).outcome is Outcome.OPENED


def test_two_patrols_find_one_heap_once_and_two_heaps_twice(intake: Intake) -> None:
    intake.take(passed("a", 0))
    assert intake.take(passed("b", 8, camera="bike", hours=1)).outcome is Outcome.MERGED
    assert intake.take(passed("c", 30, camera="bike", hours=1)).outcome is Outcome.OPENED


def test_vehicles_side_by_side_that_patrols_tell_apart_are_two_cases(intake: Intake) -> None:
    intake.take(passed("a", 0, kind=PARKING))
    assert intake.take(passed("b", 5, kind=PARKING)).outcome is Outcome.OPENED


def test_a_patrol_s_finding_that_is_known_by_its_site_is_known_on_every_pass(intake: Intake) -> None:
    assert [intake.take(passed("site", n, hours=n)).outcome for n in range(3)] == [
        Outcome.OPENED,
        Outcome.KNOWN,
        Outcome.KNOWN,
    ]
