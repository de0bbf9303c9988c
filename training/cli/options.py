"""Options that several verbs share, and what they mean together."""

from pathlib import Path
from typing import Annotated

import typer

from training.errors import DatasetError
from training.freeze.manifest import FILE
from training.freeze.version import verify_version
from training.sources import Sources, read_sources

STREET_SOURCES = Path("datasets/street/sources.yaml")
SourcesOption = Annotated[
    Path | None,
    typer.Option(
        "--sources", help="What each source of pictures labels.", show_default=f"the version's, else {STREET_SOURCES}"
    ),
]
VehiclesOption = Annotated[
    float, typer.Option(min=0, max=1, help="Leave out vehicles lower than this share of the picture.")
]


def listings_of(data: Path, sources: Path | None) -> tuple[Path, Path, Sources]:
    """The train list, the val list, and what their sources label.

    Args:
        data: a frozen version, which is checked first and says itself what its sources labelled; a folder with
            `train.txt` and `val.txt`; or one list, which then counts as both.
        sources: the sources file that was named, if any.

    Raises:
        DatasetError: the version is not as it was frozen, or a sources file is named beside it, or cannot be read.
    """
    train, val = (data / "train.txt", data / "val.txt") if data.is_dir() else (data, data)
    if not (data / FILE).is_file():
        return train, val, read_sources(sources or STREET_SOURCES)
    if sources is not None:
        raise DatasetError(f"{data} is frozen and says itself what its sources labelled: leave --sources out")
    verify_version(data)
    return train, val, read_sources(data / "sources.yaml")
