"""Frames of a vehicle over a WebSocket, through a real server."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from api.accounts.roles import FOR_PROGRAMS
from tests.rigs.served_app import served
from tests.web_house import MORNING, House, jpeg

PLACE = {"captured_at": MORNING.isoformat(), "lat": 31.23, "lon": 121.47}


@pytest.fixture
def address(house: House) -> Iterator[str]:
    with served(house.doors) as url:
        yield url.replace("http://", "ws://") + "/v1/patrols/{}/stream"


def headers(house: House, camera: str | None = "patrol-7") -> dict[str, str]:
    made = house.accounts.make_key("k", rights=() if camera else FOR_PROGRAMS, camera=camera)[1]
    return {"Authorization": f"Bearer {made}"}


def answered(socket: ClientConnection) -> dict[str, Any]:
    return json.loads(socket.recv(timeout=20))


def test_frames_with_their_places_wait_on_the_disk_and_a_refusal_ends_nothing(house: House, address: str) -> None:
    with connect(address.format("patrol-7"), additional_headers=headers(house)) as socket:
        socket.send(json.dumps(PLACE))
        socket.send(jpeg())
        assert (answered(socket)["waiting"], house.patrols.frames.waiting("patrol-7")) == (1, 1)
        socket.send(jpeg())
        assert answered(socket)["status"] == 422  # nobody said where
        socket.send(json.dumps({**PLACE, "digest": "sha-256=:AAAA:"}))
        socket.send(jpeg())
        assert answered(socket)["status"] == 422
        socket.send(json.dumps(PLACE))
        socket.send(jpeg())
        assert answered(socket)["known"]
        socket.send("no json")
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=20)


@pytest.mark.parametrize(
    ("camera", "vehicle", "status"),
    [("east-gate", "patrol-7", 403), ("east-gate", "east-gate", 404), (None, "patrol-7", 403)],
)
def test_only_a_vehicle_s_own_key_opens_it(
    house: House, address: str, camera: str | None, vehicle: str, status: int
) -> None:
    with (
        pytest.raises(InvalidStatus) as denied,
        connect(address.format(vehicle), additional_headers=headers(house, camera)),
    ):
        pass
    assert denied.value.response.status_code == status
    with pytest.raises(InvalidStatus) as denied, connect(address.format(vehicle)):
        pass
    assert denied.value.response.status_code == 401
