"""A city as its files say it, before anybody has asked whether they fit together."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from api.city.document import Document
from api.city.editions import Editions, read_editions
from api.city.file import CityFile
from api.city.networks import ReadNetworks, read_networks
from api.city.patrol import CityRoads, read_city_roads
from api.city.places import Places, read_places
from api.city.problems import city_error
from api.city.reading import read_document
from api.city.references import missing_secrets, wrong_references
from api.errors import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class CityDraft:
    """What was read.

    Attributes:
        document: the city file with its lines, for messages.
        file: the city file key by key.
        places: its areas with their map.
        editions: those of its duty list.
        networks: other networks that send it events.
        roads: what its patrols see.
    """

    document: Document
    file: CityFile
    places: Places
    editions: Editions
    networks: ReadNetworks
    roads: CityRoads

    def problems(self, environment: Mapping[str, str] | None) -> Iterator[Problem]:
        """Everything because of which the city cannot be used.

        Args:
            environment: where the secrets stand that the file names; None does not look whether they are there.
        """
        areas = [area.code for area in self.places.areas]
        yield from self.places.problems(self.document)
        lines = [line for edition in self.editions.read for line in edition.lines]
        for found in wrong_references(self.file, areas, lines):
            yield self.document.problem(*found)
        yield from self.editions.problems(self.document, areas)
        yield from self.networks.problems({line.code for edition in self.editions.read for line in edition.lines})
        if environment is not None:
            for found in missing_secrets(self.file, environment):
                yield self.document.problem(*found)


def read_city(path: Path) -> CityDraft:
    """Read a city file and all that it names.

    Raises:
        CityError: something cannot be read at all; each problem has file, line, key and a sentence.
    """
    document = read_document(path)
    try:
        file = CityFile.model_validate(document.root)
    except ValidationError as error:
        raise city_error(document, error) from None
    places = read_places(file, path.parent)
    editions = read_editions(file, path.parent)
    networks = read_networks([part.file for part in file.networks], path.parent)
    roads = read_city_roads(file.patrol, path.parent)
    return CityDraft(document=document, file=file, places=places, editions=editions, networks=networks, roads=roads)
