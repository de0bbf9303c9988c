"""`jiexun-train truth`: plays scenarios and rendered clips whose events are known, and scores what was found."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from inference.detector import SHIPPED_MODELS, OnnxDetector, current_model
from inference.detector.manifest import read_manifest
from training.render.errors import ScenarioError
from training.suite.clips import play_clip
from training.suite.playing import play
from training.suite.scoring import Played, Score, Verdict, total
from training.suite.stand_in import Errors


def truth(
    folder: Annotated[
        Path, typer.Argument(help="Folder of scenarios (YAML), played with drawn pictures and a stand-in detector.")
    ] = Path("datasets/truth"),
    clips: Annotated[
        Path | None, typer.Option(help="Instead: folder of rendered clips, played with the real model.")
    ] = None,
    model: Annotated[Path | None, typer.Option(help="Model folder; without it the shipped one.")] = None,
    seeds: Annotated[int, typer.Option(min=1, max=1000, help="How often the stand-in's errors are drawn anew.")] = 1,
    least: Annotated[float, typer.Option(min=0, max=1, help="F1 below which the command fails.")] = 0.95,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a scenario, then the total.")] = False,
) -> None:
    """Play the truth suite through the whole pipeline: precision, recall, F1 and delay of the findings.

    Exit status 1 where F1 is below `--least`.
    """
    place = model or current_model(SHIPPED_MODELS)
    played = _clips(clips, place) if clips is not None else _scenarios(folder, place, seeds)
    verdicts = [verdict for one in played for verdict in one.verdicts]
    score = total(verdicts)
    if as_json:
        for one in played:
            typer.echo(json.dumps(asdict(one), ensure_ascii=False))
        typer.echo(json.dumps(_summary(score)))
    else:
        _print(played, verdicts, score)
    if score.f1 < least:
        raise typer.Exit(1)


def _scenarios(folder: Path, model: Path, seeds: int) -> list[Played]:
    paths = sorted(folder.glob("[!_]*.yaml"))
    if not paths:
        raise ScenarioError(f"{folder} holds no scenario: name a folder with YAML files.")
    manifest, errors = read_manifest(model), Errors()
    runs = [(path, seed) for seed in range(1, seeds + 1) for path in paths]
    console = Console(stderr=True)
    return [play(path, manifest, errors, seed) for path, seed in track(runs, "playing", console=console)]


def _clips(folder: Path, model: Path) -> list[Played]:
    paths = sorted(path for path in folder.glob("*.json") if path.with_suffix(".mp4").exists())
    if not paths:
        raise ScenarioError(f"{folder} holds no clip with its truth beside it: render one first.")
    detector = OnnxDetector(model)
    return [
        play_clip(path, detector, detector.manifest) for path in track(paths, "playing", console=Console(stderr=True))
    ]


def _summary(score: Score) -> dict[str, Any]:
    return asdict(score) | {
        "precision": round(score.precision, 4),
        "recall": round(score.recall, 4),
        "f1": round(score.f1, 4),
        "median_delay": score.median_delay,
    }


def _print(played: Sequence[Played], verdicts: Sequence[Verdict], score: Score) -> None:
    console = Console()
    table = Table("kind", "found", "missed", "false", "precision", "recall", "F1", "median delay")
    for kind in sorted({verdict.kind for verdict in verdicts}):
        table.add_row(kind, *_row(total([v for v in verdicts if v.kind == kind])))
    table.add_row("all", *_row(score), style="bold")
    console.print(table)
    for verdict in verdicts:
        if verdict.outcome != "hit":
            console.print(f"{verdict.scenario}: {verdict.outcome} {verdict.kind}: {verdict.about}", highlight=False)
    looked, seen = (sum(one.looks[k] for one in played) for k in (0, 1))
    console.print(f"{len(played)} played, {looked} of {seen} pictures inspected", highlight=False)


def _row(score: Score) -> tuple[str, ...]:
    late = "–" if score.median_delay is None else f"{score.median_delay:.1f} s"
    shares = (f"{v:.3f}" for v in (score.precision, score.recall, score.f1))
    return str(score.hits), str(score.missed), str(score.false), *shares, late
