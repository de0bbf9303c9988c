"""A whole service for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web_house import Browser, House, build_house


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = build_house(tmp_path)
    with house.store:
        yield house


@pytest.fixture
def browser(house: House) -> Browser:
    return house.browser()
