"""Channels to rigs on loopback, with short timeouts."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from ssl import PROTOCOL_TLS_CLIENT, SSLContext

from api.outgoing.mail import SmtpPostman
from api.outgoing.web import OutgoingClient
from cases.channels.mail import MailFiler, Postbox, Relay, Security
from cases.channels.open311.filer import Open311Filer
from cases.channels.open311.server import Server
from cases.channels.signature import Secret
from cases.channels.webhook import Endpoint, WebhookFiler
from cases.ports import Clock
from tests.rigs.fake311 import API_KEY
from tests.rigs.fakedept import SECRET

NO_AUTHORITIES = SSLContext(PROTOCOL_TLS_CLIENT)
"""The rigs have no certificate that anybody vouches for."""
SOON = timedelta(seconds=0.25)


def real_now() -> datetime:
    return datetime.now(UTC)


def resolve(host: str, port: int) -> list[str]:
    """Every name leads here, but for one that does not exist."""
    if host == "nowhere.example":
        raise OSError("Name or service not known")
    return ["127.0.0.1"]


def webhook(url: str, allowed: Iterable[str], *, timeout: timedelta = SOON) -> WebhookFiler:
    """Signatures are judged by the real time of day."""
    client = OutgoingClient(frozenset(allowed), resolve=resolve, tls=NO_AUTHORITIES)
    endpoint = Endpoint(url=url, secrets=(Secret(SECRET),))
    return WebhookFiler({"police": endpoint}, client, base_url="https://city.example", clock=real_now, timeout=timeout)


def open311(url: str, allowed: Iterable[str], *, clock: Clock = real_now, timeout: timedelta = SOON) -> Open311Filer:
    client = OutgoingClient(frozenset(allowed), resolve=resolve, tls=NO_AUTHORITIES)
    server = Server(url=url, api_key=API_KEY, services={"0505": "PARK"})
    return Open311Filer(
        {"police": server},
        client,
        base_url="https://city.example",
        code_of=lambda case: "0505",
        clock=clock,
        timeout=timeout,
    )


def mail(host: str, port: int, *, security: Security = Security.NONE, timeout: timedelta = SOON) -> MailFiler:
    relay = Relay(host=host, port=port, security=security)
    postbox = Postbox(to=("duty@police.example",), sender="jiexun@city.example", relay=relay)
    return MailFiler(
        {"police": postbox},
        SmtpPostman(frozenset({f"{host}:{port}"}), resolve=resolve),
        base_url="https://city.example",
        read_picture=lambda name: None,
        timeout=timeout,
    )
