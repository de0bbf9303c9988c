"""How commands speak: results on standard output, problems on standard error, always UTF-8, never a password."""

import io
import logging
import sys
from traceback import format_exception
from types import TracebackType
from typing import NoReturn

from rich.console import Console

from inference.sources.address import redact, redact_log

BAD_INPUT = 2
COMMAND_LINE = "command line"
"""As whom the audit log names whoever works there: the machine's own accounts say who that may be."""


def set_up_speech() -> None:
    """Prepare both streams and the log. Terminals of another encoding see `?` instead of an exception."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    redact_log(logging.getLogger())
    sys.excepthook = _tell_crash


def screen() -> Console:
    """Where results are shown; what a city calls its cameras is text, never markup."""
    return Console(markup=False, highlight=False, emoji=False)


def refuse(sentence: str) -> NoReturn:
    """End the process with exit status 2 and this sentence."""
    sys.stderr.write(redact(f"{sentence}\n"))
    sys.exit(BAD_INPUT)


def _tell_crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A fault of our own: everything about it, but no password."""
    sys.stderr.write(redact("".join(format_exception(kind, error, trace))))
