"""The project's own files, for the tests that look at the house instead of the behaviour."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("inference", "cases", "api", "training")
FOLDERS = (*PACKAGES, "models", "datasets", "tests", "docs", "deploy", "constraints")
BUILT = frozenset({"__pycache__", "node_modules"})


def files(*suffixes: str, under: tuple[str, ...] = FOLDERS) -> Iterator[Path]:
    """Every file of our own with one of `suffixes`, below the folders `under`."""
    for folder in under:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in suffixes and not BUILT.intersection(path.parts):
                yield path


def name(path: Path) -> str:
    """The path as a person writes it, from the root."""
    return path.relative_to(ROOT).as_posix()


def text(relative: str) -> str:
    """A tracked file as text."""
    return (ROOT / relative).read_text(encoding="utf-8")
