"""Looks made by hand: what was found, what is there."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from inference.detections import Detections
from training.looks import Light, Look

NAMES = ("thing", "bright")
Box = tuple[float, float, float, float]


def look(
    found: Sequence[tuple[str, Box, float]] = (),
    truth: Sequence[tuple[str, Box]] = (),
    *,
    labelled: Sequence[str] = NAMES,
    source: str = "town/spots",
    light: Light = Light.DAY,
    path: Path = Path("a.png"),
) -> Look:
    """A picture of 100 × 100 pixels."""
    return Look(
        path=path,
        source=source,
        light=light,
        size_wh=(100, 100),
        found=Detections(
            xyxy=np.array([box for _, box, _ in found], dtype=np.float32).reshape(-1, 4),
            confidence=np.array([sure for _, _, sure in found], dtype=np.float32),
            class_id=np.array([NAMES.index(name) for name, _, _ in found], dtype=np.int64),
            names=NAMES,
        ),
        truth=np.array([box for _, box in truth], dtype=np.float32).reshape(-1, 4),
        truth_names=tuple(name for name, _ in truth),
        labelled=frozenset(labelled),
    )


def opens(value: float = 0.5) -> Mapping[str, float]:
    """The same threshold for every class."""
    return dict.fromkeys(NAMES, value)
