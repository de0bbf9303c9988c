"""The locks fit what pyproject.toml asks for, and the serving install stays free of the training stack."""

import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.tree import text

SERVE = "constraints/serve.txt"
TRAIN = "constraints/train.txt"


def pins(*locks: str) -> dict[str, str]:
    stated = [line for lock in locks for line in text(lock).splitlines() if line and not line.startswith("#")]
    return {canonicalize_name(key): version for key, _, version in (line.partition("==") for line in stated)}


def asked(extra: str | None) -> list[Requirement]:
    project = tomllib.loads(text("pyproject.toml"))["project"]
    stated = project["dependencies"] if extra is None else project["optional-dependencies"][extra]
    return [Requirement(line) for line in stated]


def unmet(needs: list[Requirement], locked: dict[str, str]) -> list[str]:
    return [str(need) for need in needs if not need.specifier.contains(locked.get(canonicalize_name(need.name), ""))]


@pytest.mark.parametrize("extra", [None, "dev"])
def test_what_serving_and_testing_ask_for_is_locked_within_its_range(extra: str | None) -> None:
    assert unmet(asked(extra), pins(SERVE)) == []


def test_the_training_stack_is_locked_where_its_parts_must_fit_each_other() -> None:
    pinned = pins(TRAIN)
    assert unmet([need for need in asked("train") if canonicalize_name(need.name) in pinned], pinned) == []
    assert {"torch", "torchvision"} <= pinned.keys()


def test_a_missing_or_wrong_pin_is_noticed() -> None:
    needs = [Requirement("numpy>=2"), Requirement("PyYAML>=6"), Requirement("rich>=13")]
    assert unmet(needs, {"numpy": "1.26.4", "pyyaml": "6.0.3"}) == ["numpy>=2", "rich>=13"]


def test_every_pin_is_exact() -> None:
    assert [key for key, version in pins(SERVE, TRAIN).items() if not version] == []


def test_serving_installs_neither_torch_nor_a_second_opencv() -> None:
    unwanted = {"torch", "torchvision", "ultralytics", "ultralytics-opencv-headless", "opencv-python"}
    assert unwanted & pins(SERVE).keys() == set()
