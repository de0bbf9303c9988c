"""How often a door that is open to all may be knocked at (reliability C6)."""

from api.quotas import Quota, network_of
from tests.rigs.manual_clock import ManualClock


def test_some_at_once_then_one_in_a_while() -> None:
    clock = ManualClock()
    quota = Quota(burst=3, every=10, seconds=clock)
    assert [quota.take("a") for _ in range(5)] == [0, 0, 0, 10, 10]
    clock.sleep(10)
    assert [quota.take("a") for _ in range(2)] == [0, 10]
    clock.sleep(3600)
    assert [quota.take("a") for _ in range(4)] == [0, 0, 0, 10]


def test_one_address_takes_nothing_from_another() -> None:
    quota = Quota(burst=1, every=10, seconds=ManualClock())
    assert [quota.take(name) for name in ("a", "b", "a")] == [0, 0, 10]


def test_a_million_addresses_take_no_more_memory_than_it_was_given() -> None:
    quota = Quota(burst=1, every=10, remembered=1000, seconds=ManualClock())
    for number in range(20_000):
        quota.take(str(number))
    assert len(quota) == 1000


def test_an_ipv6_household_is_one_address() -> None:
    assert network_of("2001:db8:1:2:3::4") == network_of("2001:db8:1:2:ffff::1")
    assert network_of("2001:db8:1:3::4") != network_of("2001:db8:1:2::4")
    assert network_of("") == ""


def test_ipv4_addresses_that_are_written_as_ipv6_are_many() -> None:
    assert network_of("::ffff:192.0.2.7") == network_of("192.0.2.7") != network_of("::ffff:192.0.2.8")
