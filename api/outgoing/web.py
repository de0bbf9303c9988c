"""Calls over HTTP.

Redirects are not followed and proxies of the environment not used. One deadline holds for the whole exchange however
slowly it trickles, and 64 kB of the answer are read at most.
"""

import ssl
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from time import monotonic
from urllib.parse import SplitResult, urlsplit

import httpcore

from api.clock import utc_now
from api.outgoing.addresses import AddressCheck, Resolve, system_resolve
from cases.ports import AddressRefused, Answer, Clock, NoAnswer
from inference.crossings import crossing

MOST_ANSWER_BYTES = 64 * 1024
MOST_CONNECT_SECONDS = 5.0
OPEN_PORTS = frozenset({80, 443, 8080, 8443})
"""Ports that may be called without being listed: what web servers use, and nothing that speaks another protocol."""

Late = Callable[[], bool]

_UNCOMPRESSED = ("Accept-Encoding", "identity")  # 64 kB of a compressed answer could become any size


def _never() -> bool:
    return False


@cache
def _system_authorities() -> ssl.SSLContext:
    """Shared by all web clients: reading the authorities takes longer than most exchanges."""
    return ssl.create_default_context()


class OutgoingClient:
    """Posts to and reads from public addresses, and those inside that are listed. Safe to use from many threads.

    Args:
        allowed: `host:port` (IPv6 as `[::1]:8080`) that may be called although they are not public or use another port.
        resolve: how names become addresses.
        tls: how certificates are checked; by default against the system's authorities.
        most_bytes: of an answer that are read.
        clock: now, by which it is too late to send.
    """

    def __init__(
        self,
        allowed: frozenset[str] = frozenset(),
        *,
        resolve: Resolve = system_resolve,
        tls: ssl.SSLContext | None = None,
        most_bytes: int = MOST_ANSWER_BYTES,
        clock: Clock = utc_now,
    ) -> None:
        self._check = AddressCheck(allowed, resolve=resolve)
        self._tls = tls or _system_authorities()
        self._most_bytes = most_bytes
        self._clock = clock

    def post(
        self,
        url: str,
        *,
        headers: Mapping[str, str],
        body: bytes,
        timeout: timedelta,
        before: datetime | None = None,
    ) -> Answer:
        """See `Poster.post`."""
        late = (lambda: self._clock() >= before) if before is not None else _never
        return self._exchange("POST", url, headers, body, timeout, late)

    def get(self, url: str, *, headers: Mapping[str, str], timeout: timedelta) -> Answer:
        """See `Getter.get`."""
        return self._exchange("GET", url, headers, None, timeout)

    def _exchange(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None,
        timeout: timedelta,
        late: Late = _never,
    ) -> Answer:
        parts, port = _target(url)
        host = parts.hostname or ""
        ends_at = monotonic() + timeout.total_seconds()
        network = _Pinned(self._check.addresses(host, port, OPEN_PORTS), ends_at, late)
        sent = [_UNCOMPRESSED, *headers.items()]
        try:
            with (
                httpcore.ConnectionPool(ssl_context=self._tls, network_backend=network) as pool,
                pool.stream(method, _plain(parts), headers=sent, content=body) as response,
            ):
                read, cut = _read(response.iter_stream(), self._most_bytes)
                crossing("outgoing.answered")
                return Answer(
                    status=response.status,
                    headers={name.decode("latin-1").lower(): text.decode("latin-1") for name, text in response.headers},
                    body=read,
                    cut=cut,
                )
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
            why = str(error) or type(error).__name__
            raise NoAnswer(f"{host}:{port} did not answer ({why})", maybe_delivered=network.has_written) from error


class _Pinned(httpcore.NetworkBackend):
    """Connects to one of the checked addresses whatever the URL says, and lets nothing outlast the deadline."""

    def __init__(self, addresses: Sequence[str], ends_at: float, late: Late) -> None:
        self._addresses = addresses
        self._ends_at = ends_at
        self._late = late
        self._sockets = httpcore.SyncBackend()
        self.has_written = False

    def connect_tcp(
        self,
        host: str,  # noqa: ARG002
        port: int,
        timeout: float | None = None,  # noqa: ARG002
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        *others, last = self._addresses
        for address in others:
            try:
                return self._connected(address, port, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return self._connected(last, port, local_address, socket_options)

    def writes(self) -> None:
        """From now on the receiver may have read something; asked last of all, so that no pause lies in between.

        Raises:
            httpcore.WriteTimeout: it is too late to send.
        """
        if self._late():
            raise httpcore.WriteTimeout("it was too late to send")
        self.has_written = True

    def _connected(
        self,
        address: str,
        port: int,
        local_address: str | None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None,
    ) -> httpcore.NetworkStream:
        left = min(_left(self._ends_at, httpcore.ConnectTimeout), MOST_CONNECT_SECONDS)
        crossing("outgoing.connect")
        stream = self._sockets.connect_tcp(address, port, left, local_address, socket_options)
        return _Hurried(stream, self._ends_at, self.writes)


class _Hurried(httpcore.NetworkStream):
    """A connection whose every step has only what is left until the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, ends_at: float, writes: Callable[[], None]) -> None:
        self._stream = stream
        self._ends_at = ends_at
        self._writes = writes

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        return self._stream.read(max_bytes, _left(self._ends_at, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        left = _left(self._ends_at, httpcore.WriteTimeout)
        self._writes()
        self._stream.write(buffer, left)
        crossing("outgoing.written")

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        left = _left(self._ends_at, httpcore.ConnectTimeout)
        return _Hurried(self._stream.start_tls(ssl_context, server_hostname, left), self._ends_at, self._writes)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


def _left(ends_at: float, timed_out: type[httpcore.TimeoutException]) -> float:
    left = ends_at - monotonic()
    if left <= 0:
        raise timed_out("the time is over")
    return left


def _target(url: str) -> tuple[SplitResult, int]:
    if not (url.isascii() and url.isprintable()) or " " in url:
        raise AddressRefused(
            "a web address must be plain ASCII; write other characters as %XX or xn-- in the city file"
        )
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
    except ValueError as error:
        raise AddressRefused(f"a webhook address cannot be read ({error}); correct it in the city file") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise AddressRefused("a web address must begin with https:// and name a host; correct it in the city file")
    if parts.username is not None or parts.password is not None:
        raise AddressRefused(f"the web address of {parts.hostname} must not hold a user or password; remove it")
    return parts, port


def _plain(parts: SplitResult) -> str:
    """The URL without fragment."""
    return parts._replace(fragment="").geturl()


def _read(chunks: Iterable[bytes], most: int) -> tuple[bytes, bool]:
    """At most `most` bytes, and whether there were more."""
    read = bytearray()
    for chunk in chunks:
        read += chunk
        if len(read) > most:
            return bytes(read[:most]), True
    return bytes(read), False
