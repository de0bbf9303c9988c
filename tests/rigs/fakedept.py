"""A department's web service on loopback, with good or bad manners.

It checks signatures with the reference library and knows repetitions by their `webhook-id`, unless its manner forbids.
"""

import json
import socket
import struct
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from time import sleep

from standardwebhooks import Webhook

SECRET = "whsec_" + "Zm9yIHRlc3RzIG9ubHksIG5vdCBmb3IgYW55Ym9keQ=="


class Manner(StrEnum):
    """How it treats a caller."""

    GOOD = "good"
    RESET = "reset"
    RESET_AFTER_READING = "reset after reading"
    MUTE = "mute"
    TRICKLE = "trickle"
    ERROR_500 = "500"
    BUSY_503 = "503"
    BUSY_429 = "429"
    GONE_410 = "410"
    MOVED_301 = "301"
    GARBAGE = "200 and garbage"
    NOT_HTTP = "not http"
    HUGE = "huge"
    HALF = "half an answer"


ANSWERS = {
    Manner.GOOD: b"HTTP/1.1 204 No Content\r\n\r\n",
    Manner.ERROR_500: b"HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\noops",
    Manner.BUSY_503: b"HTTP/1.1 503 Busy\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n",
    Manner.BUSY_429: b"HTTP/1.1 429 Slow down\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n",
    Manner.GONE_410: b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n",
    Manner.GARBAGE: b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 6\r\n\r\n\xff\x00{{<<",
    Manner.NOT_HTTP: b"220 mail.example ESMTP ready\r\n",
    Manner.HALF: b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nonly this",
}


@dataclass
class FakeDepartment:
    """What it saw.

    Attributes:
        port: where it listens on 127.0.0.1.
        manner: how it answers; may be changed at any time.
        attempts: the `webhook-id` of each request that was read, in order.
        created: case number by `webhook-id`: what a real department would have in its books.
        elsewhere: requests to any other path than `/cases`, e.g. after a redirect.
        sent_bytes: bytes of the last huge answer that were taken.
    """

    port: int
    manner: Manner = Manner.GOOD
    attempts: list[str] = field(default_factory=list[str])
    created: dict[str, str] = field(default_factory=dict[str, str])
    elsewhere: list[str] = field(default_factory=list[str])
    sent_bytes: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/cases"

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def serve_one(self, connection: socket.socket, stop: threading.Event) -> None:
        manner = self.manner
        if manner is Manner.RESET:
            return _reset(connection)
        self._take(_read_request(connection))
        if manner is Manner.RESET_AFTER_READING:
            _reset(connection)
        elif manner is Manner.MUTE:
            stop.wait()
        elif manner is Manner.TRICKLE:
            for each in b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 1000:
                connection.sendall(bytes([each]))
                sleep(0.05)
        elif manner is Manner.MOVED_301:
            there = f"Location: http://{self.address}/elsewhere"
            connection.sendall(f"HTTP/1.1 301 Moved\r\n{there}\r\nContent-Length: 0\r\n\r\n".encode())
        elif manner is Manner.HUGE:
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            self.sent_bytes = 0
            for _ in range(20_000):
                self.sent_bytes += connection.send(b"x" * 4096)
        else:
            connection.sendall(ANSWERS[manner])

    def _take(self, request: tuple[str, dict[str, str], bytes]) -> None:
        path, headers, body = request
        if path != "/cases":
            self.elsewhere.append(path)
            return
        Webhook(SECRET).verify(body, headers, json_parse=False)
        self.attempts.append(headers["webhook-id"])
        if self.manner in (Manner.GOOD, Manner.GARBAGE, Manner.RESET_AFTER_READING, Manner.HUGE, Manner.MUTE):
            self.created.setdefault(headers["webhook-id"], json.loads(body)["data"]["number"])


@contextmanager
def fake_department(manner: Manner = Manner.GOOD) -> Generator[FakeDepartment]:
    """A department that listens until the end of the block."""
    stop, threads = threading.Event(), list[threading.Thread]()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        department = FakeDepartment(port=listener.getsockname()[1], manner=manner)
        listener.settimeout(0.05)

        def serve(connection: socket.socket) -> None:
            with connection:
                connection.settimeout(5)
                try:
                    department.serve_one(connection, stop)
                except OSError:
                    return  # the caller hung up, as callers may

        def listen() -> None:
            while not stop.is_set():
                try:
                    connection, _ = listener.accept()
                except TimeoutError:
                    continue
                threads.append(threading.Thread(target=serve, args=(connection,)))
                threads[-1].start()

        threads.append(threading.Thread(target=listen))
        threads[0].start()
        try:
            yield department
        finally:
            stop.set()
            for thread in threads:
                thread.join()


def _read_request(connection: socket.socket) -> tuple[str, dict[str, str], bytes]:
    received = b""
    while b"\r\n\r\n" not in received:
        received += _some(connection)
    head, body = received.split(b"\r\n\r\n", 1)
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    while len(body) < int(headers["content-length"]):
        body += _some(connection)
    return first.split(" ")[1], headers, body


def _some(connection: socket.socket) -> bytes:
    data = connection.recv(65536)
    if not data:
        raise ConnectionError("the caller hung up")
    return data


def _reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
