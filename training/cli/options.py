"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

SourcesOption = Annotated[Path, typer.Option("--sources", help="What each source of pictures labels.")]
VehiclesOption = Annotated[
    float, typer.Option(min=0, max=1, help="Leave out vehicles lower than this share of the picture.")
]
STREET_SOURCES = Path("datasets/street/sources.yaml")
