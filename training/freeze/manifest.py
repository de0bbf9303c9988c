"""The list of everything in a frozen version; the version is named after its hash."""

import hashlib
from pathlib import Path, PurePosixPath
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from training.errors import DatasetError
from training.freeze.item import Split
from training.sources import Source, Sources

FILE = "manifest.json"
NAME_LENGTH = 12
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
SourceName = Annotated[str, Field(pattern=r"^\w[\w.-]*/\w[\w.-]*$")]
DatasetName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]


class FrozenPicture(BaseModel):
    """One picture.

    Attributes:
        sha256: of the file, which is named after it.
        ending: of its name, `jpg` or `png`.
        labels: SHA-256 of the boxes that people drew.
        completed: SHA-256 of those with a machine's boxes added.
        regions: SHA-256 of the regions in which classes are known; None where there are none.
        source: `group/name`.
        split: what it is for.
        scene: what it must stay together with.
        origin: where it came from, for people.
        size_wh: pixels.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    sha256: Sha256
    ending: Annotated[str, Field(pattern=r"^(jpg|png)$")]
    labels: Sha256
    completed: Sha256
    regions: Sha256 | None = None
    source: SourceName
    split: Split
    scene: str | None = None
    origin: str
    size_wh: tuple[int, int]

    @property
    def file(self) -> PurePosixPath:
        """The picture, below the version's folder."""
        return PurePosixPath(self.source, self.split, "images", f"{self.sha256}.{self.ending}")

    @property
    def files(self) -> dict[PurePosixPath, str]:
        """Every file of this picture and its hash."""
        beside = PurePosixPath(self.source, self.split)
        texts = {"labels": self.labels, "labels_plus": self.completed, "regions": self.regions}
        named = {beside / folder / f"{self.sha256}.txt": digest for folder, digest in texts.items() if digest}
        return {self.file: self.sha256, **named}


class FrozenManifest(BaseModel):
    """A version of a data set.

    Attributes:
        name: of the data set.
        parent: the version it was made from.
        classes: in the order of their numbers.
        sources: what each source labelled.
        pictures: ordered by split, source and hash.
        left_out: pictures that were not taken, by reason.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Annotated[int, Field(ge=1, le=1)] = 1
    name: DatasetName
    parent: str | None = None
    classes: tuple[str, ...]
    sources: dict[str, Source]
    pictures: tuple[FrozenPicture, ...]
    left_out: dict[str, int] = {}

    def as_bytes(self) -> bytes:
        """The file."""
        return f"{self.model_dump_json(indent=1)}\n".encode()

    @property
    def version(self) -> str:
        """The version's name: the first twelve digits of the manifest's SHA-256."""
        return hashlib.sha256(self.as_bytes()).hexdigest()[:NAME_LENGTH]

    def of(self, split: Split) -> tuple[FrozenPicture, ...]:
        """The pictures of one side."""
        return tuple(picture for picture in self.pictures if picture.split is split)

    def texts(self) -> dict[str, str]:
        """The files that follow from the manifest alone: lists and sources, as `train` and `evaluate` read them."""
        lists = {f"{split}.txt": "".join(f"./{picture.file}\n" for picture in self.of(split)) for split in Split}
        sources = Sources(classes=self.classes, sources=self.sources)
        written = yaml.safe_dump(sources.model_dump(mode="json"), sort_keys=False, allow_unicode=True)
        return {**lists, "sources.yaml": written}


def read_manifest(folder: Path) -> FrozenManifest:
    """The manifest of a version, checked against its folder's name.

    Raises:
        DatasetError: there is none, or it is not the one that the version is named after.
    """
    try:
        data = (folder / FILE).read_bytes()
        manifest = FrozenManifest.model_validate_json(data)
    except (OSError, ValidationError) as error:
        raise DatasetError(f"{folder} is not a frozen version: {error}") from error
    version = hashlib.sha256(data).hexdigest()[:NAME_LENGTH]
    if version != folder.resolve().name:
        raise DatasetError(f"{folder} holds the manifest of version {version}: it was changed or moved; freeze again")
    return manifest
