"""The questions of the gate. Each gives checks; one that is refused carries its reason."""

from collections.abc import Callable, Iterator, Sequence
from statistics import median

from inference.detector import Detector
from inference.detector.gate_report import Check
from inference.detector.manifest import Manifest
from inference.frame import ImageBGR
from training.calibration import expected_calibration_error
from training.evaluation import Evaluation
from training.gate.paired import compare
from training.looks import Look, heights_for
from training.scoring import Matches, average_precision, joined, recall_at

CALIBRATION_DROP = 0.05
LEAST_DETECTIONS = 50
"""Below, a calibration error is noise."""
LATENCY_RATIO = 1.15
REGRESSION_SLACK = 1
"""Objects of a class that may be lost, and false boxes that may be gained, on the regression set."""


def same_shape(champion: Manifest, challenger: Manifest) -> Iterator[Check]:
    """No class is missing, and every input size is still there."""
    missing = [name for name in champion.classes if name not in challenger.classes]
    yield Check(
        what="classes",
        champion=len(champion.classes),
        challenger=len(challenger.classes),
        refused=f"it does not know {', '.join(missing)}" if missing else "",
    )
    sizes = [{graph.input_hw for graph in manifest.graphs} for manifest in (champion, challenger)]
    gone = ", ".join(f"{high}x{wide}" for high, wide in sorted(sizes[0] - sizes[1]))
    yield Check(
        what="inputs",
        champion=len(sizes[0]),
        challenger=len(sizes[1]),
        refused=f"it has no graph for the input {gone}" if gone else "",
    )


def accuracy(name: str, champion: Evaluation, challenger: Evaluation, opens_at: tuple[float, float]) -> Iterator[Check]:
    """AP50, recall, false alarms and calibration of one class, each model at its own threshold."""
    first, second = _parts(champion, name), _parts(challenger, name)
    at = [_recall_at(threshold) for threshold in opens_at]
    for what, measures in (("ap50", (average_precision, average_precision)), ("recall", (at[0], at[1]))):
        difference = compare(first, second, measures)
        if difference is None:
            continue
        worse = difference.high is not None and difference.high < 0
        sentence = f"{name}: {what} falls from {difference.champion:.3f} to {difference.challenger:.3f}, beyond chance"
        yield Check(
            what=what,
            of=name,
            champion=difference.champion,
            challenger=difference.challenger,
            low=difference.low,
            high=difference.high,
            refused=sentence if worse else "",
        )
    yield from _false_alarms(name, champion, challenger, opens_at)
    yield from _calibration(name, first, second)


def regression(
    name: str, champion: Evaluation, challenger: Evaluation, opens_at: tuple[float, float]
) -> Iterator[Check]:
    """On a few fixed pictures: nothing is lost that was found, and no more is seen that is not there."""
    hits: list[int] = []
    false: list[int] = []
    for evaluation, threshold in zip((champion, challenger), opens_at, strict=True):
        matches = evaluation.matches(name)
        sure = matches.confidence >= threshold
        hits.append(int((matches.hit & sure).sum()))
        false.append(int((~matches.hit & sure).sum()))
    lost = hits[0] - hits[1] > REGRESSION_SLACK
    yield Check(
        what="regression found",
        of=name,
        champion=hits[0],
        challenger=hits[1],
        refused=f"{name}: of the regression set it finds {hits[1]} objects instead of {hits[0]}" if lost else "",
    )
    more = false[1] - false[0] > REGRESSION_SLACK
    yield Check(
        what="regression false",
        of=name,
        champion=false[0],
        challenger=false[1],
        refused=f"{name}: on the regression set it gives {false[1]} false boxes instead of {false[0]}" if more else "",
    )


def latency(
    champion: Detector, challenger: Detector, pictures: Sequence[ImageBGR], clock: Callable[[], float]
) -> Check:
    """Time of a detection, in turns on the same pictures; the median ratio counts.

    Args:
        champion: the model that serves.
        challenger: the new one.
        pictures: at least one.
        clock: seconds, monotonic.
    """
    taken: tuple[list[float], list[float]] = ([], [])
    for picture in (pictures[0], *pictures):  # the first one warms up
        for detector, times in zip((champion, challenger), taken, strict=True):
            begun = clock()
            detector.detect(picture)
            times.append(clock() - begun)
    ratio = median(b / a for a, b in zip(taken[0][1:], taken[1][1:], strict=True))
    slow = ratio > LATENCY_RATIO
    sentence = f"it takes {ratio:.2f} times as long as the champion, more than {LATENCY_RATIO}"
    return Check(what="latency", champion=1.0, challenger=ratio, refused=sentence if slow else "")


def _false_alarms(
    name: str, champion: Evaluation, challenger: Evaluation, opens_at: tuple[float, float]
) -> Iterator[Check]:
    def empty(look: Look) -> bool:
        return not len(look.boxes_of(name))

    parts = [_parts(evaluation, name, empty) for evaluation in (champion, challenger)]
    if not parts[0]:
        return
    counts = [_alarms_at(threshold, len(parts[0])) for threshold in opens_at]
    difference = compare(parts[0], parts[1], (counts[0], counts[1]))
    if difference is None:
        return
    worse = difference.low is not None and difference.low > 0
    before, after = difference.champion, difference.challenger
    yield Check(
        what="false per empty picture",
        of=name,
        champion=before,
        challenger=after,
        low=difference.low,
        high=difference.high,
        refused=f"{name}: false alarms rise from {before:.3f} to {after:.3f} a picture that holds none, beyond chance"
        if worse
        else "",
    )


def _calibration(name: str, champion: Sequence[Matches], challenger: Sequence[Matches]) -> Iterator[Check]:
    both = [joined(champion), joined(challenger)]
    errors = [expected_calibration_error(matches) for matches in both]
    if errors[0] is None or errors[1] is None or min(len(m.hit) for m in both) < LEAST_DETECTIONS:
        return
    worse = errors[1] - errors[0] > CALIBRATION_DROP
    yield Check(
        what="calibration error",
        of=name,
        champion=errors[0],
        challenger=errors[1],
        refused=f"{name}: confidence lies {errors[1]:.3f} off instead of {errors[0]:.3f}" if worse else "",
    )


def _parts(evaluation: Evaluation, name: str, wanted: Callable[[Look], bool] = lambda _: True) -> list[Matches]:
    heights = heights_for(name, evaluation.least_heights)
    return [look.matches(name, heights) for look in evaluation.looks_for(name) if wanted(look)]


def _recall_at(threshold: float) -> Callable[[Matches], float | None]:
    return lambda matches: recall_at(matches, threshold)


def _alarms_at(threshold: float, pictures: int) -> Callable[[Matches], float]:
    return lambda matches: float((matches.confidence >= threshold).sum()) / pictures
