"""`jiexun cameras`: who watches which camera."""

import json
from typing import Annotated

import typer
from rich.table import Table

from api.cli.speech import screen


def cameras(
    *, as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line instead of a table.")] = False
) -> None:
    """List the cameras that workers share: who watches each since when, and when it was last inspected."""
    from api.wiring import open_store  # the database takes a second to import; other commands need not wait

    with open_store() as store:
        standing = store.leases.standing()
        looks = {camera: store.camera_memory(camera) for camera in standing.held}
    rows = [
        {
            "camera": held.camera,
            "worker": held.worker,
            "since": held.since.isoformat(timespec="seconds"),
            "worker_seen": sign.seen_at.isoformat(timespec="seconds") if sign else None,
            "last_look": memory.captured_at.isoformat(timespec="seconds") if memory else None,
        }
        for held in sorted(standing.held.values(), key=lambda held: held.camera)
        for sign in [standing.workers.get(held.worker or "")]
        for memory in [looks[held.camera]]
    ]
    if as_json:
        for row in rows:
            typer.echo(json.dumps(row, ensure_ascii=False))
        return
    names = sorted(standing.workers)
    table = Table(title=f"{len(rows)} cameras, workers: {', '.join(names) or 'none'}", title_justify="left")
    for heading in ("camera", "worker", "since", "sign of life", "last look"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(value or "-" for value in row.values()))
    screen().print(table)
