"""Documents as data: what a page's headings and tables say, and what its examples are."""

import re
from dataclasses import dataclass

from tests.tree import text

FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^## `([^`]+)`$")
CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One fenced block."""

    language: str
    body: str


def examples(page: str, language: str | None = None) -> list[Example]:
    """The fenced blocks of a page, of one language or of all."""
    found = [Example(language=match[1], body=match[2]) for match in FENCE.finditer(text(page))]
    return [example for example in found if language in (None, example.language)]


def described(page: str) -> dict[str, set[str]]:
    """What the tables of a page describe: for each heading in code, the code in the first column of its tables.

    A table whose first column is headed "kind of …" lists values, not keys, and is left out.
    """
    sections: dict[str, set[str]] = {}
    here: set[str] | None = None
    values_only = False
    for line in text(page).splitlines():
        if heading := HEADING.match(line):
            here = sections.setdefault(heading[1], set())
        elif line.startswith("#"):
            here = None
        elif line.startswith("| kind of "):
            values_only = True
        elif not line.startswith("|"):
            values_only = False
        elif here is not None and not values_only:
            here.update(CODE.findall(line.split("|")[1]))
    return sections
