"""Which addresses may be called.

A name is resolved once, every address is checked, and the connection goes to an address that was checked, so a second
answer of the name server changes nothing.
"""

import socket
from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from cases.ports import AddressRefused, NoAnswer

_ENDING_IN_IPV4 = tuple(map(IPv6Network, ("64:ff9b::/96", "::/96", "::ffff:0:0:0/96")))
"""NAT64, "IPv4-compatible", and "IPv4-translated" (RFC 2765)."""

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


class AddressCheck:
    """Resolves names, and refuses what leads inside.

    Args:
        allowed: `host:port` (IPv6 as `[::1]:8080`) that may be called although they are not public or use another port.
        resolve: how names become addresses.
    """

    def __init__(self, allowed: Iterable[str] = (), *, resolve: Resolve = system_resolve) -> None:
        self._allowed = frozenset(name.lower() for name in allowed)
        self._resolve = resolve

    def addresses(self, host: str, port: int, open_ports: frozenset[int]) -> Sequence[str]:
        """The addresses that may be called, at least one.

        Args:
            host: a name or an IP address.
            port: where it listens.
            open_ports: ports that may be called without being listed.

        Raises:
            AddressRefused: it must not be called.
            NoAnswer: there is no such address.
        """
        name = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        listed = name.lower() in self._allowed
        if port not in open_ports and not listed:
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
