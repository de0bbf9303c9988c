"""The loop back: from a service's exported verdicts to a candidate with its gate report. Every step done stays done.

A few hundred verdicts are little beside the thousands of boxes a model learned from, and a model that sees only them
forgets the rest. So the champion is tuned on the verdicts, shown several times, between pictures of its own training
data, with the lower layers left as they are.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from inference.detector.gate_report import GateReport, mark_of, read_report
from inference.detector.manifest import Layout, read_manifest
from inference.errors import GateError
from training.errors import AlreadyFrozen, RunFinished
from training.evaluation import VEHICLES
from training.export import ExportPlan, export
from training.freeze.freezing import FreezePlan, Leaks, Side, freeze
from training.freeze.inputs import Reading
from training.freeze.item import Split
from training.freeze.manifest import FrozenPicture
from training.freeze.manifest import read_manifest as read_frozen
from training.freeze.verdicts import FILE, SOURCE
from training.freeze.version import verify_version
from training.gate.run import run_gate
from training.plan import TrainingPlan
from training.scored_pictures import from_listing
from training.sources import Sources, read_sources
from training.train import train


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopPlan:
    """One turn of the loop.

    Attributes:
        verdicts: folder that `jiexun verdicts export` wrote.
        parent: the frozen version that the champion was trained on; its val split decides.
        champion: the model that serves, with its weights.
        out: folder of this turn; one that was interrupted is taken up again.
        datasets: folder of all data sets.
        regression: data.yaml of the gate's fixed pictures.
        epochs: passes over verdicts and replayed pictures.
        image_side: pixels.
        batch: pictures in a step.
        freeze: layers from the input on that stay as they are.
        repeats: how often each picture with a verdict is shown in an epoch.
        replay: pictures of the parent's train split in an epoch.
        learning_rate: at the start.
        precision: that thresholds are chosen for.
        vehicles_from: share of the picture's height below which vehicles do not count.
        threads: of torch.
        seed: of everything random.
    """

    verdicts: Path
    parent: Path
    champion: Path
    out: Path
    datasets: Path
    regression: Path
    epochs: int = 3
    image_side: int = 384
    batch: int = 16
    freeze: int = 10
    repeats: int = 3
    replay: int = 400
    learning_rate: float = 1e-4
    precision: float = 0.9
    vehicles_from: float = 0.08
    threads: int = 2
    seed: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What a turn of the loop made."""

    version: Path
    candidate: Path
    report: GateReport


def loop(plan: LoopPlan) -> Turn:
    """Freeze, tune, export, gate.

    Raises:
        DatasetError: the verdicts or the parent cannot be used.
        CheckpointError: the champion carries no weights.
        ExportError: what was tuned cannot be exported as the same model.
        GateError: the folder belongs to another turn.
    """
    _claim(plan)
    version = _frozen(plan)
    sources = read_sources(version / "sources.yaml")
    checkpoint = _tuned(plan, version, sources)
    candidate = _exported(plan, version, sources, checkpoint)
    out = plan.out / "gate"
    report = read_report(out / "gate.json") if out.exists() else None
    if report is None or report.challenger != mark_of(candidate):
        report = run_gate(
            challenger=candidate,
            champion=plan.champion,
            data=version,
            regression=plan.regression,
            vehicles_from=plan.vehicles_from,
            out=out,
        )
    return Turn(version=version, candidate=candidate, report=report)


def _claim(plan: LoopPlan) -> None:
    """A folder holds one turn: the same champion, parent, verdicts and settings."""
    settings = {name: str(getattr(plan, name)) for name in LoopPlan.__dataclass_fields__ if name != "threads"}
    try:
        settings["verdicts_sha256"] = hashlib.sha256((plan.verdicts / FILE).read_bytes()).hexdigest()
    except OSError as error:
        raise GateError(f"{plan.verdicts} holds no {FILE}: name a folder of `jiexun verdicts export`") from error
    settings["champion_sha256"] = mark_of(plan.champion).sha256
    path = plan.out / "loop.json"
    if not path.is_file():
        plan.out.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(settings, indent=1), encoding="utf-8")
    elif json.loads(path.read_text(encoding="utf-8")) != settings:
        raise GateError(f"{plan.out} belongs to a turn with other verdicts, models or settings: name another folder")


def _frozen(plan: LoopPlan) -> Path:
    """The parent's pictures, each on its side, and the verdicts to train on."""
    parent = verify_version(plan.parent)
    scratch = plan.out / "unpacked"
    scratch.mkdir(exist_ok=True)
    reading = Reading(sources=Sources(classes=parent.classes, sources={}), scratch=scratch)
    wanted = FreezePlan(
        inputs=(plan.verdicts,),
        reading=reading,
        name=parent.name,
        out=plan.datasets,
        parent=plan.parent,
        side=Side.TRAIN,
        leaks=Leaks.LEAVE_OUT,
        seed=plan.seed,
    )
    try:
        return freeze(wanted).folder
    except AlreadyFrozen as known:
        verify_version(known.folder)
        return known.folder


def _tuned(plan: LoopPlan, version: Path, sources: Sources) -> Path:
    manifest = read_frozen(version)
    listings = (plan.out / "train.txt", plan.out / "val.txt")
    for listing, pictures in zip(listings, (_shown(plan, manifest.pictures), manifest.of(Split.VAL)), strict=True):
        lines = (f"{(version / picture.file).resolve()}\n" for picture in pictures)
        listing.write_text("".join(lines), encoding="utf-8")
    out = plan.out / "training"
    tuning = TrainingPlan(
        listings=listings,
        sources=sources,
        weights=plan.champion,
        out=out,
        image_side=plan.image_side,
        epochs=plan.epochs,
        batch=plan.batch,
        learning_rate=plan.learning_rate,
        freeze=plan.freeze,
        threads=plan.threads,
        data_version=version.name,
        seed=plan.seed,
    )
    try:
        return train(tuning)
    except RunFinished:
        return out / "weights" / "last.pt"


def _shown(plan: LoopPlan, pictures: tuple[FrozenPicture, ...]) -> Iterator[FrozenPicture]:
    """Every picture with a verdict several times, and as many of the others as are replayed, evenly chosen."""
    train = [picture for picture in pictures if picture.split is Split.TRAIN]
    judged = [picture for picture in train if picture.source == SOURCE]
    others = [picture for picture in train if picture.source != SOURCE]
    yield from judged * plan.repeats
    step = max(1.0, len(others) / plan.replay) if plan.replay else 0.0
    for number in range(min(plan.replay, len(others))):
        yield others[int(number * step)]


def _exported(plan: LoopPlan, version: Path, sources: Sources, checkpoint: Path) -> Path:
    champion = read_manifest(plan.champion)
    next_version = str(int(champion.version) + 1) if champion.version.isdigit() else f"{champion.version}.1"
    candidate = plan.out / champion.name / next_version
    if candidate.exists():  # an export is whole or not there
        return candidate
    export(
        ExportPlan(
            weights=checkpoint,
            out=candidate,
            layout=Layout.CHANNELS_FIRST,
            pictures=from_listing(version / "val.txt", sources),
            least_heights=dict.fromkeys(VEHICLES, plan.vehicles_from),
            precision=plan.precision,
            licence=champion.licence,
            trained_on=f"{champion.name}/{champion.version}, tuned on the verdicts in {version.name}. "
            f"Before: {champion.trained_on}",
            measured_on=f"the val split of {version.name}; vehicles of at least {plan.vehicles_from:.0%} of its height",
            command=f"jiexun-train evaluate --data {version} --vehicles-from {plan.vehicles_from} --model {candidate}",
        )
    )
    return candidate
