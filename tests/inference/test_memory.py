"""What a camera remembers is either whole or refused in one sentence."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from inference import memory
from inference.memory import MemoryUnreadable
from tests.street import Street, inspector, looks

Form = dict[str, Any]
CAR = (300.0, 150.0, 420.0, 220.0)


def remembered() -> bytes:
    street = Street().add("car", CAR)
    watcher = inspector(street)
    looks(street, watcher, until=4)
    return watcher.memory()


def test_what_was_written_is_read_again() -> None:
    past = memory.read(remembered())
    assert [stay.object_class for stay in past.stays] == ["car"]
    assert memory.registration(past).last.steady


def _short_view(form: Form) -> None:
    form["view"] = [1, 0, 0, 0, 1]


def _long_view(form: Form) -> None:
    form["view"] = [1, 0, 0, 0, 1, 0, 0]


def _flat_view(form: Form) -> None:
    form["view"] = [0, 0, 0, 0, 0, 0]


def _unknown_family(form: Form) -> None:
    form["stays"][0]["family"] = "spaceship"


def _no_votes(form: Form) -> None:
    form["stays"][0]["votes"] = {}


def _no_confidences(form: Form) -> None:
    form["stays"][0]["confidences"] = []


def _cut_patch(form: Form) -> None:
    form["stays"][0]["patch"] = "QUJD"


def _other_version(form: Form) -> None:
    form["version"] = 99


@pytest.mark.parametrize(
    "damage",
    [
        _short_view,
        _long_view,
        _flat_view,
        _unknown_family,
        _no_votes,
        _no_confidences,
        _cut_patch,
        _other_version,
    ],
)
def test_a_memory_that_cannot_be_used_is_refused_with_what_to_do(damage: Callable[[Form], None]) -> None:
    form: Form = json.loads(remembered())
    damage(form)
    with pytest.raises(MemoryUnreadable, match="delete its row"):
        memory.read(json.dumps(form).encode())


def test_a_damaged_reference_picture_is_refused() -> None:
    form: Form = json.loads(remembered())
    form["reference"] = "QUJD"
    with pytest.raises(MemoryUnreadable, match="delete its row"):
        memory.registration(memory.read(json.dumps(form).encode()))


def test_a_memory_of_an_earlier_form_is_still_read() -> None:
    form: Form = json.loads(remembered())
    form["stays"][0]["last_detected"] = form["stays"][0]["last_seen"]
    assert memory.read(json.dumps(form).encode()).stays
