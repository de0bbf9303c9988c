"""Databases with their tables made."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile

import pytest

from api.store.store import SqlStore
from api.store.upgrade import upgrade


def url_of(path: Path) -> str:
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One upgraded file, to be copied: making the tables takes longer than most tests."""
    path = tmp_path_factory.mktemp("store") / "empty.db"
    upgrade(url_of(path))
    return path


@pytest.fixture
def url(empty_database: Path, tmp_path: Path) -> str:
    copyfile(empty_database, tmp_path / "jiexun.db")
    return url_of(tmp_path / "jiexun.db")


@pytest.fixture
def store(url: str) -> Iterator[SqlStore]:
    with SqlStore(url) as opened:
        yield opened
