"""The command line: one file a command, all of them listed here."""

from collections.abc import Sequence

import typer

from api.cli.bench import bench
from api.cli.check import check
from api.cli.db import db
from api.cli.demo import demo
from api.cli.inspect import inspect
from api.cli.serve import serve
from api.cli.speech import refuse, set_up_speech
from api.cli.version import jiexun
from api.cli.work import work
from api.errors import ApiError
from cases.errors import CaseError
from inference.errors import InferenceError

COMMANDS = (bench, check, demo, inspect, serve, work)
GROUPS = {"db": db}
OURS = (InferenceError, CaseError, ApiError)


def build_app() -> typer.Typer:
    """The commands, ready to be run."""
    app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    app.callback()(jiexun)
    for command in COMMANDS:
        app.command()(command)
    for name, group in GROUPS.items():
        app.add_typer(group, name=name)
    return app


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command; whatever is wrong with its input ends in one sentence and exit status 2.

    Args:
        arguments: what stands behind `jiexun`; by default what the shell gave.
    """
    set_up_speech()
    try:
        build_app()(args=arguments, prog_name="jiexun")
    except OURS as error:
        refuse(error)
