"""A department's mail server on loopback, with good or bad manners."""

import socket
import ssl
import threading
from base64 import b64decode
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import StrEnum
from time import sleep

from tests.rigs.listening import listening, reset, some

USER, PASSWORD = "jiexun", "hunter2"


class MailManner(StrEnum):
    """How it treats a caller."""

    GOOD = "good"
    RESET = "reset"
    MUTE = "mute"
    TRICKLE = "trickle"
    BUSY_421 = "421 at once"
    GREYLISTS_450 = "450 for the receiver"
    NOBODY_550 = "550 for the receiver"
    MOVED_551 = "551 for the receiver"
    FULL_452 = "452 for the message"
    REJECTS_554 = "554 for the message"
    HANGS_UP_BEFORE_DATA = "hangs up before the message"
    RESET_AFTER_DATA = "reset after the message"
    MUTE_AFTER_DATA = "mute after the message"
    NOT_SMTP = "not smtp"
    HUGE = "huge"


TAKES = frozenset({MailManner.GOOD, MailManner.RESET_AFTER_DATA, MailManner.MUTE_AFTER_DATA})
"""Manners of somebody who does take the message."""

AT_ONCE = {
    MailManner.BUSY_421: b"421 too many connections\r\n",
    MailManner.NOT_SMTP: b"HTTP/1.1 400 Bad Request\r\n\r\n",
}
TO_RECEIVER = {
    MailManner.GREYLISTS_450: b"450 try again later\r\n",
    MailManner.NOBODY_550: b"550 no such user\r\n",
    MailManner.MOVED_551: b"551 not here; try <other@elsewhere.example>\r\n",
}
TO_MESSAGE = {
    MailManner.FULL_452: b"452 the disk is full\r\n",
    MailManner.REJECTS_554: b"554 not wanted\r\n",
    MailManner.GOOD: b"250 taken\r\n",
}


@dataclass
class FakeMail:
    """What it has.

    Attributes:
        port: where it listens on 127.0.0.1.
        manner: how it answers; may be changed at any time.
        tls: speaks TLS: at once where `from_start`, else when it is asked to.
        from_start: see `tls`.
        asks_for_login: takes nothing without user and password.
        messages: what it took, in order.
        attempts: `Message-ID` of each message that it read.
        commands: what was said to it.
    """

    port: int = 0
    manner: MailManner = MailManner.GOOD
    tls: ssl.SSLContext | None = None
    from_start: bool = False
    asks_for_login: bool = False
    messages: list[EmailMessage] = field(default_factory=list[EmailMessage])
    attempts: list[str] = field(default_factory=list[str])
    commands: list[str] = field(default_factory=list[str])

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def serve_one(self, connection: socket.socket, stop: threading.Event) -> None:
        manner = self.manner
        if manner is MailManner.RESET:
            return reset(connection)
        if self.tls and self.from_start:
            with self.tls.wrap_socket(connection, server_side=True) as inside:
                return self._receive(inside, manner, stop)
        return self._receive(connection, manner, stop)

    def _receive(self, connection: socket.socket, manner: MailManner, stop: threading.Event) -> None:
        if manner is MailManner.MUTE:
            stop.wait()
        elif manner is MailManner.TRICKLE:
            for each in b"220-" + b"a" * 1000:
                connection.sendall(bytes([each]))
                sleep(0.05)
        elif manner is MailManner.HUGE:
            for _ in range(20_000):
                connection.sendall(b"220-" + b"x" * 4000 + b"\r\n")
        else:
            connection.sendall(AT_ONCE.get(manner, b"220 mail.example ESMTP\r\n"))
            self._talk(connection, manner, stop)

    def _talk(self, connection: socket.socket, manner: MailManner, stop: threading.Event) -> None:
        while True:
            command = _line(connection).decode("utf-8", "replace").strip()
            self.commands.append(command)
            verb = command.split(" ")[0].upper()
            if verb == "STARTTLS" and self.tls:
                connection.sendall(b"220 go\r\n")
                with self.tls.wrap_socket(connection, server_side=True) as inside:
                    return self._talk(inside, manner, stop)
            elif verb == "DATA":
                if manner is MailManner.HANGS_UP_BEFORE_DATA:
                    return
                connection.sendall(b"354 go\r\n")
                return self._read_message(connection, manner, stop)
            else:
                connection.sendall(self._reply(verb, command, manner))

    def _reply(self, verb: str, command: str, manner: MailManner) -> bytes:
        if verb == "EHLO":
            offers = [b"250-mail.example"]
            offers += [b"250-STARTTLS"] if self.tls and not self.from_start else []
            offers += [b"250-AUTH PLAIN"] if self.asks_for_login else []
            return b"\r\n".join([*offers, b"250 8BITMIME", b""])
        if verb == "AUTH":
            good = b"\0" + f"{USER}\0{PASSWORD}".encode()
            return b"235 welcome\r\n" if b64decode(command.split(" ")[2]) == good else b"535 wrong\r\n"
        if verb == "MAIL" and self.asks_for_login and not any(said.startswith("AUTH") for said in self.commands):
            return b"530 log in first\r\n"
        return TO_RECEIVER.get(manner, b"250 fine\r\n") if verb == "RCPT" else b"250 fine\r\n"

    def _read_message(self, connection: socket.socket, manner: MailManner, stop: threading.Event) -> None:
        read = b""
        while not read.endswith(b"\r\n.\r\n"):
            read += some(connection)
        plain = read[:-3].replace(b"\r\n..", b"\r\n.")
        message = message_from_bytes(plain, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.attempts.append(message["Message-ID"])
        if manner in TAKES:
            self.messages.append(message)
        if manner is MailManner.RESET_AFTER_DATA:
            reset(connection)
        elif manner is MailManner.MUTE_AFTER_DATA:
            stop.wait()
        else:
            connection.sendall(TO_MESSAGE[manner])


@contextmanager
def fake_mail(manner: MailManner = MailManner.GOOD, **how: bool | ssl.SSLContext) -> Generator[FakeMail]:
    """A mail server that listens until the end of the block."""
    server = FakeMail(manner=manner, **how)  # pyright: ignore[reportArgumentType]
    with listening(server.serve_one) as server.port:
        yield server


def _line(connection: socket.socket) -> bytes:
    read = b""
    while not read.endswith(b"\n"):
        byte = connection.recv(1)
        if not byte:
            raise ConnectionError("the caller hung up")
        read += byte
    return read
