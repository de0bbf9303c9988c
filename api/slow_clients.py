"""Clients that send half a request, a byte a second, or do not read their answer: cut off, before they take all places.

The server counts connections and refuses what comes beyond its limit, but waits for the rest of a request as long as
somebody likes to keep it waiting: two hundred silent connections would lock every camera out.
"""

import asyncio
from typing import ClassVar, cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

TOO_SLOW = (
    b"HTTP/1.1 408 Request Timeout\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n"
    b"this request came too slowly; send it again\n"
)


TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n"
    b"the head of this request is larger than 64 kB\n"
)
MOST_HEAD_BYTES = 64 * 1024
"""More of a request's head is not even kept."""


class ImpatientProtocol(H11Protocol):
    """HTTP for clients that have to get on.

    Whoever owes us a part of a request has to send at least `LEAST_BYTES` in every `WINDOW`; whoever is sent an answer
    has to take as much. Where `CROWDED` connections are open and another one comes, the one is cut that owes and has
    sent least. What we ourselves take time for costs nobody anything.
    """

    WINDOW: ClassVar[float] = 10.0
    """Seconds. Two of them may pass until somebody is cut: a request may begin right after a look at it."""
    LEAST_BYTES: ClassVar[int] = 4096
    CROWDED: ClassVar[int] = 150
    """Open connections from which on room is made, well below the server's own limit."""

    _connected = False
    _answered = False
    _looking: asyncio.TimerHandle | None = None
    _received = 0
    _received_at_last_look = 0
    _owed_at_last_look = False
    _unread_at_last_look = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to look at it now and then; where it is crowded, make room first."""
        others = [each for each in self.connections if isinstance(each, ImpatientProtocol) and each.owes]
        if len(self.connections) >= self.CROWDED and others:
            min(others, key=lambda each: each.received).cut()
        super().connection_made(cast(asyncio.Transport, transport))
        self._connected = True
        self._look_again()

    def connection_lost(self, exc: Exception | None) -> None:
        """Look at it no more."""
        if self._looking is not None:
            self._looking.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what comes of each request."""
        if not self.owes:
            self._received, self._received_at_last_look, self._owed_at_last_look = 0, 0, False
        self._received += len(data)
        super().data_received(data)

    def on_response_complete(self) -> None:
        """From now on a connection may rest; the server gives it a few seconds for the next request."""
        self._answered = True
        super().on_response_complete()

    def resume_writing(self) -> None:
        """Whoever takes what they are sent gets on."""
        self._unread_at_last_look = 0
        super().resume_writing()

    @property
    def received(self) -> int:
        """Bytes of the request at hand so far."""
        return self._received

    @property
    def owes(self) -> bool:
        """Whether we wait for a part of a request."""
        if not self._connected or self.transport.is_closing() or self.flow.read_paused:
            return False
        if self.conn.their_state is h11.SEND_BODY:
            return True
        begun = not self._answered or bool(self.conn.trailing_data[0])
        return self.conn.their_state is h11.IDLE and begun

    def send_400_response(self, msg: str) -> None:
        """Say what is wrong with a request that cannot be read."""
        if len(self.conn.trailing_data[0]) <= MOST_HEAD_BYTES:
            super().send_400_response(msg)
            return
        self.transport.write(TOO_LARGE)
        self.transport.close()

    def cut(self) -> None:
        """End it, with a word where no answer has begun."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE) and not self.flow.write_paused:
            self.transport.write(TOO_SLOW)
            self.transport.close()
        else:
            self.transport.abort()

    def _look_again(self) -> None:
        self._looking = self.loop.call_later(self.WINDOW, self._look)

    def _look(self) -> None:
        if self.transport.is_closing():
            return
        unread = self.transport.get_write_buffer_size() if self.flow.write_paused else 0
        came, taken = self._received - self._received_at_last_look, self._unread_at_last_look - unread
        sends_nothing = self._owed_at_last_look and self.owes and came < self.LEAST_BYTES
        reads_nothing = unread > 0 and self._unread_at_last_look > 0 and taken < self.LEAST_BYTES
        if sends_nothing or reads_nothing:
            self.cut()
            return
        self._owed_at_last_look, self._received_at_last_look = self.owes, self._received
        self._unread_at_last_look = unread
        self._look_again()
