"""How often somebody may knock at a door: by address where it is open to all, by vehicle where one has a key."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from ipaddress import ip_address, ip_network
from math import ceil

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection

MOST_REMEMBERED = 20_000
"""Addresses that one door remembers, the ones seen last: a few megabytes, however many knock."""


class Quota:
    """So many at once, then one in every so many seconds, for each address.

    Args:
        burst: how many at once.
        every: seconds until one more is allowed.
        remembered: how many addresses are remembered at most.
        seconds: a clock that never goes back.
    """

    def __init__(
        self,
        *,
        burst: int,
        every: float,
        remembered: int = MOST_REMEMBERED,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._burst, self._every, self._remembered, self._seconds = burst, every, remembered, seconds
        self._full_at: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, address: str) -> float:
        """Use one up; gives the seconds to wait, 0 where it was allowed."""
        with self._lock:
            now = self._seconds()
            full_at = max(self._full_at.pop(address, now), now)
            wait = full_at - now - (self._burst - 1) * self._every
            self._full_at[address] = full_at if wait > 0 else full_at + self._every
            while len(self._full_at) > self._remembered:
                self._full_at.popitem(last=False)
            return max(0.0, wait)

    def __len__(self) -> int:
        """How many addresses are remembered."""
        return len(self._full_at)


class Limited:
    """A dependency: answers 429 to an address that knocks too often. One instance is one door, in one process.

    Args:
        burst: how many at once.
        every: seconds until one more is allowed.
    """

    def __init__(self, *, burst: int, every: float) -> None:
        self._burst, self._every = burst, every

    def __call__(self, request: Request) -> None:
        """Use one up."""
        take_one(request, self, burst=self._burst, every=self._every)


def take_one(request: HTTPConnection, door: Hashable, *, burst: int, every: float, whose: str = "") -> None:
    """Use one up of a door's quota for the address that asks, or for whoever was asked for a key.

    Args:
        request: who asks. What it says of itself (`X-Forwarded-For`) does not count: the server believes known proxies.
        door: has a quota of its own.
        burst: how many at once.
        every: seconds until one more is allowed.
        whose: quota it is; without it that of the address.

    Raises:
        HTTPException: 429, it knocks too often.
    """
    quotas: dict[Hashable, Quota] = request.scope["app"].state.quotas
    quota = quotas.setdefault(door, Quota(burst=burst, every=every))
    wait = quota.take(whose or network_of(request.client.host if request.client else ""))
    if wait:
        seconds = str(ceil(wait))
        raise HTTPException(429, f"too many requests; try again in {seconds} s", {"Retry-After": seconds})


def network_of(host: str) -> str:
    """What one person at home has: an IPv4 address, also where it is written as one of IPv6, or a /64 of IPv6.

    >>> network_of("192.0.2.7"), network_of("2001:db8::7:1"), network_of("::ffff:192.0.2.7")
    ('192.0.2.7', '2001:db8::/64', '192.0.2.7')
    """
    try:
        address = ip_address(host)
    except ValueError:
        return host[:64]
    if address.version == 6 and address.ipv4_mapped is not None:  # all of them lie in one /64
        return str(address.ipv4_mapped)
    return host if address.version == 4 else str(ip_network((address, 64), strict=False))
