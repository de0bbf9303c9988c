"""Finding the picture that an annotation file names, without leaving the folder it was given."""

from collections import defaultdict
from functools import cached_property
from pathlib import Path, PurePosixPath

from training.errors import DatasetError
from training.scored_pictures import PICTURE_ENDINGS


class PictureIndex:
    """The pictures below a folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @property
    def root(self) -> Path:
        """The folder."""
        return self._root

    def find(self, name: str, where: str) -> Path:
        """The picture that is called `name`, a path below the folder or the name of exactly one picture in it.

        Raises:
            DatasetError: there is none, there are several, or the name leads out of the folder.
        """
        relative = PurePosixPath(name.replace("\\", "/"))
        if relative.is_absolute() or ".." in relative.parts or "\0" in name:
            raise DatasetError(f"{where}: {name!r} leads out of {self._root}; name pictures below it")
        exact = self._root / relative
        if exact.is_file() and self._is_inside(exact):
            return exact
        called_so = self._by_name.get(relative.name, [])
        if len(called_so) != 1:
            count = len(called_so) or "none"
            raise DatasetError(f"{where}: of the picture {name!r} there are {count} below {self._root}; put one there")
        return called_so[0]

    @cached_property
    def _by_name(self) -> dict[str, list[Path]]:
        found: defaultdict[str, list[Path]] = defaultdict(list)
        for path in sorted(self._root.rglob("*")):
            if path.suffix.lower() in PICTURE_ENDINGS and path.is_file() and self._is_inside(path):
                found[path.name].append(path)
        return found

    def _is_inside(self, path: Path) -> bool:
        return path.resolve().is_relative_to(self._root.resolve())
