"""The command line: one file a command, all of them listed here."""

import os
import signal
import sys
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from importlib import import_module
from types import FrameType

import typer

from api.cli.speech import refuse, set_up_speech
from api.cli.version import jiexun
from api.errors import ApiError
from cases.errors import CaseError
from inference.crossings import die_where_told
from inference.errors import InferenceError

COMMANDS = (
    "bench",
    "check",
    "demo",
    "duty",
    "inspect",
    "patrol",
    "place",
    "plan",
    "reorganise",
    "serve",
    "work",
    "cameras",
    "deliveries",
    "db",
    "audit",
    "export",
    "purge",
    "verdicts",
    "verify",
    "key",
    "user",
)
"""Each is what its own module calls by this name: a function, or a group of commands."""

OURS = (InferenceError, CaseError, ApiError)
INTERRUPTED = 130


def build_app(wanted: str | None = None) -> typer.Typer:
    """The commands, ready to be run.

    Args:
        wanted: where this is the name of a command, only that one is loaded: nobody waits for what others import.
    """
    app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    app.callback()(jiexun)
    for name in [wanted] if wanted in COMMANDS else COMMANDS:
        command = getattr(import_module(f"api.cli.{name}"), name)
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name)
        else:
            app.command(name)(command)
    return app


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command; whatever is wrong with its input ends in one sentence and exit status 2.

    Args:
        arguments: what stands behind `jiexun`; by default what the shell gave.
    """
    set_up_speech()
    words = list(sys.argv[1:] if arguments is None else arguments)
    wanted = words[0] if words else None
    try:
        if told := die_where_told(os.environ):
            typer.echo(f"for tests only: this process dies at {told}", err=True)
        command = typer.main.get_command(build_app(wanted))
        with _hearing_interrupts() as heard:
            status = command.main(args=words, prog_name="jiexun", standalone_mode=False)
        sys.exit(INTERRUPTED if heard else status)
    except OURS as error:
        refuse(str(error))
    except typer.TyperException as error:
        refuse(_usage(error.format_message(), wanted))
    except OSError as error:
        if error.filename is None:
            raise
        refuse(f"{error.filename}: {error.strerror}; name another path, or grant access to it.")
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


@contextmanager
def _hearing_interrupts() -> Generator[list[int]]:
    """Interrupts that have come meanwhile.

    One that comes while a library opens a video is lost in its callbacks from C: then the command goes on to its end,
    and must not say that nobody has stopped it. Commands with handlers of their own are left to these.
    """
    heard = list[int]()

    def hear(number: int, _frame: FrameType | None) -> None:
        heard.append(number)
        raise KeyboardInterrupt

    here = threading.current_thread() is threading.main_thread()
    if not here or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield heard
        return
    signal.signal(signal.SIGINT, hear)
    try:
        yield heard
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _usage(complaint: str, wanted: str | None) -> str:
    """One sentence about words that make no command."""
    typed = f"jiexun {wanted}" if wanted in COMMANDS else "jiexun"
    said = " ".join(complaint.replace("Value error, ", "").split()).removesuffix(".") or "No command is given"
    return f"{said}; `{typed} --help` shows what it takes."
