"""What a model loses on its way from torch to the numbers that are served, and how much of that is too much."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from training.errors import ExportError
from training.evaluation import Evaluation
from training.report.figures import mean_of

MOST_LOST = {"float32": 0.005, "int8": 0.01}
"""Of the mean AP50 of the checkpoint in torch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Losses:
    """Mean AP50 over the classes with labelled objects: of `torch`, `float32` and, where it was asked for, `int8`."""

    means: dict[str, float]


def mean_ap50(evaluation: Evaluation, names: Iterable[str]) -> float:
    """Mean AP50 over the classes that have labelled objects.

    Raises:
        ExportError: none has.
    """
    mean = mean_of({name: evaluation.ap50(name) for name in names})
    if mean is None:
        raise ExportError("the val pictures hold no labelled object: nothing can be measured on them, choose others")
    return mean


def refuse_losses(means: Mapping[str, float]) -> Losses:
    """Accept the figures, or not.

    Args:
        means: mean AP50 by form; `torch` is what the others are held against.

    Raises:
        ExportError: a form loses more than it may.
    """
    for form, most in MOST_LOST.items():
        if form in means and means["torch"] - means[form] > most:
            hint = "do not serve it" if form == "float32" else "export without --int8"
            raise ExportError(
                f"{form} has a mean AP50 of {means[form]:.4f} where torch has {means['torch']:.4f}: it loses "
                f"{100 * (means['torch'] - means[form]):.2f} points, more than {100 * most:.1f}; {hint}"
            )
    return Losses(means=dict(means))
