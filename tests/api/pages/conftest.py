"""A whole service for each test."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from api.accounts.roles import Role
from api.app import create_app
from tests.rigs.chromium import Chromium
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
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(house.doors), log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(20)
    listening.close()


@pytest.fixture
def chromium(house: House, address: str, tmp_path: Path) -> Iterator[Chromium]:
    """A browser in which somebody who is everything is signed in."""
    with Chromium(tmp_path / "profile") as browser:
        browser.set_cookie(address, "jiexun", house.accounts.open_session(house.person(*Role)))
        yield browser
