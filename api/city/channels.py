"""How a case reaches a department."""

from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from api.city.part import AtKey, EnvironmentName, Flag, Part, Text


def _web_address(text: str) -> str:
    try:
        parts = urlsplit(text)
        port_is_valid = parts.port is None or parts.port > 0
    except ValueError:
        raise ValueError("is not a web address; write https://host/path") from None
    if parts.scheme not in ("https", "http") or not parts.hostname or not port_is_valid or " " in text:
        raise ValueError("must be a web address that begins with https:// (or http:// inside your own network)")
    if parts.username is not None or parts.password is not None:
        raise ValueError("must not hold a user or password; messages are signed with the secret named in `secret_env`")
    return text


class Inbox(Part):
    """The built-in inbox: the department works on our own pages."""

    type: Literal["inbox"] = "inbox"


class Webhook(Part):
    """A signed POST (Standard Webhooks).

    Attributes:
        url: https; http only together with `allow_private_hosts`.
        secret_env: name of the environment variable that holds the signing secret (`whsec_…`).
        allow_private_hosts: the address lies inside the city's own network.
    """

    type: Literal["webhook"]
    url: Annotated[Text, AfterValidator(_web_address)]
    secret_env: EnvironmentName
    allow_private_hosts: Flag = False

    @model_validator(mode="after")
    def _encrypt_outside(self) -> Self:
        if self.url.startswith("http:") and not self.allow_private_hosts:
            raise AtKey("url", "must begin with https:// (or set `allow_private_hosts: true` inside your own network)")
        return self


Channel = Annotated[Inbox | Webhook, Field(discriminator="type")]
