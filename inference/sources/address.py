"""Addresses of sources: which are accepted, and how they are shown without their passwords."""

import logging
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from inference.errors import SourceNotReadable

HIDDEN = "***"

_CREDENTIALS = re.compile(r"(://?)\S*@")  # to the last @, as people leave / and # in passwords; a `Path` has one slash
_SECRET_PARAMETER = re.compile(
    r"(?i)(?<=[?&;])([a-z_-]*(?:pass|pwd|secret|token|key|auth|sign)[a-z_-]*=)[^\s&;#'\"<>]+"
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+[:,]")
_PLAYLISTS = (".m3u8", ".m3u", ".mpd", ".ffconcat", ".sdp", ".asx", ".pls")


class SourceKind(StrEnum):
    """What an address stands for."""

    VIDEO_FILE = "video_file"
    PICTURE_FOLDER = "picture_folder"
    RTSP = "rtsp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where frames come from. Its text may hold a password: show it with `redact` only.

    Attributes:
        kind: what it is.
        text: a path, or a URL with everything in it.
    """

    kind: SourceKind
    text: str

    def __repr__(self) -> str:
        return f"Address(kind={self.kind.value!r}, text={redact(self.text)!r})"


def redact(text: str) -> str:
    """The text with user names and passwords taken out of every URL in it.

    >>> redact("no answer from rtsp://admin:hunter2@10.0.0.7/stream?token=abc")
    'no answer from rtsp://***@10.0.0.7/stream?token=***'
    """
    return _SECRET_PARAMETER.sub(rf"\1{HIDDEN}", _CREDENTIALS.sub(rf"\1{HIDDEN}@", text))


def parse_address(text: str) -> Address:
    """Tell what an address is: `rtsp://…`, `rtsps://…`, a video file or a folder of pictures.

    Raises:
        SourceNotReadable: another protocol, a playlist, or an address without a host.
    """
    if text.lower().startswith(("rtsp://", "rtsps://")):
        return Address(kind=SourceKind.RTSP, text=_checked_url(text))
    if text == "-" or not text.strip() or "\x00" in text:
        raise SourceNotReadable(
            "There is no source to read; give a video file, a folder of pictures or rtsp://host/path."
        )
    scheme = _SCHEME.match(text)
    if scheme and not Path(text).exists():
        raise SourceNotReadable(
            f"{_shown(text, scheme[0])} is not read; give a video file, a folder of pictures, or a camera as rtsp:// or rtsps://."
        )
    if text.lower().endswith(_PLAYLISTS):
        raise SourceNotReadable(f"{text} is a playlist, which could open anything; give the video file itself.")
    return Address(kind=SourceKind.PICTURE_FOLDER if Path(text).is_dir() else SourceKind.VIDEO_FILE, text=text)


def _shown(text: str, scheme: str) -> str:
    """The address without what stands before its host, which people write with spaces as well."""
    _, at, rest = text.rpartition("@")
    return redact(f"{scheme}//{HIDDEN}@{rest}" if at else text)


def _checked_url(text: str) -> str:
    """The URL, if it names a host and holds nothing that a camera's address has no need of."""
    try:
        parts = urlsplit(text)
        complete = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        complete = False
    if not complete or any(ord(character) <= 32 or ord(character) == 127 for character in text):
        raise SourceNotReadable("This is no camera address; write it as rtsp://user:password@host:554/path, no spaces.")
    return text


class RedactSecrets(logging.Filter):
    """Takes credentials out of every record; goes on the handlers of the root logger, so that no logger is missed."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record's message and traceback; every record passes."""
        record.msg = redact(record.getMessage())
        record.args = None
        if record.exc_info:
            record.exc_text = redact(logging.Formatter().formatException(record.exc_info))
            record.exc_info = None
        if record.stack_info:
            record.stack_info = redact(record.stack_info)
        return True


def redact_log(logger: logging.Logger) -> None:
    """Put `RedactSecrets` on all handlers of `logger`, to be called once they are set up."""
    for handler in logger.handlers:
        if not any(isinstance(present, RedactSecrets) for present in handler.filters):
            handler.addFilter(RedactSecrets())
