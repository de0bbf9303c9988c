"""`jiexun-train`: from labelled pictures to a model folder. One file a verb, all of them listed here."""

import sys
from collections.abc import Sequence
from importlib import import_module

import typer
from rich.console import Console

from inference.errors import InferenceError
from training.errors import TrainingError

COMMANDS = {
    "freeze": "training.cli.freeze",
    "train": "training.cli.train",
    "evaluate": "training.cli.evaluate",
    "export": "training.cli.export",
    "recover": "training.cli.recover",
    "gate": "training.cli.gate",
    "promote": "training.cli.promote",
    "loop": "training.cli.loop",
    "render": "training.render.command",
    "truth": "training.cli.truth",
}
"""Each verb is the function of this name in that module."""


def build_app(wanted: str | None = None) -> typer.Typer:
    """The verbs, ready to be run.

    Args:
        wanted: where this is one of them, only that one is loaded: nobody waits for what others import.
    """
    app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    app.callback()(_about)
    for name in [wanted] if wanted in COMMANDS else COMMANDS:
        app.command(name)(getattr(import_module(COMMANDS[name]), name))
    return app


def _about() -> None:
    """From labelled pictures to a model folder that the product serves."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one verb; a refusal is one sentence and exit status 2.

    Args:
        arguments: what stands behind `jiexun-train`; by default what the shell gave.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        build_app(words[0] if words else None)(words)
    except (TrainingError, InferenceError) as error:
        Console(stderr=True).print(f"jiexun-train: {error}", style="red", soft_wrap=True, markup=False)
        raise SystemExit(2) from error
