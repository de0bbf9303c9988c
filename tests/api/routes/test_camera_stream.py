"""Frames over a WebSocket, through a real server."""

import base64
import hashlib
import json
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any

import anyio
import pytest
from fastapi import WebSocket
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from api.accounts.roles import FOR_PROGRAMS, Role
from api.app import create_app
from api.routes.camera_stream import AboutNext, answer_frames
from inference.sources.pushed import Mailbox
from tests.rigs.served_app import served
from tests.web_house import House, jpeg


@pytest.fixture
def mailbox(house: House) -> Mailbox:
    house.mailboxes["east-gate"] = Mailbox()
    return house.mailboxes["east-gate"]


@pytest.fixture
def address(house: House, mailbox: Mailbox) -> Iterator[str]:
    with served(house.doors) as url:
        yield url.replace("http://", "ws://") + "/v1/cameras/{}/stream"


def key(house: House, camera: str | None = "east-gate") -> str:
    return house.accounts.make_key("k", rights=() if camera else FOR_PROGRAMS, camera=camera)[1]


@contextmanager
def camera(house: House, address: str) -> Generator[ClientConnection]:
    with connect(address.format("east-gate"), additional_headers={"Authorization": f"Bearer {key(house)}"}) as socket:
        yield socket


def answered(socket: ClientConnection) -> dict[str, Any]:
    return json.loads(socket.recv(timeout=20))


def refused(address: str, headers: dict[str, str], of: str = "east-gate") -> tuple[int, str]:
    with pytest.raises(InvalidStatus) as denied, connect(address.format(of), additional_headers=headers):
        pass
    said = denied.value.response
    assert said.headers["Content-Type"] == "application/problem+json"
    return said.status_code, json.loads(said.body)["detail"]


def test_frames_reach_the_worker_and_the_newest_one_wins(house: House, address: str, mailbox: Mailbox) -> None:
    with camera(house, address) as socket:
        for seed in (1, 2, 3):
            socket.send(jpeg(seed))
            told = answered(socket)
            assert (told["camera"], told["sha256"]) == ("east-gate", hashlib.sha256(jpeg(seed)).hexdigest())
            assert (told["waiting"], told["shed"]) == (1, seed - 1)
    frame = mailbox.take(0)
    assert frame is not None
    original = frame.picture.original()
    assert original is not None
    assert original.data == jpeg(3)


def test_what_is_said_of_a_frame_holds_for_that_frame_alone(house: House, address: str, mailbox: Mailbox) -> None:
    digest = base64.b64encode(hashlib.sha256(jpeg(1)).digest()).decode()
    with camera(house, address) as socket:
        socket.send(json.dumps({"captured_at": "2026-03-02T09:29:58+08:00", "digest": f"sha-256=:{digest}:"}))
        socket.send(jpeg(1))
        assert answered(socket)["waiting"] == 1
        frame = mailbox.take(0)
        assert frame is not None
        assert frame.sender_time == datetime(2026, 3, 2, 1, 29, 58, tzinfo=UTC)
        socket.send(jpeg(2))
        assert answered(socket)["waiting"] == 1
        frame = mailbox.take(0)
        assert frame is not None
        assert frame.sender_time is None


def test_a_frame_that_is_refused_ends_nothing(house: House, address: str, mailbox: Mailbox) -> None:
    wrong = {"digest": f"sha-256=:{'A' * 43}=:"}, {"captured_at": "yesterday"}
    with camera(house, address) as socket:
        for said in wrong:
            socket.send(json.dumps(said))
            socket.send(jpeg())
            assert answered(socket)["status"] == 422
        for data in (b"no picture", b""):
            socket.send(data)
            assert answered(socket)["status"] == 422
        socket.send(jpeg())
        assert answered(socket)["waiting"] == 1
    assert mailbox.counts.offered == 1


def test_what_says_nothing_of_a_frame_ends_the_connection(house: House, address: str) -> None:
    with camera(house, address) as socket:
        socket.send('{"captured": 1}')
        with pytest.raises(ConnectionClosed) as closed:
            answered(socket)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1008


def test_only_the_camera_s_own_key_opens_it(house: House, address: str) -> None:
    own = {"Authorization": f"Bearer {key(house)}"}
    assert refused(address, {})[0] == 401
    assert refused(address, {"Authorization": "Bearer jx_wrong"})[0] == 401
    assert refused(address, own, of="market-street") == (
        403,
        "this key is of another camera; `jiexun key add --camera` makes one for each",
    )
    assert refused(address, {"Authorization": f"Bearer {key(house, None)}"})[0] == 403
    for role in Role:
        session = house.accounts.open_session(house.person(role, name=role.value))
        assert refused(address, {"Cookie": f"jiexun={session}"})[0] == 403, role


def test_a_camera_that_nobody_watches_here(house: House, address: str) -> None:
    unwatched = {"Authorization": f"Bearer {key(house, 'market-street')}"}
    status, sentence = refused(address, unwatched, of="market-street")
    assert (status, "no worker" in sentence) == (503, True)


def test_a_key_that_is_revoked_meanwhile_sends_nothing_more(house: House) -> None:
    made, written = house.accounts.make_key("k", camera="east-gate")
    coming: list[dict[str, Any]] = [{"type": "websocket.connect"}, *[{"type": "websocket.receive", "bytes": b"x"}] * 2]
    taken, sent = list[bytes](), list[dict[str, Any]]()

    async def receive() -> Any:
        if len(coming) == 1:
            house.accounts.revoke_key(made.id)
        return coming.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    def answer(data: bytes, _: AboutNext) -> str:
        taken.append(data)
        return "taken"

    headers = [(b"authorization", f"Bearer {written}".encode())]
    scope = {"type": "websocket", "app": create_app(house.doors), "headers": headers}
    anyio.run(partial(answer_frames, WebSocket(scope, receive, send), AboutNext, answer, good_for=0.0))
    assert taken == [b"x"]
    assert (sent[-1]["type"], sent[-1]["code"]) == ("websocket.close", 1008)
