"""Clients that keep us waiting (reliability C4): they are cut off, and a real one is served while they are there.

`JIEXUN_TEST_SLOW_CLIENTS` says how many of them there are; before a release, 1000.
"""

import asyncio
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from api.slow_clients import MOST_HEAD_BYTES, ImpatientProtocol

HALF = b"POST /v1/cameras/east-gate/frames HTTP/1.1\r\nHost: localhost\r\n"
BODY = HALF + b"Content-Length: 1000000\r\n\r\n"
LARGE = 40_000_000
AT_ONCE = 40
SLOW = int(os.environ.get("JIEXUN_TEST_SLOW_CLIENTS", "200"))


class Hurried(ImpatientProtocol):
    WINDOW = 0.2
    CROWDED = 30


async def answering(scope: Scope, receive: Receive, send: Send) -> None:
    """Reads what it is sent and says how much that was; `/large` is a large answer, `/long` a late one."""
    total, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        total, more = total + len(message.get("body", b"")), message.get("more_body", False)
    if scope["path"] == "/long":
        await asyncio.sleep(1.0)
    answer = b"x" * LARGE if scope["path"] == "/large" else str(total).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(answer))]})
    await send({"type": "http.response.body", "body": answer})


@pytest.fixture
def service() -> Iterator[tuple[str, int]]:
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listening:
        config = uvicorn.Config(
            answering,
            http=Hurried,
            h11_max_incomplete_event_size=MOST_HEAD_BYTES,
            limit_concurrency=AT_ONCE,
            lifespan="off",
            log_config=None,
            loop="asyncio",
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield listening.getsockname()
        finally:
            server.should_exit = True
            thread.join(20)


def said_until_closed(client: socket.socket) -> bytes:
    """Everything that comes until the other side closes."""
    client.settimeout(20)
    parts = list[bytes]()
    try:
        while part := client.recv(65_536):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)


@pytest.mark.parametrize("sent", [b"", HALF, BODY, BODY + b"x"])
def test_who_sends_half_a_request_is_cut_off(service: tuple[str, int], sent: bytes) -> None:
    with socket.create_connection(service) as client:
        client.sendall(sent)
        assert said_until_closed(client).startswith(b"HTTP/1.1 408 ")


def test_a_head_without_end_is_refused_in_words(service: tuple[str, int]) -> None:
    with socket.create_connection(service) as client:
        client.sendall(HALF + b"X-Long: " + b"x" * 100_000)
        assert said_until_closed(client).startswith(b"HTTP/1.1 431 ")


def test_a_byte_now_and_then_is_not_enough(service: tuple[str, int]) -> None:
    with socket.create_connection(service) as client:
        client.sendall(BODY)
        stop = threading.Event()
        trickle = threading.Thread(target=drip, args=(client, stop))
        trickle.start()
        said = said_until_closed(client)
        stop.set()
        trickle.join()
    assert said.startswith(b"HTTP/1.1 408 ")


def drip(client: socket.socket, stop: threading.Event) -> None:
    while not stop.wait(0.02):
        try:
            client.sendall(b"x")
        except OSError:
            return


def test_who_does_not_read_the_answer_is_cut_off(service: tuple[str, int]) -> None:
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect(service)
        client.sendall(b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")
        time.sleep(1.5)
        assert len(said_until_closed(client)) < LARGE


def test_who_gets_on_is_never_cut_off(service: tuple[str, int]) -> None:
    def slowly() -> Iterator[bytes]:
        for _ in range(12):
            time.sleep(0.08)
            yield b"x" * 5000

    address = f"http://{service[0]}:{service[1]}"
    with httpx.Client(base_url=address) as client:
        assert client.post("/frames", content=slowly()).text == "60000"
        assert client.get("/long").text == "0", "what takes us long costs nobody anything"
        time.sleep(0.7)
        assert client.get("/").text == "0", "who rests between two requests owes nothing"
        assert len(client.get("/large").content) == LARGE


@pytest.mark.parametrize("sent", [HALF, BODY + b"x"])
def test_a_real_client_is_served_among_hundreds_that_are_not(service: tuple[str, int], sent: bytes) -> None:
    with ExitStack() as crowd:
        for number in range(SLOW):
            crowd.enter_context(socket.create_connection(service)).sendall(sent)
            if number % 50 == 49:
                answer = httpx.post(f"http://{service[0]}:{service[1]}/frames", content=b"x" * 100_000)
                assert (answer.status_code, answer.text) == (200, "100000")
