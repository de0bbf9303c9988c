"""Reading what a GeoReport v2 server answers, in JSON or XML.

Servers differ in what they wrap their lists in and whether numbers are quoted; every field is read as text.
"""

import json
from enum import StrEnum
from typing import Any
from xml.etree import ElementTree

Entry = dict[str, str]
"""One request, token or error: what it says, by field."""


class Format(StrEnum):
    """How a server writes. XML is the one that every server must know."""

    JSON = "json"
    XML = "xml"


class NotReadable(Exception):
    """The body is not what a GeoReport v2 server answers."""


def entries(body: bytes, form: Format) -> list[Entry]:
    """The requests, tokens or errors in an answer, in its order.

    Raises:
        NotReadable: it is something else.
    """
    return _from_json(body) if form is Format.JSON else _from_xml(body)


def _from_json(body: bytes) -> list[Entry]:
    try:
        read: Any = json.loads(body)
    except (ValueError, RecursionError):
        raise NotReadable("the answer is not JSON") from None
    while isinstance(read, dict) and len(read) == 1 and isinstance(only := next(iter(read.values())), dict | list):
        read = only  # {"service_requests": [...]}, {"errors": [...]}
    listed = read if isinstance(read, list) else [read]
    if not all(isinstance(one, dict) for one in listed):
        raise NotReadable("the answer is no list of objects")
    return [{str(name): _text(value) for name, value in one.items() if value is not None} for one in listed]


def _from_xml(body: bytes) -> list[Entry]:
    if b"<!" in body:  # a document type or an entity: no server needs one, and entities can grow without end
        raise NotReadable("the answer holds XML declarations that are not read here")
    try:
        root = ElementTree.fromstring(body)
    except (ElementTree.ParseError, ValueError, LookupError):
        raise NotReadable("the answer is not XML") from None
    return [{field.tag: (field.text or "").strip() for field in one if (field.text or "").strip()} for one in root]


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
