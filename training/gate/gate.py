"""The gate: a challenger against the champion, on the same frozen pictures."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.progress import track

from inference.detector import Detector, OnnxDetector
from inference.detector.gate_report import Check, GateReport, ModelMark, mark_of
from inference.detector.manifest import Manifest
from inference.errors import GateError
from training.evaluation import CURVE_FLOOR, Evaluation
from training.gate.checks import accuracy, latency, regression, same_shape
from training.looks import read_pixels
from training.scored_pictures import ScoredPicture

LATENCY_PICTURES = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """One of the two.

    Attributes:
        mark: which model it is.
        manifest: what it says about itself.
        detector: the model at work, with a floor low enough for the whole precision-recall curve.
    """

    mark: ModelMark
    manifest: Manifest
    detector: Detector


@dataclass(frozen=True, slots=True, kw_only=True)
class GatePictures:
    """What both are held against.

    Attributes:
        data: the frozen version, NAME/VERSION.
        val: its val split.
        regression: the fixed set.
        least_heights: by class, share of the picture's height below which objects do not count.
    """

    data: str
    val: Sequence[ScoredPicture]
    regression: Sequence[ScoredPicture]
    least_heights: dict[str, float] = field(default_factory=dict[str, float])


def contender(folder: Path) -> Contender:
    """A model folder, ready.

    Raises:
        ModelError: it cannot be served.
    """
    detector = OnnxDetector(folder, floor=CURVE_FLOOR)
    return Contender(mark=mark_of(folder), manifest=detector.manifest, detector=detector)


def hold_against(
    champion: Contender, challenger: Contender, pictures: GatePictures, clock: Callable[[], float]
) -> GateReport:
    """Ask every question. Nothing is adjusted, and the answers bind both models and the pictures.

    Args:
        champion: the model that serves.
        challenger: the new one.
        pictures: what both are held against.
        clock: seconds, monotonic.

    Raises:
        GateError: there are no pictures.
        DatasetError: a picture or its labels cannot be read.
    """
    if not pictures.val or not pictures.regression:
        raise GateError("the gate needs pictures to look at: name a version with a val split, and a regression set")
    checks: list[Check] = [*same_shape(champion.manifest, challenger.manifest)]
    shared = [name for name in champion.manifest.classes if name in challenger.manifest.classes]
    for questions, seen in ((accuracy, pictures.val), (regression, pictures.regression)):
        both = [_seen(one, seen, pictures.least_heights) for one in (champion, challenger)]
        for name in shared:
            opens_at = (champion.manifest.opens_at[name], challenger.manifest.opens_at[name])
            checks.extend(questions(name, both[0], both[1], opens_at))
    some = [read_pixels(picture.path) for picture in pictures.val[:LATENCY_PICTURES]]
    checks.append(latency(champion.detector, challenger.detector, some, clock))
    return GateReport(
        champion=champion.mark,
        challenger=challenger.mark,
        data=pictures.data,
        regression=_digest(pictures.regression),
        checks=tuple(checks),
    )


def _seen(one: Contender, pictures: Sequence[ScoredPicture], least_heights: dict[str, float]) -> Evaluation:
    evaluation = Evaluation(one.detector, least_heights=least_heights)
    words = f"{one.mark.name}/{one.mark.version}"
    evaluation.see(track(pictures, description=words, console=Console(stderr=True)))
    return evaluation


def _digest(pictures: Sequence[ScoredPicture]) -> str:
    found = hashlib.sha256()
    for picture in pictures:
        found.update(hashlib.sha256(picture.path.read_bytes()).digest())
        found.update(picture.labels().as_text().encode())
    return found.hexdigest()
