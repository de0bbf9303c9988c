"""Answers as GeoReport v2 writes them, in XML and in JSON."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Union
from xml.etree import ElementTree

from starlette.responses import Response

from cases.channels.open311.answers import Format

Value = Union[str, float, bool, None, "Listed", "Entry"]
Entry = Mapping[str, Value]
"""One thing: what it says, by field."""

MEDIA_TYPES: Mapping[Format, str] = {Format.XML: "text/xml; charset=utf-8", Format.JSON: "application/json"}


class Listed:
    """A list inside an entry. XML needs a name for each thing in it, JSON does not."""

    def __init__(self, name: str, entries: Sequence[Entry | str]) -> None:
        self.name, self.entries = name, entries


def answer(form: Format, root: str, things: Listed | Entry, *, status: int = 200) -> Response:
    """An answer.

    Args:
        form: XML or JSON.
        root: what the whole is called in XML.
        things: many, or the only one.
        status: HTTP status.
    """
    body = _xml(root, things) if form is Format.XML else json.dumps(_plain(things), ensure_ascii=False, allow_nan=False)
    return Response(body.encode("utf-8", "replace"), status, media_type=MEDIA_TYPES[form])


def refusal(form: Format, status: int, description: str) -> Response:
    """What a request that is not taken is told."""
    return answer(form, "errors", Listed("error", [{"code": status, "description": description}]), status=status)


def instant(at: datetime) -> str:
    """An instant with its zone, as W3C dates have it.

    >>> from datetime import UTC
    >>> instant(datetime(2026, 3, 2, 8, 30, tzinfo=UTC))
    '2026-03-02T08:30:00+00:00'
    """
    return at.isoformat(timespec="seconds")


def _plain(value: Value) -> object:
    if isinstance(value, Listed):
        return [one if isinstance(one, str) else _plain(one) for one in value.entries]
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return value


def _xml(root: str, things: Listed | Entry) -> str:
    whole = ElementTree.Element(root)
    _fill(whole, things)
    return '<?xml version="1.0" encoding="utf-8"?>' + ElementTree.tostring(whole, encoding="unicode")


def _fill(element: ElementTree.Element, value: Value) -> None:
    if isinstance(value, Listed):
        for one in value.entries:
            _fill(ElementTree.SubElement(element, value.name), one)
    elif isinstance(value, Mapping):
        for name, one in value.items():
            _fill(ElementTree.SubElement(element, name), one)
    elif value is not None:
        element.text = _text(value)


def _text(value: str | float | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "".join(char for char in str(value) if char in "\t\n\r" or char.isprintable() or char == " ")
