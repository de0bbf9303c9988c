"""Labelled pictures: where they are, what is in them, and which classes their source really labelled."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.errors import DatasetError
from training.sources import Sources


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Labels:
    """Boxes of one picture: (n,) int64 class, (n, 4) float64 centre x, y, width, height as shares of the picture."""

    class_id: NDArray[np.int64]
    xywh: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.class_id)

    def as_text(self) -> str:
        """The lines of a YOLO label file."""
        rows = zip(self.class_id, self.xywh, strict=True)
        return "".join(f"{name} {x:.6f} {y:.6f} {w:.6f} {h:.6f}\n" for name, (x, y, w, h) in rows)


NO_LABELS = Labels(class_id=np.empty(0, dtype=np.int64), xywh=np.empty((0, 4), dtype=np.float64))
"""Of a picture that holds nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledPicture:
    """One picture of a data set; `source` as in the sources file."""

    path: Path
    source: str

    def labels(self, *, completed: bool, classes: int) -> Labels:
        """What is in the picture.

        Args:
            completed: with the boxes that a machine added (for training), or only what people drew (for scoring).
            classes: number of classes; a label beyond it is refused.

        Raises:
            DatasetError: the label file is missing or broken.
        """
        return read_labels(self._beside("labels_plus" if completed else "labels"), classes)

    def regions(self, classes: int) -> Labels:
        """Parts of the picture in which a class is known although the source did not label it (see `regions/`).

        Raises:
            DatasetError: the file is broken.
        """
        path = self._beside("regions")
        return read_labels(path, classes) if path.is_file() else NO_LABELS

    def _beside(self, folder: str) -> Path:
        return self.path.parent.parent / folder / f"{self.path.stem}.txt"


def read_labels(path: Path, classes: int) -> Labels:
    """Read one YOLO label file.

    Raises:
        DatasetError: it is missing or broken; the line is named.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(f"{path} is not a YOLO label file of class x y w h: {error}") from error
    rows = [_row(line, f"{path}, line {number}", classes) for number, line in enumerate(lines, 1) if line.strip()]
    table = np.array(rows, dtype=np.float64).reshape(len(rows), 5)
    return Labels(class_id=table[:, 0].astype(np.int64), xywh=table[:, 1:])


def _row(line: str, where: str, classes: int) -> tuple[float, ...]:
    try:
        class_id, *xywh = (float(word) for word in line.split())
    except ValueError as error:
        raise DatasetError(f"{where} is not class x y w h: {error}") from error
    if len(xywh) != 4:
        raise DatasetError(f"{where} holds {len(xywh) + 1} numbers, not class x y w h: correct the label")
    if class_id not in range(classes):
        raise DatasetError(f"{where} has a class that is not one of 0 to {classes - 1}: correct the label")
    if not all(0 <= share <= 1 for share in xywh):  # also refuses NaN
        raise DatasetError(f"{where} has a box that does not lie between 0 and 1: correct the label")
    return class_id, *xywh


def read_pictures(listing: Path, sources: Sources) -> tuple[LabelledPicture, ...]:
    """The pictures that a list names, one path a line, relative to the list.

    Raises:
        DatasetError: the list or a picture is missing, or a picture is of no known source.
    """
    try:
        lines = listing.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise DatasetError(f"{listing} cannot be read: name a list of pictures ({error.strerror})") from error
    paths = [listing.parent / line.strip() for line in lines if line.strip()]
    missing = next((path for path in paths if not path.is_file()), None)
    if missing is not None or not paths:
        raise DatasetError(f"{listing} names {missing or 'nothing'}, which is not there: correct the list")
    return tuple(LabelledPicture(path=path, source=sources.of(path.resolve())) for path in paths)
