"""A department's web service on loopback, with good or bad manners.

It checks signatures with the reference library and knows repetitions by their `webhook-id`, unless its manner forbids.
"""

import json
import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from time import sleep

from standardwebhooks import Webhook

from tests.rigs.listening import listening, read_request, reset

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
    LATE = "200 after the timeout"
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


TAKES = frozenset({Manner.GOOD, Manner.GARBAGE, Manner.RESET_AFTER_READING, Manner.HUGE, Manner.MUTE, Manner.LATE})
"""Manners of somebody who does take the case."""


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
        connections: requests that are being answered now.
        most_connections: the most at one time.
    """

    port: int = 0
    manner: Manner = Manner.GOOD
    attempts: list[str] = field(default_factory=list[str])
    created: dict[str, str] = field(default_factory=dict[str, str])
    elsewhere: list[str] = field(default_factory=list[str])
    sent_bytes: int = 0
    connections: int = 0
    most_connections: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/cases"

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def serve_one(self, connection: socket.socket, stop: threading.Event) -> None:
        manner = self.manner
        if manner is Manner.RESET:
            return reset(connection)
        with self._counting():
            _, path, headers, body = read_request(connection)
            self._take(path, headers, body, manner)
            self.sent_bytes = misbehave(connection, manner, stop, self.address)

    @contextmanager
    def _counting(self) -> Generator[None]:
        with self._lock:
            self.connections += 1
            self.most_connections = max(self.most_connections, self.connections)
        try:
            yield
        finally:
            with self._lock:
                self.connections -= 1

    def _take(self, path: str, headers: dict[str, str], body: bytes, manner: Manner) -> None:
        if path != "/cases":
            self.elsewhere.append(path)
            return
        Webhook(SECRET).verify(body, headers, json_parse=False)
        self.attempts.append(headers["webhook-id"])
        if manner in TAKES:
            self.created.setdefault(headers["webhook-id"], json.loads(body)["data"]["number"])


@contextmanager
def fake_department(manner: Manner = Manner.GOOD) -> Generator[FakeDepartment]:
    """A department that listens until the end of the block."""
    department = FakeDepartment(manner=manner)
    with listening(department.serve_one) as department.port:
        yield department


def misbehave(connection: socket.socket, manner: Manner, stop: threading.Event, address: str) -> int:
    """Answer a request that was read as `manner` says.

    Returns:
        How many bytes of a huge answer were taken.
    """
    if manner is Manner.RESET_AFTER_READING:
        reset(connection)
    elif manner is Manner.MUTE:
        stop.wait()
    elif manner is Manner.LATE:
        stop.wait(2)
        connection.sendall(ANSWERS[Manner.GOOD])
    elif manner is Manner.TRICKLE:
        for each in b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 1000:
            connection.sendall(bytes([each]))
            sleep(0.05)
    elif manner is Manner.MOVED_301:
        there = f"Location: http://{address}/elsewhere"
        connection.sendall(f"HTTP/1.1 301 Moved\r\n{there}\r\nContent-Length: 0\r\n\r\n".encode())
    elif manner is Manner.HUGE:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        return sum(connection.send(b"x" * 4096) for _ in range(20_000))
    else:
        connection.sendall(ANSWERS[manner])
    return 0
