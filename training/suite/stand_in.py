"""A stand-in for the detector: what is really there, with errors drawn by a stated model.

It says what the rest of the pipeline does with a detector of that kind. It says nothing about the shipped model, whose
figures come from real pictures (`docs/training.md`) and from the rendered clips.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from inference.detections import Box, Detections
from inference.frame import ImageBGR, SizeWH

OTHER_NAMES = {"car": "truck", "bus": "truck", "motorcycle": "tricycle", "bin_overflow": "garbage", "garbage": "bin"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Errors:
    """How often and how far the stand-in is wrong. A look is one picture.

    Attributes:
        misses: share of looks in which an object that can be seen is not detected.
        least_seen: objects of which less is visible are never detected.
        least_height: nor are those lower than this share of the picture.
        box: standard deviation of each edge, share of the box's width or height.
        confidence: lowest and highest mean of an object's confidence; which it is stays with the object.
        flutter: standard deviation of the confidence from look to look.
        renamed: share of looks with another class name (`OTHER_NAMES`).
        ghosts: boxes a look where nothing is.
    """

    misses: float = 0.10
    least_seen: float = 0.35
    least_height: float = 0.03
    box: float = 0.03
    confidence: tuple[float, float] = (0.62, 0.88)
    flutter: float = 0.07
    renamed: float = 0.05
    ghosts: float = 0.05


class StandIn:
    """Gives the detections of the picture that was announced last. One for each camera."""

    def __init__(self, names: Sequence[str], size_wh: SizeWH, errors: Errors, seed: int) -> None:
        self._names, self._size, self._errors, self._seed = tuple(names), size_wh, errors, seed
        self._next: Detections | None = None
        self._moods: dict[str, float] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Class names by class index."""
        return self._names

    def input_wh_for(self, size_wh: SizeWH) -> SizeWH:
        """Any size will do: it does not look."""
        return size_wh

    def detect(self, picture: ImageBGR, full_wh: SizeWH | None = None) -> Detections:  # noqa: ARG002 - the protocol's
        """What was announced; boxes are those of the full picture."""
        if self._next is None:
            raise ValueError("announce a picture before it is detected in")
        return self._next

    def announce(
        self, objects: Sequence[dict[str, Any]], classes: dict[str, str], at: float, sway: tuple[float, float]
    ) -> None:
        """Say what the next picture shows.

        Args:
            objects: rows of the truth (`training.render.truth.objects_at`).
            classes: the object's class by its id.
            at: second of the clip; the same second gives the same errors.
            sway: pixels by which the picture is shifted.
        """
        rng = np.random.default_rng((self._seed, round(at * 100)))
        rows: list[tuple[Box, float, str]] = []
        for thing in objects:
            row = self._seen(thing, classes[thing["id"]], sway, rng)
            if row is not None:
                rows.append(row)
        rows += [self._ghost(rng) for _ in range(rng.poisson(self._errors.ghosts))]
        self._next = Detections(
            xyxy=np.array([box for box, _, _ in rows], np.float32).reshape(-1, 4),
            confidence=np.array([confidence for _, confidence, _ in rows], np.float32),
            class_id=np.array([self._names.index(name) for _, _, name in rows], np.int64),
            names=self._names,
        )

    def _seen(
        self, thing: dict[str, Any], name: str, sway: tuple[float, float], rng: np.random.Generator
    ) -> tuple[Box, float, str] | None:
        errors, box = self._errors, np.array(thing["box"], np.float64)
        jitter, flutter, luck, other = rng.normal(0, errors.box, 4), rng.normal(0, errors.flutter), *rng.random(2)
        low, high = errors.confidence
        mood = self._moods.setdefault(
            thing["id"], float(np.random.default_rng((self._seed, len(self._moods))).uniform(low, high))
        )
        if thing["visible"] < errors.least_seen or box[3] - box[1] < errors.least_height * self._size[1]:
            return None
        if luck < errors.misses or name not in self._names:
            return None
        wide, high_px = box[2] - box[0], box[3] - box[1]
        edges = box + jitter * (wide, high_px, wide, high_px) + (*sway, *sway)
        edges = np.clip(edges, 0, (self._size[0], self._size[1]) * 2)
        if edges[2] - edges[0] < 2 or edges[3] - edges[1] < 2:
            return None
        confidence = float(np.clip(mood + flutter - 0.25 * (1 - thing["visible"]), 0.11, 0.98))
        x0, y0, x1, y1 = (float(v) for v in edges)
        return (x0, y0, x1, y1), confidence, OTHER_NAMES.get(name, name) if other < errors.renamed else name

    def _ghost(self, rng: np.random.Generator) -> tuple[Box, float, str]:
        width, height = self._size
        w, h = rng.uniform(0.03, 0.12, 2) * (width, height)
        x, y = rng.uniform(0, width - w), rng.uniform(0.25 * height, height - h)
        name = self._names[int(rng.integers(len(self._names)))]
        return (float(x), float(y), float(x + w), float(y + h)), float(rng.uniform(0.11, 0.7)), name
