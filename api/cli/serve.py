"""`jiexun serve`: the pages, the doors for pushed frames, and the deliveries."""

from pathlib import Path
from typing import Annotated

import typer


def serve(
    *,
    city: Annotated[Path | None, typer.Option(help="The city file; without it JIEXUN_CITY_FILE.")] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on; without it JIEXUN_HOST.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; without it JIEXUN_PORT.")] = None,
) -> None:
    """Serve the pages, take pushed frames, and deliver cases to their departments."""
    from api.serving import serve_house  # web and database take a second to import; other commands need not wait

    serve_house(typer.echo, city_file=city, host=host, port=port)
