"""`jiexun deliveries`: what waits for a person, and what a person decides about it."""

import json
from typing import Annotated

import typer
from rich.table import Table

from api.cli.speech import screen
from cases.deliveries import Decision

deliveries = typer.Typer(no_args_is_help=True, help="Settle deliveries that no machine can settle.")


@deliveries.callback()
def _deliveries() -> None:
    """Settle deliveries that no machine can settle."""


@deliveries.command("list")
def list_(
    *, as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line instead of a table.")] = False
) -> None:
    """List deliveries that are dead, or of which nobody could find out whether they arrived, oldest first."""
    from api.wiring import open_store  # the database takes a second to import; other commands need not wait

    with open_store() as store:
        waiting = store.needs_a_person()
        numbers = {filing.case_id: store.dossier(filing.case_id).case.number for filing in waiting}
    if as_json:
        for filing in waiting:
            told = {"id": filing.id, "case": numbers[filing.case_id], "department": filing.department}
            told |= {
                "channel": filing.channel,
                "matter": filing.matter,
                "state": filing.state,
                "error": filing.error or "",
            }
            typer.echo(json.dumps(told, ensure_ascii=False))
        return
    table = Table(title=f"{len(waiting)} deliveries wait for a person", title_justify="left")
    for heading in ("id", "case", "department", "channel", "matter", "state", "why"):
        table.add_column(heading, overflow="fold")
    for one in waiting:
        table.add_row(one.id, numbers[one.case_id], one.department, one.channel, one.matter, one.state, one.error or "")
    screen().print(table)


@deliveries.command()
def settle(
    filing: Annotated[str, typer.Argument(metavar="FILING", help="The delivery's id, as `list` shows it.")],
    decision: Annotated[
        Decision, typer.Argument(metavar="DECISION", help="`delivered`, `again` (send it again) or `give_up`.")
    ],
    *,
    by: Annotated[str, typer.Option(help="Who decides.")],
    reason: Annotated[str, typer.Option(help="How you know, or why.")],
    reference: Annotated[str, typer.Option(help="The department's own number for the case, if known.")] = "",
) -> None:
    """Decide about one delivery; the decision stands in the history of its case."""
    from api.clock import utc_now
    from api.wiring import open_store
    from cases.deliveries import DeliveryDesk
    from cases.errors import MoveRefused

    with open_store() as store:
        found = next((each for each in store.needs_a_person() if each.id == filing), None)
        if found is None:
            raise MoveRefused(f"no delivery {filing} waits for a person; `jiexun deliveries list` shows which do")
        desk = DeliveryDesk(store, clock=utc_now)
        settled = desk.decide(found.case_id, filing, decision, by=by, reason=reason, reference=reference)
    typer.echo(f"delivery {settled.id} to {settled.department} is now {settled.state}")
