"""What a YAML file says, and in which line."""

import re
from dataclasses import dataclass
from pathlib import Path

from api.errors import CityError, Problem

KeyPath = tuple[str | int, ...]  # keys and list positions from the root
Plain = dict[str, "Plain"] | list["Plain"] | str | int | float | bool | None

KEY = re.compile(r"[a-z][a-z0-9_ -]{0,30}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a file says, and where.

    Attributes:
        file: the name to use in messages.
        root: the data; always a mapping.
        lines: the line (from 1) of every key and list item.
    """

    file: str
    root: dict[str, Plain]
    lines: dict[KeyPath, int]

    def problem(self, path: KeyPath, sentence: str) -> Problem:
        """A problem at `path`, or at the nearest thing above it that stands in the file."""
        known = path
        while known and known not in self.lines:
            known = known[:-1]
        return Problem(file=self.file, line=self.lines.get(known, 1), key=dotted(path), sentence=sentence)


def dotted(path: KeyPath) -> str:
    """Write a path the way a person would.

    A key that does not look like one is shown as `?`: a slip of the keyboard can turn a password into a key.

    >>> dotted(("cameras", 0, "zones", 1, "polygon"))
    'cameras[0].zones[1].polygon'
    """
    return "".join(_dotted_part(part) for part in path).removeprefix(".")


def _dotted_part(part: str | int) -> str:
    if isinstance(part, int):
        return f"[{part}]"
    return f".{part}" if KEY.fullmatch(part) else ".?"


def refused(path: Path, line: int | None, sentence: str, key: KeyPath = ()) -> CityError:
    """An error of one problem."""
    return CityError([Problem(file=str(path), line=line, key=dotted(key), sentence=sentence)])
