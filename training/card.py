"""The card that goes with a model: what it is, what it was measured to do, and where it must not be trusted."""

from collections.abc import Mapping, Sequence

from inference.detector.manifest import Manifest, Numbers
from training.evaluation import ClassScore
from training.losses import Losses
from training.parity import Parity
from training.thresholds import Threshold


def card_text(
    manifest: Manifest,
    scores: Mapping[str, ClassScore],
    thresholds: Mapping[str, Threshold],
    parity: Parity,
    *,
    losses: Losses,
    speeds: Mapping[Numbers, Sequence[float]],
) -> str:
    """The card as Markdown.

    Args:
        manifest: with figures.
        scores: by class, at the manifest's thresholds.
        thresholds: how each was chosen.
        parity: between checkpoint and graphs.
        losses: on the way from torch to what is served.
        speeds: milliseconds of every graph, by its numbers.
    """
    figures = manifest.figures
    inputs = ", ".join(dict.fromkeys(f"{graph.input_hw[0]}×{graph.input_hw[1]}" for graph in manifest.graphs))
    rows = "\n".join(_row(name, score, thresholds[name]) for name, score in scores.items())
    return f"""# {manifest.name} {manifest.version}

Sees {len(manifest.classes)} classes in street pictures: {", ".join(manifest.classes)}.
Input (height×width): {inputs}, uint8 BGR, letterboxed. Output: `{manifest.graphs[0].layout}`.

**Licence**: {manifest.licence}

## Data

{manifest.trained_on}

## Figures

Measured on {figures.measured_on if figures else "nothing"}, with the exported graphs and the product's own pre- and
post-processing, on each picture only for the classes that its source labelled:

    {figures.command if figures else ""}

| class | pictures | objects | AP50 | opens at | precision | recall | false boxes / 100 pictures without any |
|---|---|---|---|---|---|---|---|
{rows}

A threshold marked * is only cautious: too few labelled objects to measure one, or the wanted precision is not reached
while the class is still found.

{_on_the_way(manifest, inputs, parity, losses, speeds)}
"""


def _on_the_way(
    manifest: Manifest, inputs: str, parity: Parity, losses: Losses, speeds: Mapping[Numbers, Sequence[float]]
) -> str:
    means = ", ".join(f"{form} {mean:.4f}" for form, mean in losses.means.items())
    times = "; ".join(f"{n} {', '.join(f'{t:.0f} ms' for t in each)}" for n, each in speeds.items())
    return (
        f"Parity with the checkpoint: {parity.objects} objects compared, boxes overlap by at least {parity.iou:.4f}, "
        f"confidences\ndiffer by at most {parity.confidence_apart:.5f}. Mean AP50 on the way: {means}.\n\n"
        f"One picture at {inputs}, one thread of the machine that exported it: {times}.\n"
        f"So {manifest.runs} is what runs."
    )


def _row(name: str, score: ClassScore, threshold: Threshold) -> str:
    mark = "" if threshold.measured else "*"
    false = "–" if score.false_per_100_empty is None else f"{score.false_per_100_empty:.1f}"
    shares = (_share(value) for value in (score.precision, score.recall))
    return (
        f"| {name} | {score.pictures} | {score.objects} | {_share(score.ap50)} | {threshold.value:.2f}{mark} | "
        f"{' | '.join(shares)} | {false} |"
    )


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
