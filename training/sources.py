"""What each source of labelled pictures labels, and so what the absence of a box there means."""

import operator
from pathlib import Path
from typing import Annotated, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from training.errors import DatasetError


class Source(BaseModel):
    """One source.

    Attributes:
        labelled: classes that people labelled completely: no box means no object.
        partly: classes that people labelled, but not all objects: boxes are right, their absence says nothing.
        completed: classes whose boxes a machine added; good for training, never for scoring.
        rendered: drawn by our own code; there are as many as one wants, so the rare classes in them are not repeated.
        licence: of the pictures, in words.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    labelled: tuple[str, ...]
    partly: tuple[str, ...] = ()
    completed: tuple[str, ...] = ()
    rendered: Annotated[bool, Field(exclude_if=operator.not_)] = (
        False  # unwritten, versions from before it keep their hashes
    )
    licence: str


class Sources(BaseModel):
    """All sources of a data set, by the folder they lie in (`group/source`)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    classes: tuple[str, ...]
    sources: dict[str, Source]

    @model_validator(mode="after")
    def _names_known_classes(self) -> Self:
        for name, source in self.sources.items():
            unknown = {*source.labelled, *source.partly, *source.completed} - set(self.classes)
            if unknown:
                raise ValueError(f"{name} names classes that do not exist: {', '.join(sorted(unknown))}")
        return self

    def of(self, picture: Path) -> str:
        """Name of the source that a picture `…/group/source/split/images/file` belongs to.

        Raises:
            DatasetError: there is no such source.
        """
        name = "/".join(picture.parts[-5:-3])
        if name not in self.sources:
            raise DatasetError(f"{picture} belongs to no known source: add {name!r} to the sources file")
        return name


def read_sources(path: Path) -> Sources:
    """Read a sources file.

    Raises:
        DatasetError: it is missing or says something else than `Sources`.
    """
    try:
        return Sources.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise DatasetError(f"{path} is not a sources file: {error}") from error
