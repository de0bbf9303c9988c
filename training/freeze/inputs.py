"""Which kind of input a path is, and reading it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from training.errors import DatasetError
from training.freeze import verdicts
from training.freeze.archive import unpack
from training.freeze.coco import read_coco
from training.freeze.cvat import read_cvat
from training.freeze.item import Batch, ClassNames
from training.freeze.label_studio import read_label_studio
from training.freeze.picture_index import PictureIndex
from training.freeze.yolo import read_street, read_yolo
from training.sources import Source, Sources

KINDS = (
    "a folder with data.yaml, with train.txt and val.txt, or with verdicts.jsonl; a data.yaml; COCO or Label Studio "
    "JSON; CVAT XML; or a zip of one of these"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How inputs are to be read.

    Attributes:
        sources: our classes, and what known sources labelled.
        scratch: an empty folder for what is unpacked.
        source: `group/name` of inputs that do not say it; otherwise named after the file.
        pictures: where the pictures of an annotation file lie; otherwise beside it.
        renames: others' class names → ours.
    """

    sources: Sources
    scratch: Path
    source: str | None = None
    pictures: Path | None = None
    renames: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def names(self) -> ClassNames:
        """Our classes, and what others call them."""
        return ClassNames(ours=self.sources.classes, renames=self.renames)


def read_input(path: Path, reading: Reading) -> Batch:
    """Whatever it is.

    Raises:
        DatasetError: it is nothing that can be read, or broken.
    """
    if path.suffix.lower() == ".zip" and path.is_file():
        out = reading.scratch / f"{len(list(reading.scratch.iterdir()))}"
        unpack(path, out)
        return _declared(_read_folder(out, reading, path.stem), reading)
    batch = _read_folder(path, reading, path.resolve().name) if path.is_dir() else _read_file(path, reading, path.stem)
    return _declared(batch, reading)


def _read_folder(folder: Path, reading: Reading, stem: str) -> Batch:
    if (folder / verdicts.FILE).is_file():
        return verdicts.read_verdicts(folder, reading.names)
    if (folder / "train.txt").is_file() and not (folder / "data.yaml").is_file():
        return read_street(folder, reading.sources)
    found = [path for path in _annotation_files(folder) if path.is_file()]
    if len(found) != 1:
        several = ", ".join(path.name for path in found[:5]) or "none"
        raise DatasetError(f"{folder} must hold one annotation file, not {several}; name {KINDS}")
    return _read_file(found[0], reading, stem)


def _annotation_files(folder: Path) -> list[Path]:
    named = [folder / name for name in ("data.yaml", "data.yml", "annotations.xml")]
    return [path for path in named if path.is_file()] or sorted(folder.rglob("*.json")) or sorted(folder.rglob("*.xml"))


def _read_file(path: Path, reading: Reading, stem: str) -> Batch:
    named = re.sub(r"[^\w.-]", "-", stem).strip(".-") or "unnamed"
    source = reading.source or f"imported/{named}"
    ending = path.suffix.lower()
    if ending in (".yaml", ".yml"):
        return read_yolo(path, source, reading.names)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DatasetError(f"{path} cannot be read ({error.strerror}); name {KINDS}") from error
    pictures = PictureIndex(reading.pictures or path.parent)
    if ending == ".xml":
        return read_cvat(path, data, source, reading.names, pictures)
    if ending == ".json":
        read = read_coco if _is_object(path, data) else read_label_studio
        return read(path, data, source, reading.names, pictures)
    raise DatasetError(f"{path} is nothing that can be read; name {KINDS}")


def _is_object(path: Path, data: bytes) -> bool:
    try:
        return isinstance(json.loads(data), dict)
    except (ValueError, RecursionError) as error:
        raise DatasetError(f"{path} is not JSON: {error}; export it again") from error


def _declared(batch: Batch, reading: Reading) -> Batch:
    """What the sources file says of a source goes before what the input seems to say."""
    known: Mapping[str, Source] = reading.sources.sources
    sources = {name: known.get(name, source) for name, source in batch.sources.items()}
    if not batch.items and not batch.left_out:
        raise DatasetError("an input holds no pictures at all: name another")
    return Batch(items=batch.items, sources=sources, left_out=batch.left_out)
