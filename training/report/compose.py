"""From an evaluation to the document of its report."""

from collections.abc import Mapping

from inference.detector.manifest import Manifest
from training.calibration import reliability
from training.confusion import confusion
from training.evaluation import Evaluation
from training.looks import Light
from training.report.curves import reliability_svg
from training.report.document import Document
from training.report.figures import EvaluationReport, mean_of
from training.report.tables import (
    classes_table,
    confusion_table,
    inputs_table,
    share,
    slices_table,
    thresholds_table,
)
from training.slices import slices
from training.thresholds import choose_thresholds
from training.worst import worst

MISTAKES_SHOWN = 4
"""Of each kind and class."""


def compose(
    evaluation: Evaluation,
    manifest: Manifest,
    figures: EvaluationReport,
    *,
    by_input: Mapping[str, dict[str, float | None]],
    precision: float,
) -> Document:
    """Everything that was measured.

    Args:
        evaluation: with its looks.
        manifest: of the model.
        figures: by class.
        by_input: AP50 by class for every input size, all pictures seen through it.
        precision: that thresholds are chosen for.
    """
    opens_at, names = manifest.opens_at, manifest.classes
    least = evaluation.least_heights
    matches = {name: evaluation.matches(name) for name in names}
    scored = [name for name in names if figures.classes[name].pictures]
    nights = sum(look.light is Light.NIGHT for look in evaluation.looks)
    means = {size: {**ap50, "mean": mean_of(ap50)} for size, ap50 in by_input.items()}
    return Document(
        title=f"{figures.model}: {figures.pictures} pictures",
        summary=(
            f"Mean AP50 {share(figures.mean_ap50)} over the classes with labelled objects; {nights} pictures of the "
            "night. A class is scored only on pictures whose source labels it.",
            *(f"{name}: objects from {least[name]:.0%} of the picture's height on." for name in least if least[name]),
        ),
        tables=(
            classes_table(figures.classes),
            thresholds_table(choose_thresholds(matches, precision), precision),
            inputs_table(means),
            slices_table(slices(evaluation.looks, scored, opens_at, least)),
            confusion_table(names, confusion(evaluation.looks, names, opens_at, least)),
        ),
        curves={name: reliability_svg(name, reliability(matches[name])) for name in scored if matches[name].objects},
        mistakes=worst(evaluation.looks, opens_at, least, MISTAKES_SHOWN),
    )
