"""`jiexun demo`: the shipped clips become filed cases."""

import json
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from api.cli.speech import screen


def demo(
    *,
    once: Annotated[bool, typer.Option("--once", help="Play the clips to their end without pages, and count.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="With --once: one JSON object.")] = False,
    data: Annotated[Path | None, typer.Option(help="Keep database and pictures here, and go on from there.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port of the pages; else a free one.")] = None,
    speed: Annotated[float, typer.Option(min=0.1, max=100, help="How many times as fast as the clips.")] = 4.0,
) -> None:
    """Play the demo clips and show in the browser how detections become filed cases."""
    from api.demo import play_once, show  # web and database take a second to import; other commands need not wait

    with _place(data) as folder:
        if not once:
            show(typer.echo, folder, port=port, speed=speed)
            return
        summary = play_once(folder)
        if as_json:
            kinds = {kind.value: count for kind, count in summary.by_kind.items()}
            record = {"findings": summary.findings, "cases": summary.cases, "filed": summary.filed, "by_kind": kinds}
            sys.stdout.write(json.dumps(record) + "\n")
        else:
            for kind, count in summary.by_kind.items():
                screen().print(f"{count:4d}  {kind.value}")
            screen().print(f"{summary.findings} findings, {summary.cases} cases, {summary.filed} filed")


@contextmanager
def _place(data: Path | None) -> Generator[Path]:
    if data is not None:
        yield data
        return
    with TemporaryDirectory(prefix="jiexun-demo-") as folder:
        yield Path(folder)
