"""`jiexun bench store`: how long the questions of pages and programs take on many cases."""

import json
import os
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from api.cli.speech import screen


def store(
    *,
    cases: Annotated[int, typer.Option(min=100, max=10_000_000, help="How many cases to fill it with.")] = 100_000,
    times: Annotated[int, typer.Option(min=2, max=1000, help="How often to ask each question.")] = 40,
    keep: Annotated[Path | None, typer.Option(help="Keep the database here, or use the one that is here.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
) -> None:
    """Fill a store of its own with cases, and measure what pages and programs ask of it."""
    from api.bench.store_filling import fill  # the database takes a second to import; other commands need not wait
    from api.bench.store_questions import LIMIT_MS, ask_all
    from api.store.store import SqlStore
    from api.store.upgrade import upgrade

    console = Console(stderr=True)
    with (
        TemporaryDirectory(prefix="jiexun-bench-") as folder,
        Progress(console=console, disable=not console.is_terminal, transient=True) as progress,
    ):
        path = keep or Path(folder) / "bench.db"
        url, is_new = f"sqlite:///{path.absolute()}", not path.exists()
        upgrade(url)
        if is_new:
            filling = progress.add_task(f"filling {cases:,} cases", total=1.0)
            fill(url, cases, lambda share: progress.update(filling, completed=share))
        asking = progress.add_task("asking", total=1.0)
        with SqlStore(url) as opened:
            there = opened.summary().cases
            asked = ask_all(opened, times=times, told=lambda share: progress.update(asking, completed=share))
    again = f"jiexun bench store --cases {there} --times {times}"
    if as_json:
        said = {"cases": there, "cores": os.cpu_count(), "limit_ms": LIMIT_MS, "command": f"{again} --json"}
        typer.echo(json.dumps({**said, "questions": [asdict(one) for one in asked]}))
        return
    table = Table("question", "p50 ms", "p95 ms", f"at most {LIMIT_MS:g} ms", title=f"{there:,} cases in SQLite")
    for one in asked:
        table.add_row(
            one.question, f"{one.p50_ms:.1f}", f"{one.p95_ms:.1f}", "kept" if one.p95_ms <= LIMIT_MS else "BROKEN"
        )
    screen().print(table)
    screen().print(f"Milliseconds of processor time. Again: {again}", soft_wrap=True)
