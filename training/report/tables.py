"""The tables of a report: rows of text, written as Markdown or shown in HTML."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.evaluation import ClassScore
from training.intervals import Interval
from training.slices import SliceScore
from training.thresholds import Threshold


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A heading, what it shows, column names and rows."""

    title: str
    note: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def share(value: float | None) -> str:
    """Three digits, or a dash."""
    return "–" if value is None else f"{value:.3f}"


def classes_table(scores: Mapping[str, ClassScore]) -> Table:
    """The figures by class."""
    rows = tuple(
        (
            name,
            str(score.pictures),
            str(score.objects),
            share(score.ap50),
            share(score.ap50_95),
            f"{score.opens_at:.2f}",
            f"{share(score.precision)}{_between(score.precision_interval)}",
            f"{share(score.recall)}{_between(score.recall_interval)}",
            "–" if score.false_per_100_empty is None else f"{score.false_per_100_empty:.1f}",
            share(score.calibration_error),
        )
        for name, score in scores.items()
    )
    return Table(
        title="Classes",
        note="Precision and recall at the model's thresholds; 95 % intervals from drawing the pictures anew.",
        columns=(
            "class",
            "pictures",
            "objects",
            "AP50",
            "AP50-95",
            "from",
            "precision",
            "recall",
            "false/100 empty",
            "ECE",
        ),
        rows=rows,
    )


def thresholds_table(chosen: Mapping[str, Threshold], precision: float) -> Table:
    """From which confidence each class reaches a precision."""
    rows = tuple((name, f"{t.value:.2f}", "measured" if t.measured else "only cautious") for name, t in chosen.items())
    return Table(
        title=f"Thresholds for a precision of {precision:.2f}",
        note="Only cautious: too few right detections to measure one, or the precision is not reached.",
        columns=("class", "threshold", "how"),
        rows=rows,
    )


def slices_table(scores: Iterable[SliceScore]) -> Table:
    """The figures by source, light and size."""
    rows = tuple(
        (s.name, s.kind, s.part, str(s.pictures), str(s.objects), share(s.ap50), share(s.recall)) for s in scores
    )
    return Table(
        title="By source, light and size",
        note="Night: mean luma below 70 of 255. Size: height of an object below 8 %, up to 25 %, more of the picture.",
        columns=("class", "by", "part", "pictures", "objects", "AP50", "recall"),
        rows=rows,
    )


def confusion_table(names: Sequence[str], counts: NDArray[np.int64]) -> Table:
    """What is taken for what."""
    rows = tuple(
        (label, *(str(int(n)) if n else "·" for n in row))
        for label, row in zip((*names, "nothing"), counts, strict=True)
    )
    return Table(
        title="Confusion",
        note="Row: what people drew. Column: what was found at the thresholds.",
        columns=("", *names, "missed"),
        rows=rows,
    )


def inputs_table(means: Mapping[str, Mapping[str, float | None]]) -> Table:
    """AP50 by input size; `means` by input, then by class."""
    names = list(dict.fromkeys(name for by_class in means.values() for name in by_class))
    rows = tuple((name, *(share(by_class.get(name)) for by_class in means.values())) for name in names)
    return Table(
        title="By input size",
        note="AP50 of all pictures seen through one input; the last line is the mean.",
        columns=("class", *means),
        rows=rows,
    )


def _between(interval: Interval | None) -> str:
    return "" if interval is None else f" ({interval.low:.2f}–{interval.high:.2f})"
