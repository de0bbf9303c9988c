"""A whole service for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.accounts.roles import Role
from tests.rigs.chromium import Chromium
from tests.rigs.served_app import served
from tests.web_house import Browser, House, build_house


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = build_house(tmp_path)
    with house.store:
        yield house


@pytest.fixture
def browser(house: House) -> Browser:
    return house.browser()


@pytest.fixture
def address(house: House) -> Iterator[str]:
    """The service on a port of this machine."""
    with served(house.doors) as address:
        yield address


@pytest.fixture
def chromium(house: House, address: str, tmp_path: Path) -> Iterator[Chromium]:
    """A browser in which somebody who is everything is signed in."""
    with Chromium(tmp_path / "profile") as browser:
        browser.set_cookie(address, "jiexun", house.accounts.open_session(house.person(*Role)))
        yield browser
