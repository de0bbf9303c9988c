"""Calls to the outside: only where allowed, never for long, never far."""

import socket
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from api.outgoing.addresses import is_public
from api.outgoing.web import MOST_ANSWER_BYTES, OutgoingClient
from cases.ports import AddressRefused, NoAnswer
from tests.rigs.fakedept import Manner, fake_department

SOON = timedelta(seconds=0.4)
NOTHING_MORE: dict[str, str] = {}
LEASED_UNTIL = datetime(2026, 3, 2, 8, tzinfo=UTC)


def no_names(host: str, port: int) -> Sequence[str]:
    raise OSError("Name or service not known")


PRIVATE = [
    "127.0.0.1", "127.1", "0x7f.1", "2130706433", "0177.0.0.1", "localhost", "0.0.0.0", "0", "10.0.0.1", "10.255.1.2",
    "172.16.0.1", "172.31.255.254", "192.168.1.1", "169.254.169.254", "100.64.0.1", "198.18.0.1", "192.0.2.1",
    "224.0.0.1", "239.255.255.250", "255.255.255.255", "240.0.0.1", "[::1]", "[::]", "[::ffff:127.0.0.1]",
    "[::ffff:10.0.0.1]", "[::ffff:a9fe:a9fe]", "[fe80::1]", "[fc00::1]", "[fd12:3456::1]", "[ff02::1]",
    "[2002:7f00:1::]", "[2002:0a00:0001::1]", "[64:ff9b::7f00:1]", "[64:ff9b::10.0.0.1]", "[2001:db8::1]",
    "[2001:0:4136:e378:8000:63bf:80ff:fffe]", "192.0.0.1", "0.1.2.3", "[::127.0.0.1]", "[::ffff:0:7f00:1]",
]  # fmt: skip


@pytest.mark.parametrize("host", PRIVATE)
def test_private_addresses_are_refused_in_every_spelling(host: str) -> None:
    with pytest.raises((AddressRefused, NoAnswer)) as refused:
        OutgoingClient().post(f"http://{host}/x", headers={}, body=b"", timeout=SOON)
    # What the resolver does not even read is as good as refused; nothing may have been tried.
    assert isinstance(refused.value, AddressRefused) or "has no address" in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.com/",
        "gopher://example.com/",
        "//example.com/",
        "example.com",
        "",
        "http://",
        "http:///path",
        "http://user:secret@example.com/",
        "http://user@example.com/",
        "http://example.com:22/",
        "https://example.com:5432/",
        "http://example.com:99999/",
        "http://exa mple.com/",
        "http://example.com/\r\nX: y",
        "http://例子.example/",
        "http://[::1/",
    ],
)
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        OutgoingClient(resolve=lambda host, port: ["8.8.8.8"]).post(url, headers={}, body=b"", timeout=SOON)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("address", ["1.1.1.1", "8.8.8.8", "2606:4700:4700::1111"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


def test_one_private_address_among_public_ones_is_refused() -> None:
    poster = OutgoingClient(resolve=lambda host, port: ["8.8.8.8", "10.0.0.1"])
    with pytest.raises(AddressRefused, match="private network"):
        poster.post("http://mixed.example/", headers={}, body=b"", timeout=SOON)


def test_the_address_that_was_checked_is_the_one_that_is_called() -> None:
    with fake_department() as department:
        answers = iter([["127.0.0.1"], ["203.0.113.9"]])
        poster = OutgoingClient(
            frozenset({f"dept.example:{department.port}"}), resolve=lambda host, port: next(answers)
        )
        url = f"http://dept.example:{department.port}/elsewhere"
        answer = poster.post(url, headers=NOTHING_MORE, body=b"hello", timeout=timedelta(seconds=5))
        assert answer.status == 204
        assert department.elsewhere == ["/elsewhere"]


def test_the_next_address_is_tried_where_the_first_one_refuses() -> None:
    with fake_department() as department:
        allowed = frozenset({f"dept.example:{department.port}"})
        poster = OutgoingClient(allowed, resolve=lambda host, port: ["127.0.0.2", "127.0.0.1"])
        url = f"http://dept.example:{department.port}/elsewhere"
        assert poster.post(url, headers={}, body=b"", timeout=timedelta(seconds=5)).status == 204


def test_a_name_without_address_was_certainly_not_delivered_to() -> None:
    with pytest.raises(NoAnswer) as silence:
        OutgoingClient(resolve=no_names).post("https://nowhere.example/", headers={}, body=b"", timeout=SOON)
    assert not silence.value.maybe_delivered


def test_a_closed_port_was_certainly_not_delivered_to() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    poster = OutgoingClient(frozenset({f"127.0.0.1:{port}"}))
    with pytest.raises(NoAnswer) as silence:
        poster.post(f"http://127.0.0.1:{port}/", headers={}, body=b"", timeout=SOON)
    assert not silence.value.maybe_delivered


@pytest.mark.parametrize("manner", [Manner.MUTE, Manner.TRICKLE])
def test_one_deadline_holds_however_slowly_it_trickles(manner: Manner) -> None:
    with fake_department(manner) as department:
        poster = OutgoingClient(frozenset({department.address}))
        with pytest.raises(NoAnswer, match=r"timed out|the time is over") as silence:  # and not: hung up, some time
            poster.post(f"http://{department.address}/elsewhere", headers={}, body=b"", timeout=SOON)
        assert silence.value.maybe_delivered


def test_no_more_than_64_kb_of_an_answer_are_read() -> None:
    with fake_department(Manner.HUGE) as department:
        poster = OutgoingClient(frozenset({department.address}))
        answer = poster.post(
            f"http://{department.address}/elsewhere", headers={}, body=b"", timeout=timedelta(seconds=10)
        )
        assert (answer.status, len(answer.body)) == (200, MOST_ANSWER_BYTES)
    assert department.sent_bytes < 20_000 * 4096


def test_a_redirect_is_an_answer_not_an_order() -> None:
    with fake_department(Manner.MOVED_301) as department:
        poster = OutgoingClient(frozenset({department.address}))
        answer = poster.post(f"http://{department.address}/first", headers={}, body=b"", timeout=timedelta(seconds=5))
        assert answer.status == 301
        assert department.elsewhere == ["/first"]


def test_https_needs_a_certificate() -> None:
    with fake_department() as department:
        poster = OutgoingClient(frozenset({department.address}), tls=ssl.create_default_context())
        with pytest.raises(NoAnswer) as silence:
            poster.post(f"https://{department.address}/cases", headers={}, body=b"", timeout=timedelta(seconds=2))
        assert not silence.value.maybe_delivered


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with fake_department() as department, fake_department() as proxy:
        monkeypatch.setenv("http_proxy", f"http://{proxy.address}")
        monkeypatch.setenv("ALL_PROXY", f"http://{proxy.address}")
        poster = OutgoingClient(frozenset({department.address}))
        poster.post(f"http://{department.address}/direct", headers={}, body=b"", timeout=timedelta(seconds=5))
        assert (department.elsewhere, proxy.elsewhere) == (["/direct"], [])


def test_nothing_leaves_when_it_is_too_late_to_send() -> None:
    with fake_department() as department:
        poster = OutgoingClient(frozenset({department.address}), clock=lambda: LEASED_UNTIL)
        with pytest.raises(NoAnswer, match="too late to send") as silence:
            poster.post(department.url, headers=NOTHING_MORE, body=b"x", timeout=SOON, before=LEASED_UNTIL)
    assert not silence.value.maybe_delivered
    assert department.attempts == []
