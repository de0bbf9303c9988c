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
        folder = "labels_plus" if completed else "labels"
        return read_labels(self.path.parent.parent / folder / f"{self.path.stem}.txt", classes)


def read_labels(path: Path, classes: int) -> Labels:
    """Read one YOLO label file.

    Raises:
        DatasetError: it is missing or broken.
    """
    try:
        rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        table = np.array(rows, dtype=np.float64).reshape(len(rows), 5)
    except (OSError, ValueError) as error:
        raise DatasetError(f"{path} is not a YOLO label file of class x y w h: {error}") from error
    class_id, xywh = table[:, 0].astype(np.int64), table[:, 1:]
    if not ((class_id == table[:, 0]) & (class_id >= 0) & (class_id < classes)).all():
        raise DatasetError(f"{path} has a class that is not one of 0 to {classes - 1}: correct the label")
    if not (np.isfinite(xywh).all() and (xywh >= 0).all() and (xywh <= 1).all()):
        raise DatasetError(f"{path} has a box that does not lie between 0 and 1: correct the label")
    return Labels(class_id=class_id, xywh=xywh)


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
