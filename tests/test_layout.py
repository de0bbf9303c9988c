"""Rooms and names: whoever opens the folder must know where a thing belongs."""

from collections.abc import Iterable
from hashlib import sha256
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.tree import BUILT, FOLDERS, PACKAGES, ROOT, files, name

TOP_LEVEL = {
    *FOLDERS,
    "pyproject.toml",
    "Makefile",
    "README.md",
    "README.zh-CN.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
}
MADE_BY_RUNNING = {"data", "findings", "runs", "build", "dist"}
SAYS_NOTHING = {"util", "utils", "helper", "helpers", "common", "core", "manager", "managers", "misc", "base"}
AGPL_3 = "0d96a4ff68ad6d4b6f1f30f713b18d5184912ba8dd389f86aa7710db079abcb0"


def saying_nothing(paths: Iterable[Path]) -> list[str]:
    return [name(path) for path in paths if SAYS_NOTHING.intersection((*path.relative_to(ROOT).parts, path.stem))]


def test_the_top_level_holds_only_the_rooms_of_the_house() -> None:
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")} - BUILT
    assert found - TOP_LEVEL - MADE_BY_RUNNING == set()
    assert TOP_LEVEL - found == set()


def test_every_module_is_named_after_something_in_the_field() -> None:
    assert saying_nothing(files(".py", ".js")) == []


def test_a_module_that_says_nothing_is_noticed() -> None:
    paths = [ROOT / "api/utils.py", ROOT / "cases/common/case.py", ROOT / "cases/case.py"]
    assert saying_nothing(paths) == ["api/utils.py", "cases/common/case.py"]


def test_models_and_datasets_are_data_only() -> None:
    assert [name(path) for path in files(".py", under=("models", "datasets"))] == []


def test_tests_are_no_package() -> None:
    assert [name(path) for path in files(".py", under=("tests",)) if path.name == "__init__.py"] == []


def test_every_package_folder_is_importable() -> None:
    # Alembic finds its migrations by path; they are no modules.
    folders = {path.parent for path in files(".py", under=PACKAGES) if "migrations" not in path.parts}
    assert [name(folder) for folder in sorted(folders) if not (folder / "__init__.py").is_file()] == []


def test_no_foreign_distribution_owns_one_of_our_package_names() -> None:
    owners = packages_distributions()
    assert {package: set(owners.get(package, ())) - {"jiexun"} for package in PACKAGES} == {p: set() for p in PACKAGES}


def test_the_licence_is_the_whole_agpl_unchanged() -> None:
    assert sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == AGPL_3
