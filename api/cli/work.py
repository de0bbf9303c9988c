"""`jiexun work`: watch the cameras whose pictures are fetched, look at what patrols send, and deliver cases."""

import signal
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from api.cli.speech import BAD_INPUT


def work(
    *,
    city: Annotated[Path | None, typer.Option(help="The city file; without it JIEXUN_CITY_FILE.")] = None,
    center: Annotated[
        str | None, typer.Option(metavar="URL", help="Send findings to this centre instead of making cases here.")
    ] = None,
    budget_kbit: Annotated[
        float | None, typer.Option(min=1, help="What may travel to the centre, kbit/s on average.")
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Stop when every recording has ended and all is sent.")] = False,
) -> None:
    """Watch every camera with an address, look at what patrols send, and deliver cases, until stopped."""
    from api.stopping import StopLimit, StopSignal
    from api.wiring import open_house  # the database takes a second to import; other commands need not wait
    from api.work.crew import Crew
    from api.work.large_blocks import give_large_blocks_back
    from api.work.shift import deliver_all, on_duty
    from api.work.sources import Sources
    from inference.sources.decoding import decoded_apart

    give_large_blocks_back()
    stopped, limit = StopSignal(), StopLimit()

    def stop(_number: int, _frame: FrameType | None) -> None:
        limit.begin()
        stopped.tell()

    with decoded_apart(), open_house(city_file=city) as house:
        posts, sources = house.posts(pushed=False), Sources()
        courier = house.courier(center, budget_kbit) if center else None
        model = house.model()
        desk = (house.edge_desk if courier else house.desk)(model, sources) if posts else None
        patrols = None if courier else house.patrol_work(model)  # what vehicles sent to an edge box waits
        with house.leases(posts) as leases:
            if once:
                crew = Crew(posts, desk, leases, once=True) if desk else None
                if desk and desk.rechecks:
                    desk.rechecks.tend()
                if crew:
                    crew.run()
                if patrols:
                    patrols.run_once()
                deliver_all(courier or house.sender)
                raise typer.Exit(BAD_INPUT if crew and crew.given_up else 0)
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, stop)
            errands, timekeeper = ((courier,), None) if courier else (house.errands, house.timekeeper)
            with on_duty(errands, house.notary, posts, desk, sources, timekeeper, leases, patrols, model):
                typer.echo(f"ready for {len(posts)} camera{'' if len(posts) == 1 else 's'} (stop with Ctrl-C)")
                stopped.wait()
