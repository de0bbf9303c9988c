"""A department's Open311 server (GeoReport v2) on loopback, with good or bad manners. It knows no repetition."""

import json
import socket
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

from tests.rigs.fakedept import TAKES, Manner, misbehave
from tests.rigs.listening import listening, read_request, reset

API_KEY = "key-for-tests"
Fields = dict[str, str]


@dataclass
class Fake311:
    """What it has.

    Attributes:
        port: where it listens on 127.0.0.1.
        manner: how it answers to a new request; may be changed at any time.
        asked_manner: how it answers when it is asked.
        takes: whether it takes what it then does not answer properly.
        gives_tokens: whether a new request gets a token first.
        hides: fields that it does not show.
        clock: its own.
        fast: how far it is ahead.
        requests: what it took, in order: a real department would have each in its books.
        asked: targets that were read.
        posted: forms that were posted, also those that it did not take.
    """

    port: int = 0
    manner: Manner = Manner.GOOD
    asked_manner: Manner = Manner.GOOD
    takes: bool = True
    gives_tokens: bool = False
    hides: frozenset[str] = frozenset()
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    fast: timedelta = timedelta(0)
    requests: list[Fields] = field(default_factory=list[Fields])
    asked: list[str] = field(default_factory=list[str])
    posted: list[Fields] = field(default_factory=list[Fields])
    elsewhere: list[str] = field(default_factory=list[str])
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"http://{self.address}/open311/v2"

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def move(self, number: str, **changed: str) -> None:
        """The department does something about a request."""
        self.requests[int(number.removeprefix("SR-")) - 1].update(changed)

    def serve_one(self, connection: socket.socket, stop: threading.Event) -> None:
        manner = self.manner
        if manner is Manner.RESET:
            return reset(connection)
        method, target, _, body = read_request(connection)
        parts = urlsplit(target)
        path, _, form = parts.path.removeprefix("/open311/v2/").rpartition(".")
        if method == "GET":
            self.asked.append(target)
            if self.asked_manner is not Manner.GOOD:
                misbehave(connection, self.asked_manner, stop, self.address)
                return
            return self._say(connection, form, self._shown(path, _single(parts.query)))
        if path != "requests":
            self.elsewhere.append(target)
        posted = _single(body.decode())
        self.posted.append(posted)
        if posted.get("api_key") != API_KEY:
            return self._say(connection, form, [{"code": "403", "description": "wrong key"}], status=403, root="errors")
        taken = self._take(posted) if self.takes and manner in TAKES else {}
        if manner is Manner.GOOD:
            return self._say(connection, form, [taken], status=201)
        misbehave(connection, manner, stop, self.address)

    def _take(self, posted: Fields) -> Fields:
        with self._lock:
            number = f"SR-{len(self.requests) + 1}"
            kept = {name: posted[name] for name in ("service_code", "description", "lat", "long") if name in posted}
            at = (self.clock() + self.fast).strftime("%Y-%m-%dT%H:%M:%SZ")
            self.requests.append(kept | {"service_request_id": number, "status": "open", "requested_datetime": at})
        return {"token": f"T-{number}"} if self.gives_tokens else {"service_request_id": number}

    def _shown(self, path: str, asked: Fields) -> list[Fields]:
        kind, _, name = path.partition("/")
        if kind == "tokens":
            number = name.removeprefix("T-")
            return [{"token": name} | ({} if self.gives_tokens else {"service_request_id": number})]
        if name:
            found = [one for one in self.requests if one["service_request_id"] == name]
        else:
            since, until = asked["start_date"], asked["end_date"]
            found = [
                one
                for one in self.requests
                if one["service_code"] == asked["service_code"] and since <= one["requested_datetime"] <= until
            ]
        return [{key: value for key, value in one.items() if key not in self.hides} for one in found]

    def _say(
        self, connection: socket.socket, form: str, said: list[Fields], *, status: int = 200, root: str = ""
    ) -> None:
        body = json.dumps(said) if form == "json" else _xml(said, root or "service_requests")
        date = format_datetime(self.clock() + self.fast, usegmt=True)
        head = f"HTTP/1.1 {status} X\r\nDate: {date}\r\nContent-Length: {len(body.encode())}\r\n\r\n"
        connection.sendall((head + body).encode())


@contextmanager
def fake_311(manner: Manner = Manner.GOOD) -> Generator[Fake311]:
    """A server that listens until the end of the block."""
    server = Fake311(manner=manner)
    with listening(server.serve_one) as server.port:
        yield server


def _single(query: str) -> Fields:
    return {name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()}


def _xml(said: list[Fields], root: str) -> str:
    inside = "".join(
        f"<one>{''.join(f'<{name}>{escape(value)}</{name}>' for name, value in one.items())}</one>" for one in said
    )
    return f'<?xml version="1.0" encoding="utf-8"?><{root}>{inside}</{root}>'
