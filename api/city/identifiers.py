"""Identifiers of the city file: which are used twice, and which name nothing."""

from collections.abc import Iterable, Iterator

from api.city.document import KeyPath
from api.city.part import did_you_mean

Finding = tuple[KeyPath, str]


def doubled(path: KeyPath, key: str, values: Iterable[str]) -> Iterator[Finding]:
    """Every value that stands further up already."""
    first: dict[str, int] = {}
    for i, value in enumerate(values):
        if value in first:
            yield (*path, i, key), f"is the same as that of {path[-1]}[{first[value]}]; give each its own"
        first.setdefault(value, i)


def unknown(path: KeyPath, value: str | None, known: Iterable[str], where: str) -> Iterator[Finding]:
    """A name that nothing has, and the nearest that something has."""
    names = list(known)
    if value is not None and value not in names:
        hint = did_you_mean(value, names) or "add it there or name another"
        yield path, f"names nothing that stands under `{where}`; {hint}"
