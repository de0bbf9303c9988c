"""The channels of a city, put together: from its file and its secrets to what senders and followers work with."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import TypeVar
from urllib.parse import urlsplit

from api.city.channels import Email, Open311, Webhook
from api.city.city import City
from api.errors import SettingsError
from api.outgoing.mail import SmtpPostman
from api.outgoing.web import OutgoingClient
from cases.case import Case
from cases.channels.inbox import InboxFiler
from cases.channels.mail import MailFiler, Postbox, Relay
from cases.channels.open311.filer import Open311Filer
from cases.channels.open311.server import Server
from cases.channels.signature import Secret
from cases.channels.webhook import Endpoint, WebhookFiler
from cases.city import CityOrder
from cases.filing import Channel
from cases.ports import Clock, Filer, Followed, Inquirer
from inference.errors import EvidenceError
from inference.evidence.store import EvidenceStore

log = logging.getLogger(__name__)

Kind = TypeVar("Kind", Webhook, Open311, Email)


@dataclass(frozen=True, slots=True, kw_only=True)
class Channels:
    """All channels of a city.

    Attributes:
        filers: who delivers through each.
        inquirers: who asks whether a case has arrived, where that can be asked.
        followed: who asks how a matter stands, where departments do not tell.
    """

    filers: Mapping[Channel, Filer]
    inquirers: Mapping[Channel, Inquirer]
    followed: Mapping[Channel, Followed]


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where each department is reached, by channel and department, with the secrets that it takes.

    Attributes:
        endpoints: of webhooks.
        servers: of Open311.
        postboxes: of e-mail.
        callbacks: with which secrets each department's own system signs what it tells us.
        inside: `host:port` that may be called although they lie in the city's own network.
    """

    endpoints: Mapping[str, Endpoint]
    servers: Mapping[str, Server]
    postboxes: Mapping[str, Postbox]
    callbacks: Mapping[str, tuple[Secret, ...]]
    inside: frozenset[str]


def read_addresses(city: City, environment: Mapping[str, str]) -> Addresses:
    """Where everything goes.

    Args:
        city: its departments and their channels.
        environment: where the secrets are that the city file names.

    Raises:
        SettingsError: a secret cannot be used.
    """
    webhooks, servers, mails = _departments(city, Webhook), _departments(city, Open311), _departments(city, Email)
    inside = {_address(part.url) for part in (*webhooks.values(), *servers.values()) if part.allow_private_hosts}
    inside |= {f"{part.host}:{part.port}" for part in mails.values() if part.allow_private_hosts}
    return Addresses(
        endpoints={department: _endpoint(part, environment) for department, part in webhooks.items()},
        servers={department: _server(part, environment) for department, part in servers.items()},
        postboxes={department: _postbox(part, environment) for department, part in mails.items()},
        callbacks={
            part.id: _secrets(part.callback_secret_env, environment)
            for part in city.file.departments
            if part.callback_secret_env
        },
        inside=frozenset(inside),
    )


def open_channels(
    addresses: Addresses, order: CityOrder, evidence: EvidenceStore, *, base_url: str, zone: tzinfo, clock: Clock
) -> Channels:
    """Everything that is needed to deliver what the city files.

    Args:
        addresses: where it goes.
        order: the duty list, for event codes.
        evidence: where pictures are, for attachments.
        base_url: how departments reach our pages.
        zone: in which times are written for people.
        clock: now.
    """
    web = OutgoingClient(addresses.inside)
    open311 = Open311Filer(
        addresses.servers,
        web,
        base_url=base_url,
        code_of=lambda case: event_code(order, case),
        clock=clock,
        zone=zone,
    )
    mail = MailFiler(
        addresses.postboxes,
        SmtpPostman(addresses.inside),
        base_url=base_url,
        read_picture=lambda name: _picture(evidence, name),
        zone=zone,
    )
    webhook = WebhookFiler(addresses.endpoints, web, base_url=base_url, clock=clock)
    return Channels(
        filers={
            Channel.INBOX: InboxFiler(),
            Channel.WEBHOOK: webhook,
            Channel.OPEN311: open311,
            Channel.EMAIL: mail,
        },
        inquirers={Channel.OPEN311: open311},
        followed={Channel.OPEN311: open311},
    )


def event_code(order: CityOrder, case: Case) -> str | None:
    """The city's code of what a case is about: its own, else that of the newest line of its kind."""
    lines = [line for edition in order.duty_list.editions for line in edition.lines]
    return case.code or next((line.code for line in reversed(lines) if line.kind == case.kind), None)


def _departments(city: City, kind: type[Kind]) -> dict[str, Kind]:
    return {part.id: part.channel for part in city.file.departments if isinstance(part.channel, kind)}


def _endpoint(part: Webhook, environment: Mapping[str, str]) -> Endpoint:
    return Endpoint(url=part.url, secrets=_secrets(part.secret_env, environment))


def _secrets(variable: str, environment: Mapping[str, str]) -> tuple[Secret, ...]:
    """The variable may hold two secrets with a space between them while one is being replaced, the newer one first."""
    try:
        return tuple(Secret(one) for one in environment[variable].split())
    except ValueError as error:
        raise SettingsError(f"{variable} cannot be used: {error}") from None


def _server(part: Open311, environment: Mapping[str, str]) -> Server:
    return Server(
        url=part.url,
        api_key=environment[part.api_key_env],
        services={service.code: service.service_code for service in part.services},
        jurisdiction=part.jurisdiction,
        form=part.format,
        attributes={attribute.code: attribute.field for attribute in part.attributes},
        closed_means_handled=part.closed_means_handled,
    )


def _postbox(part: Email, environment: Mapping[str, str]) -> Postbox:
    relay = Relay(
        host=part.host,
        port=part.port,
        security=part.security,
        user=environment[part.user_env] if part.user_env else None,
        password=environment[part.password_env] if part.password_env else "",
    )
    return Postbox(to=part.to, sender=part.sender, relay=relay, attach_public_copy=part.attach_public_copy)


def _picture(evidence: EvidenceStore, name: str) -> bytes | None:
    try:
        return evidence.get(name)
    except EvidenceError as error:
        log.warning("a message goes out without its picture: %s", error)
        return None


def _address(url: str) -> str:
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{host}:{parts.port or (80 if parts.scheme == 'http' else 443)}"
