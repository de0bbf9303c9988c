"""Posting to addresses that a city file names, without letting them lead us into our own network.

The name is resolved once, every address is checked, and the connection goes to an address that was checked, so a
second answer of the name server changes nothing. Redirects are not followed and proxies of the environment not used.
One deadline holds for the whole exchange however slowly it trickles, and 64 kB of the answer are read at most.
"""

import socket
import ssl
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from time import monotonic
from urllib.parse import SplitResult, urlsplit

import httpcore

from cases.ports import AddressRefused, Answer, NoAnswer

MOST_ANSWER_BYTES = 64 * 1024
MOST_CONNECT_SECONDS = 5.0
OPEN_PORTS = frozenset({80, 443, 8080, 8443})
"""Ports that may be called without being listed: what web servers use, and nothing that speaks another protocol."""

_UNCOMPRESSED = ("Accept-Encoding", "identity")  # 64 kB of a compressed answer could become any size
_ENDING_IN_IPV4 = (IPv6Network("64:ff9b::/96"), IPv6Network("::/96"))  # NAT64, and "IPv4-compatible"

Resolve = Callable[[str, int], Sequence[str]]
"""From host and port to IP addresses. Raises OSError where there is none."""


def system_resolve(host: str, port: int) -> Sequence[str]:
    """All addresses that the system's resolver gives."""
    return [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def is_public(address: str) -> bool:
    """Whether an IP address lies in the public network, also when it is wrapped in an IPv6 one.

    >>> is_public("8.8.8.8"), is_public("127.0.0.1"), is_public("::ffff:10.0.0.1"), is_public("64:ff9b::7f00:1")
    (True, False, False, False)
    """
    found = ip_address(address.partition("%")[0])
    return all(each.is_global and not each.is_multicast for each in (found, *_wrapped(found)))


def _wrapped(address: IPv4Address | IPv6Address) -> Iterable[IPv4Address]:
    if isinstance(address, IPv4Address):
        return ()
    inside = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if any(address in network for network in _ENDING_IN_IPV4):
        inside.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return [each for each in inside if each is not None]


class OutgoingPoster:
    """Posts to public addresses, and to those inside that are listed. Safe to use from many threads.

    Args:
        allowed: `host:port` (IPv6 as `[::1]:8080`) that may be called although they are not public or use another port.
        resolve: how names become addresses.
        tls: how certificates are checked; by default against the system's authorities.
    """

    def __init__(
        self,
        allowed: frozenset[str] = frozenset(),
        *,
        resolve: Resolve = system_resolve,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._allowed = frozenset(name.lower() for name in allowed)
        self._resolve = resolve
        self._tls = tls or ssl.create_default_context()

    def post(self, url: str, *, headers: Mapping[str, str], body: bytes, timeout: timedelta) -> Answer:
        """See `Poster.post`."""
        parts, port = _target(url)
        host = parts.hostname or ""
        ends_at = monotonic() + timeout.total_seconds()
        network = _Pinned(self._checked(host, port), ends_at)
        try:
            with (
                httpcore.ConnectionPool(ssl_context=self._tls, network_backend=network) as pool,
                pool.stream("POST", _plain(parts), headers=[_UNCOMPRESSED, *headers.items()], content=body) as response,
            ):
                return Answer(
                    status=response.status,
                    headers={name.decode("latin-1").lower(): text.decode("latin-1") for name, text in response.headers},
                    body=_read(response.iter_stream()),
                )
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
            why = str(error) or type(error).__name__
            raise NoAnswer(f"{host}:{port} did not answer ({why})", maybe_delivered=network.has_written) from error

    def _checked(self, host: str, port: int) -> Sequence[str]:
        name = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        listed = name.lower() in self._allowed
        if port not in OPEN_PORTS and not listed:
            raise AddressRefused(f"port {port} of {host} must not be called; allow {name} in the city file if it may")
        try:
            addresses = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise NoAnswer(f"{host} has no address ({error}); check the name", maybe_delivered=False) from error
        inside = [address for address in addresses if not is_public(address)]
        if inside and not listed:
            raise AddressRefused(f"{host} leads into a private network; allow {name} in the city file if it may")
        if not addresses:
            raise NoAnswer(f"{host} has no address; check the name", maybe_delivered=False)
        return addresses


class _Pinned(httpcore.NetworkBackend):
    """Connects to one of the checked addresses whatever the URL says, and lets nothing outlast the deadline."""

    def __init__(self, addresses: Sequence[str], ends_at: float) -> None:
        self._addresses = addresses
        self._ends_at = ends_at
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

    def wrote(self) -> None:
        """From now on the receiver may have read something."""
        self.has_written = True

    def _connected(
        self,
        address: str,
        port: int,
        local_address: str | None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None,
    ) -> httpcore.NetworkStream:
        left = min(_left(self._ends_at, httpcore.ConnectTimeout), MOST_CONNECT_SECONDS)
        stream = self._sockets.connect_tcp(address, port, left, local_address, socket_options)
        return _Hurried(stream, self._ends_at, self.wrote)


class _Hurried(httpcore.NetworkStream):
    """A connection whose every step has only what is left until the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, ends_at: float, wrote: Callable[[], None]) -> None:
        self._stream = stream
        self._ends_at = ends_at
        self._wrote = wrote

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        return self._stream.read(max_bytes, _left(self._ends_at, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._wrote()
        self._stream.write(buffer, _left(self._ends_at, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        left = _left(self._ends_at, httpcore.ConnectTimeout)
        return _Hurried(self._stream.start_tls(ssl_context, server_hostname, left), self._ends_at, self._wrote)

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
            "a webhook address must be plain ASCII; write other characters as %XX or xn-- in the city file"
        )
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
    except ValueError as error:
        raise AddressRefused(f"a webhook address cannot be read ({error}); correct it in the city file") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise AddressRefused("a webhook address must begin with https:// and name a host; correct it in the city file")
    if parts.username is not None or parts.password is not None:
        raise AddressRefused(f"the webhook address of {parts.hostname} must not hold a user or password; remove it")
    return parts, port


def _plain(parts: SplitResult) -> str:
    """The URL without fragment."""
    return parts._replace(fragment="").geturl()


def _read(chunks: Iterable[bytes]) -> bytes:
    read = bytearray()
    for chunk in chunks:
        read += chunk
        if len(read) >= MOST_ANSWER_BYTES:
            break
    return bytes(read[:MOST_ANSWER_BYTES])
