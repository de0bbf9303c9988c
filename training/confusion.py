"""What is taken for what."""

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from training.looks import Look, heights_for
from training.scoring import MATCH_IOU, iou


def confusion(
    looks: Iterable[Look], names: tuple[str, ...], opens_at: Mapping[str, float], least_heights: Mapping[str, float]
) -> NDArray[np.int64]:
    """Count what each labelled object was called at the thresholds, and what was called something where nothing is.

    Args:
        looks: pictures, seen.
        names: of the classes.
        opens_at: threshold by class.
        least_heights: share of the picture's height below which objects do not count.

    Returns:
        (classes + 1, classes + 1): row = what people drew, the last one "nothing"; column = what was found, the last
        one "missed". Only classes that a picture's source labels enter; a detection that is nothing counts only there.
    """
    table = np.zeros((len(names) + 1, len(names) + 1), dtype=np.int64)
    for look in looks:
        _count(look, names, opens_at, least_heights, table)
    return table


def _count(
    look: Look,
    names: tuple[str, ...],
    opens_at: Mapping[str, float],
    least_heights: Mapping[str, float],
    table: NDArray[np.int64],
) -> None:
    called = [look.found.names[index] for index in look.found.class_id]
    open_ = np.array([c >= opens_at[n] for c, n in zip(look.found.confidence, called, strict=True)], dtype=np.bool_)
    order = [int(i) for i in np.argsort(-look.found.confidence, kind="stable") if open_[i]]
    overlap = iou(look.found.xyxy, look.truth)
    free = np.ones(len(look.truth), dtype=np.bool_)
    for row in order:
        fits = np.flatnonzero((overlap[row] >= MATCH_IOU) & free)
        if len(fits):
            best = int(fits[overlap[row, fits].argmax()])
            free[best] = False
            if _counts(look, look.truth_names[best], look.truth[best], least_heights):
                table[names.index(look.truth_names[best]), names.index(called[row])] += 1
        elif _counts(look, called[row], look.found.xyxy[row], least_heights):
            table[-1, names.index(called[row])] += 1
    for index in np.flatnonzero(free):
        if _counts(look, look.truth_names[index], look.truth[index], least_heights):
            table[names.index(look.truth_names[index]), -1] += 1


def _counts(look: Look, name: str, box: NDArray[np.float32], least_heights: Mapping[str, float]) -> bool:
    tall = float(box[3] - box[1]) / look.size_wh[1]
    return name in look.labelled and tall >= heights_for(name, least_heights)[0]
