"""How a case reaches a department."""

from collections.abc import Iterator
from email.errors import HeaderParseError
from email.headerregistry import Address
from ipaddress import ip_address
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, Strict, model_validator

from api.city.part import AtKey, Code, EnvironmentName, Flag, Part, Text
from cases.channels.mail import Security
from cases.channels.open311.answers import Format
from cases.channels.open311.server import CaseField

Secret = tuple[str, str, str]
"""A key of a channel, the environment variable that it names, and what that variable holds."""


def _web_address(text: str) -> str:
    try:
        parts = urlsplit(text)
        port_is_valid = parts.port is None or parts.port > 0
    except ValueError:
        raise ValueError("is not a web address; write https://host/path") from None
    if parts.scheme not in ("https", "http") or not parts.hostname or not port_is_valid or " " in text:
        raise ValueError("must be a web address that begins with https:// (or http:// inside your own network)")
    if parts.username is not None or parts.password is not None:
        raise ValueError("must not hold a user or password; name the environment variable that holds the secret")
    return text


def _without_query(text: str) -> str:
    if "?" in text or "#" in text:
        raise ValueError("must be the server's base, such as https://host/open311/v2, without ? and #")
    return text.rstrip("/")


def _mail_address(text: str) -> str:
    try:
        parsed = Address(addr_spec=text)
        is_whole = bool(parsed.username and parsed.domain) and text.isascii() and str(parsed) == text
    except (HeaderParseError, ValueError, IndexError):
        is_whole = False
    if not is_whole:
        raise ValueError("must be one e-mail address such as duty@city.example")
    return text


def _host(text: str) -> str:
    try:
        is_address = ip_address(text).version > 0
    except ValueError:
        is_address = False
    if not is_address and (not text.isascii() or any(char in text for char in "/@ ?#[]:")):
        raise ValueError("must be a host's name or IP address, without port")
    return text


WebAddress = Annotated[Text, AfterValidator(_web_address)]
MailAddress = Annotated[Text, AfterValidator(_mail_address)]
Port = Annotated[int, Strict(), Field(ge=1, le=65535)]


class Inbox(Part):
    """The built-in inbox: the department works on our own pages."""

    type: Literal["inbox"] = "inbox"

    def secrets(self) -> Iterator[Secret]:
        """It needs none."""
        yield from ()


class _OverTheWeb(Part):
    """A channel with a web address.

    Attributes:
        url: https; http only together with `allow_private_hosts`.
        allow_private_hosts: the address lies inside the city's own network.
    """

    url: WebAddress
    allow_private_hosts: Flag = False

    @model_validator(mode="after")
    def _encrypt_outside(self) -> Self:
        if self.url.startswith("http:") and not self.allow_private_hosts:
            raise AtKey("url", "must begin with https:// (or set `allow_private_hosts: true` inside your own network)")
        return self


class Webhook(_OverTheWeb):
    """A signed POST (Standard Webhooks).

    Attributes:
        secret_env: name of the environment variable that holds the signing secret (`whsec_…`).
    """

    type: Literal["webhook"]
    secret_env: EnvironmentName

    def secrets(self) -> Iterator[Secret]:
        """Which variables must be set."""
        yield "secret_env", self.secret_env, "the department's signing secret"


class Service(Part):
    """Which service of the server takes cases of an event code."""

    code: Code
    service_code: Text


class Attribute(Part):
    """Which field of a case an attribute of the server gets."""

    code: Text
    field: CaseField


class Open311(_OverTheWeb):
    """A GeoReport v2 server.

    Attributes:
        url: its base.
        api_key_env: name of the environment variable that holds the API key.
        jurisdiction: `jurisdiction_id`, where one server serves several.
        format: how it writes.
        services: a `service_code` for each event code.
        attributes: what it wants to know besides.
        closed_means_handled: its `closed` marks the case as handled.
    """

    type: Literal["open311"]
    url: Annotated[WebAddress, AfterValidator(_without_query)]
    api_key_env: EnvironmentName
    jurisdiction: Text | None = None
    format: Format = Format.JSON
    services: Annotated[tuple[Service, ...], Field(min_length=1)]
    attributes: tuple[Attribute, ...] = ()
    closed_means_handled: Flag = False

    def secrets(self) -> Iterator[Secret]:
        """Which variables must be set."""
        yield "api_key_env", self.api_key_env, "the server's API key"


class Email(Part):
    """A message through the city's own mail server.

    Attributes:
        to: who gets it.
        sender: whom it comes from.
        host: the mail server.
        port: where it listens.
        security: `tls` from the first byte, `starttls`, or `none` inside the city's own network only.
        user_env: name of the environment variable that holds the user's name; None where no login is asked for.
        password_env: the same for the password.
        attach_public_copy: a picture with people and vehicles masked goes with it.
        allow_private_hosts: the mail server lies inside the city's own network.
    """

    type: Literal["email"]
    to: Annotated[tuple[MailAddress, ...], Field(min_length=1, max_length=20)]
    sender: MailAddress
    host: Annotated[Text, AfterValidator(_host)]
    port: Port = 465
    security: Security = Security.TLS
    user_env: EnvironmentName | None = None
    password_env: EnvironmentName | None = None
    attach_public_copy: Flag = False
    allow_private_hosts: Flag = False

    @model_validator(mode="after")
    def _protect(self) -> Self:
        if self.security is Security.NONE and not self.allow_private_hosts:
            raise AtKey("security", "must be tls or starttls (or set `allow_private_hosts: true` inside your network)")
        if (self.user_env is None) != (self.password_env is None):
            raise AtKey("user_env", "and `password_env` belong together; name both or neither")
        if self.user_env is not None and self.security is Security.NONE:
            raise AtKey("security", "must be tls or starttls where a password is sent")
        return self

    def secrets(self) -> Iterator[Secret]:
        """Which variables must be set."""
        if self.user_env and self.password_env:
            yield "user_env", self.user_env, "the user's name on the mail server"
            yield "password_env", self.password_env, "the user's password on the mail server"


Channel = Annotated[Inbox | Webhook | Open311 | Email, Field(discriminator="type")]
