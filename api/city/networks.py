"""Other networks' systems: how what they send becomes reports of this city. One file a network, data only."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationError

from api.city.document import Document
from api.city.part import Code, Identifier, Name, Part, Text
from api.city.problems import city_error
from api.city.reading import read_document
from api.errors import Problem
from cases.report import PlaceQuality
from cases.source import Source


def _pointer(text: str) -> str:
    if text.startswith("/") and re.search(r"~(?![01])", text):
        raise ValueError("is no JSON Pointer: write ~0 for ~ and ~1 for / inside a name")
    return text


Value = Annotated[Text, AfterValidator(_pointer)]
"""A JSON Pointer (RFC 6901) into the event, such as `/data/position/lat`, or the text itself."""

Pointer = Annotated[Text, AfterValidator(_pointer), Field(pattern=r"^/")]


class Lookup(Part):
    """The value at `at`, translated: `{at: /data/alarmType, codes: {"887": "0401"}}`."""

    at: Pointer
    codes: dict[Text, Code] = Field(min_length=1, max_length=1000)


class EventPart(Part):
    """Events of one `type`, and which event code of the city they mean."""

    type: Text
    code: Code | Lookup
    text: Value | None = None


class FieldsPart(Part):
    """Where a report's fields stand in every event of the network. `camera` is one of ours, or its GB/T 28181 id."""

    text: Value | None = None
    address: Value | None = None
    lat: Pointer | None = None
    lon: Pointer | None = None
    camera: Pointer | None = None
    seen_at: Pointer = "/time"
    contact_name: Pointer | None = None
    contact_phone: Pointer | None = None
    attachments: Pointer | None = None


class NetworkPart(Part):
    """Where a network's file lies, from the city file's folder."""

    file: Text


class NetworkFile(Part):
    """One network.

    Attributes:
        id: names it.
        source: by which way its reports come in (问题来源).
        origins: beginnings of the CloudEvents `source` of its systems.
        quality: what its places are worth.
        fields: where what stands.
        events: which types are understood; all others are refused.
    """

    id: Identifier
    name: Name
    source: Source
    origins: tuple[Text, ...] = Field(max_length=100)
    quality: PlaceQuality = PlaceQuality.EXACT
    fields: FieldsPart
    events: tuple[EventPart, ...] = Field(max_length=1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """A network as its file says."""

    file: NetworkFile

    def sends(self, origin: str) -> bool:
        """Whether events of this CloudEvents `source` are its own."""
        return origin.startswith(self.file.origins)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadNetworks:
    """All networks of a city, with their files for messages."""

    read: tuple[tuple[NetworkFile, Document], ...] = ()

    @property
    def networks(self) -> tuple[Network, ...]:
        """For use."""
        return tuple(Network(file=file) for file, _ in self.read)

    def problems(self, codes: Collection[str]) -> Iterator[Problem]:
        """Origins that two networks claim, and event codes that the duty list does not have.

        Args:
            codes: those of the duty list; none where the city has no duty list.
        """
        claimed: dict[str, str] = {}
        for file, document in self.read:
            for i, origin in enumerate(file.origins):
                for begins, other in claimed.items():
                    if begins.startswith(origin) or origin.startswith(begins):
                        sentence = f"is claimed by network {other} already; make the two differ"
                        yield document.problem(("origins", i), sentence)
                claimed[origin] = file.id
            for i, event in enumerate(file.events):
                named = event.code.codes.values() if isinstance(event.code, Lookup) else (event.code,)
                for code in dict.fromkeys(named):
                    if codes and code not in codes:
                        sentence = f"names event code {code}, which no line of the duty list has"
                        yield document.problem(("events", i, "code"), sentence)


def read_networks(paths: Sequence[str], folder: Path) -> ReadNetworks:
    """The networks that a city file names; paths are from its folder.

    Raises:
        CityError: a file cannot be used.
    """
    return ReadNetworks(read=tuple(_read(folder / path) for path in paths))


def _read(path: Path) -> tuple[NetworkFile, Document]:
    document = read_document(path)
    try:
        return NetworkFile.model_validate(document.root), document
    except ValidationError as error:
        raise city_error(document, error) from None
