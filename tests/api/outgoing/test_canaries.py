"""No call of ours reaches a listener inside (reliability E7), whatever an address looks like and where it leads."""

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from api.outgoing.mail import SmtpPostman
from api.outgoing.web import OutgoingClient
from cases.channels.mail import Relay, Security
from cases.ports import AddressRefused, NoAnswer

PORTS = (8080, 8443, 80, 443)
"""Those that may be called without being listed, so that only what is said of addresses keeps us away."""
HOSTS = [
    "127.0.0.1", "127.1", "127.0.1", "127.0.0.2", "0x7f.0.0.1", "0x7f000001", "2130706433", "017700000001",
    "127.000.000.001", "0", "0.0.0.0", "00000000", "localhost", "LOCALHOST", "localhost.", "127.0.0.1.", "[::1]",
    "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]", "[::127.0.0.1]",
    "[64:ff9b::127.0.0.1]", "[2002:7f00:1::]", "[::1%25lo]", "[fe80::1%25lo]", "127.0.0.1%00.example", "①②⑦.0.0.1",
    "１２７.0.0.1", "127。0。0。1", "%31%32%37.0.0.1", "example.com@127.0.0.1", "user:pw@localhost",
    "0177.0.0.1", "[::]", "8.8.8.8@127.0.0.1",
    "127.0.0.1\\@8.8.8.8", "127.0.0.1#@8.8.8.8", "127.0.0.1?@8.8.8.8", "[::ffff:0:7f00:1]",
    "ip6-localhost", "0x7f.1", "127.0.0.1:22:8080", "3232235521", "0xa9fea9fe", "169.254.169.254", "[fd00:ec2::254]",
]  # fmt: skip
SCHEMES = ("file:///etc/passwd#", "gopher://", "ftp://", "dict://", "concat:http://", "tcp://", "pipe:", "unix:")
SOON = timedelta(seconds=0.5)


class Canary:
    """Listens on an open port of every loopback address there is, and counts who comes."""

    def __init__(self, stack: ExitStack) -> None:
        self.visitors = list[str]()
        self.port = 0
        for port in PORTS:
            with suppress(OSError):
                self._listen(stack, "127.0.0.1", port)
                self.port = port
                break
        assert self.port, f"no port of {PORTS} is free, so nothing would be shown"
        with suppress(OSError):  # not every machine speaks IPv6
            self._listen(stack, "::1", self.port)

    def _listen(self, stack: ExitStack, host: str, port: int) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        door = stack.enter_context(socket.create_server((host, port), family=family))
        thread = threading.Thread(target=self._count, args=(door,), daemon=True)
        thread.start()
        stack.callback(thread.join)
        stack.callback(door.shutdown, socket.SHUT_RDWR)

    def _count(self, door: socket.socket) -> None:
        with suppress(OSError):
            while True:
                visitor, (address, *_) = door.accept()
                visitor.close()
                self.visitors.append(address)


@pytest.fixture(scope="module")
def canary() -> Iterator[Canary]:
    with ExitStack() as stack:
        yield Canary(stack)


def test_the_canary_sings(canary: Canary) -> None:
    name = f"127.0.0.1:{canary.port}"
    with pytest.raises(NoAnswer):
        OutgoingClient(frozenset({name})).get(f"http://{name}/", headers={}, timeout=timedelta(seconds=5))
    assert len(canary.visitors) == 1
    canary.visitors.clear()


def call(url: str, resolve: Sequence[str] | None = None) -> None:
    client = OutgoingClient() if resolve is None else OutgoingClient(resolve=lambda host, port: resolve)
    for ask in (
        lambda: client.get(url, headers={}, timeout=SOON),
        lambda: client.post(url, headers={}, body=b"", timeout=SOON),
    ):
        with pytest.raises((AddressRefused, NoAnswer)):
            ask()


@pytest.mark.parametrize("host", HOSTS)
def test_no_spelling_of_an_address_leads_inside(canary: Canary, host: str) -> None:
    for scheme in ("http", "https", "HTTP"):
        call(f"{scheme}://{host}:{canary.port}/a.jpg")
    relay = Relay(host=host.strip("[]"), port=canary.port, security=Security.NONE)
    with pytest.raises((AddressRefused, NoAnswer)):
        SmtpPostman().carry(b"x", sender="a@example.org", to=("b@example.org",), relay=relay, timeout=SOON)
    assert canary.visitors == []


@pytest.mark.parametrize("start", SCHEMES)
def test_no_other_protocol_is_spoken(canary: Canary, start: str) -> None:
    call(f"{start}127.0.0.1:{canary.port}/list.m3u8")
    assert canary.visitors == []


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "0.0.0.0", "127.0.0.2"])
def test_a_name_that_leads_inside_is_not_called(canary: Canary, address: str) -> None:
    for found in ([address], ["8.8.8.8", address], [address, "8.8.8.8"]):
        call(f"http://rebinding.example:{canary.port}/", found)
    assert canary.visitors == []


def test_a_name_that_changes_its_mind_is_asked_once(canary: Canary) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    asked = list[str]()

    def rebinding(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.3"] if len(asked) == 1 else ["127.0.0.1"]

    client = OutgoingClient(frozenset({f"rebinding.example:{port}"}), resolve=rebinding)
    with pytest.raises(NoAnswer):
        client.get(f"http://rebinding.example:{port}/", headers={}, timeout=SOON)
    assert (asked, canary.visitors) == (["rebinding.example"], [])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nobody_sends_us_inside(canary: Canary, status: int) -> None:
    class Sends(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Location", f"http://127.0.0.1:{canary.port}/latest/meta-data/")
            self.send_header("Refresh", f"0; url=http://127.0.0.1:{canary.port}/")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Sends) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}).start()
        name = f"127.0.0.1:{server.server_port}"
        answer = OutgoingClient(frozenset({name})).get(f"http://{name}/", headers={}, timeout=timedelta(seconds=5))
        server.shutdown()
    assert (answer.status, canary.visitors) == (status, [])
