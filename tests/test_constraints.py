"""The locks fit what pyproject.toml asks for, and the serving install stays free of the training stack."""

import ast
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.tree import PACKAGES, files, text

SERVE = "constraints/serve.txt"
TRAIN = "constraints/train.txt"
MAY_USE = {
    "inference": (None, "openvino"),
    "cases": (None, "plan"),
    "api": (None, "ray", "postgres", "s3"),
    "training": (None, "train"),
    "tests": (None, "dev", "plan", "train", "openvino", "ray", "postgres", "s3"),
}
"""Extras whose packages a folder may import; None is what serving always installs."""
NOT_INSTALLED_HERE = {"ultralytics": "ultralytics-opencv-headless"}
"""Modules of the training stack that are not called after their distribution."""


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


def imported(source: str) -> Iterator[str]:
    """Top-level names of everything foreign that a module imports."""
    for node in ast.walk(ast.parse(source)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or ""]
        for top in (name.partition(".")[0] for name in names):
            if top not in sys.stdlib_module_names and top not in (*PACKAGES, "tests"):
                yield top


@pytest.mark.parametrize("folder", MAY_USE)
def test_every_import_is_of_something_that_pyproject_asks_for(folder: str) -> None:
    declared = {canonicalize_name(need.name) for extra in MAY_USE[folder] for need in asked(extra)}
    owners = packages_distributions()
    used = {top for path in files(".py", under=(folder,)) for top in imported(path.read_text(encoding="utf-8"))}
    distributions = {top: owners.get(top, [NOT_INSTALLED_HERE.get(top, top)]) for top in used}
    undeclared = {top for top, names in distributions.items() if declared.isdisjoint(map(canonicalize_name, names))}
    assert undeclared == set()
