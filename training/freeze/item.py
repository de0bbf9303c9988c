"""What every kind of input is read into: pictures with boxes of our classes, and what their source labelled."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.frame import SizeWH
from training.dataset import NO_LABELS, Labels
from training.errors import DatasetError
from training.sources import Source

EDGE = 0.005
"""Share of the picture by which a box may stick out (drawn by hand, rounded by a tool); it is cut off at the edge."""


class Split(StrEnum):
    """What a picture is for."""

    TRAIN = "train"
    VAL = "val"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Item:
    """One picture that is to be frozen.

    Attributes:
        path: where it lies now.
        origin: how a person finds it again: the input and the place within it.
        source: `group/name`.
        labels: what people drew.
        completed: the same with boxes that a machine added; None where nobody added any.
        regions: parts in which a class is known although the picture's source did not label it: no box there means
            no object there.
        split: where the input already says what it is for.
        scene: what must stay on one side, e.g. a camera; None where nobody said.
        size_wh: pixels that the boxes were drawn on, where the input says so.
    """

    path: Path
    origin: str
    source: str
    labels: Labels
    completed: Labels | None = None
    regions: Labels = NO_LABELS
    split: Split | None = None
    scene: str | None = None
    size_wh: SizeWH | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one input holds.

    Attributes:
        items: its pictures.
        sources: what each of their sources labelled.
        left_out: how many pictures were not taken, by reason.
    """

    items: tuple[Item, ...]
    sources: Mapping[str, Source]
    left_out: Counter[str] = field(default_factory=Counter[str])


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassNames:
    """Our classes, and what others call them.

    Attributes:
        ours: in the order of their numbers.
        renames: others' name → ours.
    """

    ours: tuple[str, ...]
    renames: Mapping[str, str] = field(default_factory=dict[str, str])

    def number(self, name: str, where: str) -> int:
        """Our number of a class that somebody calls `name`.

        Raises:
            DatasetError: we have no such class.
        """
        ours = self.renames.get(name, name)
        if ours not in self.ours:
            raise DatasetError(
                f"{where}: the class {name!r} is none of {', '.join(self.ours)}; say --rename {name}=ONE_OF_THEM"
            )
        return self.ours.index(ours)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One box as an annotation tool wrote it: shares of the picture, and the place to correct it."""

    class_id: int
    x1: float
    y1: float
    x2: float
    y2: float
    where: str


def labels_of(boxes: list[Drawn]) -> Labels:
    """Labels from boxes, cut at the picture's edge.

    Raises:
        DatasetError: a box is not finite, is empty, or lies outside the picture.
    """
    for box in boxes:
        _check(box)
    corners = np.array([[b.x1, b.y1, b.x2, b.y2] for b in boxes], dtype=np.float64).reshape(-1, 4).clip(0, 1)
    xywh: NDArray[np.float64] = np.concatenate(
        ((corners[:, :2] + corners[:, 2:]) / 2, corners[:, 2:] - corners[:, :2]), axis=1
    )
    return Labels(class_id=np.array([b.class_id for b in boxes], dtype=np.int64), xywh=xywh)


def _check(box: Drawn) -> None:
    corners = (box.x1, box.y1, box.x2, box.y2)
    if not np.isfinite(corners).all():
        raise DatasetError(f"{box.where}: the box is not made of numbers; draw it again")
    if not (box.x1 < box.x2 and box.y1 < box.y2):
        raise DatasetError(f"{box.where}: the box has no area; draw it again or remove it")
    if min(corners) < -EDGE or max(corners) > 1 + EDGE:
        raise DatasetError(f"{box.where}: the box does not lie inside the picture; draw it again")
