"""Delivery by e-mail, in plain text. It does not know a repetition, and nobody can be asked whether it arrived."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, timedelta, tzinfo
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from enum import StrEnum
from typing import Protocol

from cases.channels.wording import marker, public_copy, text, title
from cases.dossier import Dossier
from cases.errors import FilingFailed
from cases.filing import Filing
from cases.ports import AddressRefused, NoAnswer, Receipt

TIMEOUT = timedelta(seconds=30)
LONGEST_TEXT = 20_000  # characters

PERMANENT = 500
"""From this reply on a mail server means it for ever."""

LOGIN_REFUSED = frozenset({530, 534, 535, 538})
"""Replies that a changed password can mend."""


class Security(StrEnum):
    """How a connection to a mail server is encrypted."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """A mail server that takes our messages.

    Attributes:
        host: its name or address.
        port: where it listens.
        security: how the connection is encrypted.
        user: whom it knows us as; None where it asks for no login. Never shown, like the password.
        password: never shown.
    """

    host: str
    port: int
    security: Security
    user: str | None = field(default=None, repr=False)
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Postbox:
    """How a department gets its mail.

    Attributes:
        to: its addresses.
        sender: ours.
        relay: through whom.
        attach_public_copy: whether a masked picture goes with it.
    """

    to: tuple[str, ...]
    sender: str
    relay: Relay
    attach_public_copy: bool = False


class MailRefused(Exception):
    """A mail server said no.

    Attributes:
        code: its reply, 400 to 599.
    """

    def __init__(self, message: str, *, code: int) -> None:
        super().__init__(message)
        self.code = code


class Postman(Protocol):
    """Hands messages to mail servers, and only where that is allowed."""

    def carry(self, message: bytes, *, sender: str, to: tuple[str, ...], relay: Relay, timeout: timedelta) -> None:
        """Hand it over; it goes to all of `to` or to none.

        Raises:
            MailRefused: the server said no, so it does not have it.
            NoAnswer: the connection broke; `maybe_delivered` says whether the whole message was on its way.
            AddressRefused: the server must not be called.
        """
        ...


class MailFiler:
    """Delivers by e-mail. Every attempt has the same `Message-ID`, so that a mailbox may show a repetition once.

    Args:
        postboxes: by department.
        postman: carries the messages.
        base_url: where our own pages are.
        read_picture: the bytes of a picture by its name, for attachments; None where they are gone.
        zone: in which times are written.
        timeout: for the whole conversation with the mail server.
    """

    recognises_repetitions = False

    def __init__(
        self,
        postboxes: Mapping[str, Postbox],
        postman: Postman,
        *,
        base_url: str,
        read_picture: Callable[[str], bytes | None],
        zone: tzinfo = UTC,
        timeout: timedelta = TIMEOUT,
    ) -> None:
        self._postboxes = postboxes
        self._postman = postman
        self._base_url = base_url.rstrip("/")
        self._read_picture = read_picture
        self._zone = zone
        self._timeout = timeout

    def file(self, dossier: Dossier, filing: Filing) -> Receipt:
        """Hand the message to the mail server; its yes is the receipt.

        Raises:
            FilingFailed: it said no, or nobody can tell.
        """
        postbox = self._postboxes.get(filing.department)
        if postbox is None:
            raise FilingFailed(f"department {filing.department} has no e-mail; add one to the city file", retry=True)
        message = self._message(postbox, dossier, filing)
        try:
            self._postman.carry(
                message.as_bytes(policy=SMTP),
                sender=postbox.sender,
                to=postbox.to,
                relay=postbox.relay,
                timeout=self._timeout,
            )
        except MailRefused as refused:
            is_final = refused.code >= PERMANENT and refused.code not in LOGIN_REFUSED
            raise FilingFailed(str(refused), retry=not is_final) from refused
        except AddressRefused as refused:
            raise FilingFailed(str(refused), retry=True) from refused
        except NoAnswer as silence:
            raise FilingFailed(str(silence), retry=True, maybe_delivered=silence.maybe_delivered) from silence
        return Receipt(reference=message["Message-ID"])

    def _message(self, postbox: Postbox, dossier: Dossier, filing: Filing) -> EmailMessage:
        message = EmailMessage(policy=SMTP)
        message["From"] = Address(display_name="街巡 jiexun", addr_spec=postbox.sender)
        message["To"] = [Address(addr_spec=one) for one in postbox.to]
        message["Subject"] = title(dossier, filing)
        message["Date"] = filing.created_at
        message["Message-ID"] = f"<{filing.id}@{postbox.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message["X-Jiexun-Filing"] = marker(filing)
        body = text(dossier, filing, base_url=self._base_url, zone=self._zone, longest=LONGEST_TEXT)
        message.set_content(body, charset="utf-8", cte="base64")
        copy = public_copy(dossier) if postbox.attach_public_copy else None
        if copy is not None and (picture := self._read_picture(copy)) is not None:
            message.add_attachment(picture, maintype="image", subtype="jpeg", filename=f"{dossier.case.number}.jpg")
        return message
