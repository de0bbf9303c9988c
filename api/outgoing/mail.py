"""Handing messages to mail servers, over SMTP.

As over HTTP, the server's address is checked before it is called, one deadline holds for the whole conversation however
slowly it trickles, and 64 kB of replies are read at most.
"""

import smtplib
import socket
import ssl
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import cache
from io import BufferedIOBase

from api.outgoing.addresses import AddressCheck, Resolve, system_resolve
from cases.channels.mail import MailRefused, Relay, Security
from cases.ports import NoAnswer

MAIL_PORTS = frozenset({25, 465, 587})
"""Ports that may be called without being listed."""

MOST_REPLY_BYTES = 64 * 1024
MOST_CONNECT_SECONDS = 5.0
OUR_NAME = "jiexun"
GO_AHEAD = 354


class SmtpPostman:
    """Hands messages to mail servers that are public or listed. Safe to use from many threads.

    Args:
        allowed: `host:port` that may be called although they are not public or use another port.
        resolve: how names become addresses.
        tls: how certificates are checked; by default against the system's authorities.
    """

    def __init__(
        self,
        allowed: frozenset[str] = frozenset(),
        *,
        resolve: Resolve = system_resolve,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._check = AddressCheck(allowed, resolve=resolve)
        self._tls = tls or _system_authorities()

    def carry(self, message: bytes, *, sender: str, to: tuple[str, ...], relay: Relay, timeout: timedelta) -> None:
        """See `Postman.carry`."""
        addresses = self._check.addresses(relay.host, relay.port, MAIL_PORTS)
        name = f"{relay.host}:{relay.port}"
        was_sent = False
        try:
            with self._conversation(addresses, relay, timeout.total_seconds()) as smtp:
                if relay.user is not None:
                    smtp.login(relay.user, relay.password)
                _expect(smtp.mail(sender), name)
                for one in to:
                    _expect(smtp.rcpt(one), name)
                _expect(smtp.docmd("DATA"), name, GO_AHEAD)
                was_sent = True
                smtp.send(_with_dots(message))
                _expect(smtp.getreply(), name)
        except smtplib.SMTPResponseException as refused:
            said = _said(refused.smtp_code, refused.smtp_error)
            raise MailRefused(f"{name} said {said}", code=refused.smtp_code) from None
        except (smtplib.SMTPException, OSError, ValueError) as error:
            why = str(error) or type(error).__name__
            raise NoAnswer(f"{name} did not answer ({why})", maybe_delivered=was_sent) from error

    @contextmanager
    def _conversation(self, addresses: Sequence[str], relay: Relay, seconds: float) -> Generator[smtplib.SMTP]:
        """A connection that is encrypted and greeted, and cut when the time is over."""
        connection = _connected(addresses, relay.port, min(seconds, MOST_CONNECT_SECONDS))
        connection.settimeout(seconds)
        with _Conversation(connection, relay.host) as smtp:
            clock = threading.Timer(seconds, smtp.cut)
            clock.start()
            try:
                if relay.security is Security.TLS:
                    smtp.encrypt(self._tls)
                smtp.greet()
                smtp.ehlo_or_helo_if_needed()
                if relay.security is Security.STARTTLS:
                    _expect(smtp.starttls(context=self._tls), relay.host)
                    smtp.ehlo_or_helo_if_needed()
                yield smtp
            finally:
                clock.cancel()


class _Conversation(smtplib.SMTP):
    """The library's conversation over a connection that was made elsewhere."""

    def __init__(self, connection: socket.socket, host: str) -> None:
        super().__init__(local_hostname=OUR_NAME)
        self.sock = connection
        self._host = host  # whom the certificate must name
        self._read = 0

    def __exit__(self, *_: object) -> None:
        with suppress(OSError, smtplib.SMTPException):
            self._open().settimeout(1.0)
            self.docmd("QUIT")
        self.close()

    def encrypt(self, context: ssl.SSLContext) -> None:
        self.sock = context.wrap_socket(self._open(), server_hostname=self._host)

    def greet(self) -> None:
        code, words = self.getreply()
        if code != 220:
            raise smtplib.SMTPConnectError(code, words)

    def cut(self) -> None:
        """End the conversation from another thread: whoever reads or writes is let go."""
        with suppress(OSError, smtplib.SMTPException):
            # Not the method of an encrypted connection, which would take its keys away under the reader.
            socket.socket.shutdown(self._open(), socket.SHUT_RDWR)

    def getreply(self) -> tuple[int, bytes]:
        """As the library's, but it reads no more than it should."""
        if self.file is None:
            self.file = _Bounded(self._open().makefile("rb"), self)
        return super().getreply()

    def _open(self) -> socket.socket:
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("the connection is closed")
        return self.sock

    def count(self, length: int) -> None:
        self._read += length
        if self._read > MOST_REPLY_BYTES:
            raise smtplib.SMTPServerDisconnected("its replies do not end")


class _Bounded:
    """A file of replies that counts what is read."""

    def __init__(self, replies: BufferedIOBase, conversation: _Conversation) -> None:
        self._replies = replies
        self._conversation = conversation

    def readline(self, limit: int = -1) -> bytes:
        line = self._replies.readline(limit)
        self._conversation.count(len(line))
        return line

    def close(self) -> None:
        self._replies.close()


def _connected(addresses: Sequence[str], port: int, seconds: float) -> socket.socket:
    *others, last = addresses
    for address in others:
        with suppress(OSError):
            return socket.create_connection((address, port), timeout=seconds)
    try:
        return socket.create_connection((last, port), timeout=seconds)
    except OSError as error:
        raise NoAnswer(f"port {port} did not answer ({error})", maybe_delivered=False) from error


@cache
def _system_authorities() -> ssl.SSLContext:
    """Shared by all postmen, but not with web clients, whose library writes its own protocols into theirs."""
    return ssl.create_default_context()


def _expect(reply: tuple[int, bytes], name: str, wanted: int | None = None) -> None:
    """Go on where the server agrees.

    Raises:
        MailRefused: it does not.
    """
    code, words = reply
    if code != wanted if wanted else not 200 <= code < 300:
        raise MailRefused(f"{name} said {_said(code, words)}", code=code)


def _said(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return " ".join(f"{code} {text}".split())[:300]


def _with_dots(message: bytes) -> bytes:
    """The message as it travels (RFC 5321, 4.5.2): a dot more where a line begins with one, and a dot at the end."""
    lines = message.replace(b"\r\n", b"\n").rstrip(b"\n").split(b"\n")
    return b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines) + b"\r\n.\r\n"
