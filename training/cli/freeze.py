"""`jiexun-train freeze`: from labelled pictures to an immutable version of a data set."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.console import Console

from training.cli.options import STREET_SOURCES, SourcesOption
from training.errors import DatasetError
from training.freeze.freezing import FreezePlan, Leaks, Side
from training.freeze.freezing import freeze as write_frozen
from training.freeze.inputs import Reading
from training.freeze.item import Split
from training.freeze.manifest import FrozenManifest
from training.freeze.version import verify_version
from training.sources import read_sources

NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
SOURCE = re.compile(r"\w[\w.-]*/\w[\w.-]*")


def freeze(
    inputs: Annotated[
        list[Path] | None, typer.Argument(help="YOLO folders, COCO, Label Studio and CVAT exports, exported verdicts.")
    ] = None,
    verify: Annotated[Path | None, typer.Option(help="Check a frozen version instead, every file of it.")] = None,
    name: Annotated[str, typer.Option(help="Of the data set.")] = "street",
    out: Annotated[Path, typer.Option(help="Folder of all data sets; a version becomes OUT/NAME/VERSION.")] = Path(
        "datasets"
    ),
    parent: Annotated[Path | None, typer.Option(help="A version whose pictures are taken over.")] = None,
    sources: SourcesOption = None,
    source: Annotated[str | None, typer.Option(help="GROUP/NAME of inputs that do not say it themselves.")] = None,
    pictures: Annotated[Path | None, typer.Option(help="Where pictures lie that are not beside their labels.")] = None,
    rename: Annotated[list[str] | None, typer.Option(help="THEIRS=OURS, for a class with another name.")] = None,
    scene: Annotated[str | None, typer.Option(help="Regular expression that finds the scene in a file's path.")] = None,
    new_to: Annotated[Side, typer.Option(help="Where pictures go that have no side yet.")] = Side.BY_SCENE,
    val_share: Annotated[float, typer.Option(min=0, max=1, help="That is kept for measuring, by scene.")] = 0.15,
    leaks: Annotated[Leaks, typer.Option(help="What becomes of views that are in train and in val.")] = Leaks.REFUSE,
    seed: Annotated[int, typer.Option(min=0, help="Of the order in which scenes are dealt out.")] = 1,
) -> None:
    """Freeze labelled pictures into a version that never changes, split without leakage; or check one."""
    if verify is not None:
        typer.echo(f"{_counted(verify_version(verify))}: every file is as it was frozen")
        return
    _check_names(name, source, anything=bool(inputs) or parent is not None)
    with TemporaryDirectory(prefix="jiexun-freeze-") as scratch:
        reading = Reading(
            sources=read_sources(sources or STREET_SOURCES),
            scratch=Path(scratch),
            source=source,
            pictures=pictures,
            renames=dict(_pair(word) for word in rename or ()),
        )
        plan = FreezePlan(
            inputs=tuple(inputs or ()),
            reading=reading,
            name=name,
            out=out,
            parent=parent,
            scene=_pattern(scene),
            side=new_to,
            val_share=val_share,
            leaks=leaks,
            seed=seed,
        )
        frozen = write_frozen(plan)
    for reason, count in frozen.manifest.left_out.items():
        Console(stderr=True).print(f"left out: {count} x {reason}", markup=False)
    typer.echo(f"{frozen.folder}: {_counted(frozen.manifest)}")


def _check_names(name: str, source: str | None, *, anything: bool) -> None:
    if not anything:
        raise DatasetError("nothing is named to freeze; name folders or exports, or a version after --verify")
    if not NAME.fullmatch(name) or (source is not None and not SOURCE.fullmatch(source)):
        raise DatasetError("a data set is called like street-2, a source like town/kerb: choose such names")


def _counted(manifest: FrozenManifest) -> str:
    counts = [len(manifest.of(split)) for split in Split]
    return f"{manifest.name}/{manifest.version}, {counts[0]} pictures to train on, {counts[1]} to measure on"


def _pair(word: str) -> tuple[str, str]:
    theirs, equals, ours = word.partition("=")
    if not (theirs and equals and ours):
        raise DatasetError(f"--rename {word} is not THEIRS=OURS: write it like --rename trash=garbage")
    return theirs, ours


def _pattern(scene: str | None) -> re.Pattern[str] | None:
    try:
        return re.compile(scene) if scene is not None else None
    except re.error as error:
        raise DatasetError(f"--scene {scene} is no regular expression: {error}") from error
