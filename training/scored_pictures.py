"""Pictures to score a model on: from our own lists, or from any folder in YOLO format."""

from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from training.dataset import Labels, read_labels, read_pictures
from training.errors import DatasetError
from training.sources import Sources

PICTURE_ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredPicture:
    """One picture and its labels.

    Attributes:
        path: the picture.
        labels_path: its YOLO label file, empty for an empty picture.
        classes: what the numbers in it mean.
        labelled: the classes that are completely labelled; the others are not scored on this picture.
        source: of the picture, as in the sources file; of other folders, the folder's name.
    """

    path: Path
    labels_path: Path
    classes: tuple[str, ...]
    labelled: frozenset[str]
    source: str = ""

    def labels(self) -> Labels:
        """What people drew.

        Raises:
            DatasetError: the label file is broken.
        """
        return read_labels(self.labels_path, len(self.classes))


class _YoloData(BaseModel):
    model_config = ConfigDict(extra="ignore")  # other people's files; `download` is refused below

    path: str = ""
    val: str
    names: list[str] | dict[int, str]
    download: None = None


def from_listing(listing: Path, sources: Sources) -> tuple[ScoredPicture, ...]:
    """The pictures of one of our lists, each with the classes that its source really labelled.

    Raises:
        DatasetError: the list or a picture is missing.
    """
    return tuple(
        ScoredPicture(
            path=picture.path,
            labels_path=picture.path.parent.parent / "labels" / f"{picture.path.stem}.txt",
            classes=sources.classes,
            labelled=frozenset(sources.sources[picture.source].labelled),
            source=picture.source,
        )
        for picture in read_pictures(listing, sources)
    )


def from_yolo(data_file: Path) -> tuple[ScoredPicture, ...]:
    """The val pictures of a `data.yaml`; all its classes count as labelled everywhere.

    Nothing in the file is executed: one that asks for a download is refused.

    Raises:
        DatasetError: the file or its pictures cannot be used.
    """
    try:
        data = _YoloData.model_validate(yaml.safe_load(data_file.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        raise DatasetError(f"{data_file} is not a YOLO data file with val, names and no download: {error}") from error
    names = data.names if isinstance(data.names, list) else [data.names[key] for key in sorted(data.names)]
    val = data_file.parent / data.path / data.val
    if val.is_dir():
        paths = sorted(path for path in val.rglob("*") if path.suffix.lower() in PICTURE_ENDINGS)
    elif val.is_file():
        paths = [val.parent / line for line in val.read_text(encoding="utf-8").split("\n") if line]
    else:
        raise DatasetError(f"{data_file} names {val}, which is not there: correct path and val")
    if not paths:
        raise DatasetError(f"{val} holds no pictures: correct val in {data_file}")
    return tuple(
        ScoredPicture(
            path=path,
            labels_path=beside(path),
            classes=tuple(names),
            labelled=frozenset(names),
            source=data_file.absolute().parent.name,
        )
        for path in paths
    )


def beside(picture: Path) -> Path:
    """`…/images/…/x.jpg` → `…/labels/…/x.txt`."""
    parts = list(picture.with_suffix(".txt").parts)
    for index in range(len(parts) - 1, -1, -1):
        if parts[index] == "images":
            parts[index] = "labels"
            break
    return Path(*parts)
