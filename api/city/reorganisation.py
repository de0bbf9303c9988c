"""The document of a reorganisation: which departments give their open cases to which, and from which day on."""

from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError

from api.city.part import Code, Day, Identifier, Part, Text
from api.city.problems import city_error, in_file_order
from api.city.reading import read_document
from cases.city import CityOrder
from cases.reorganisation import Reorganisation, Transfer


class TransferPart(Part):
    """Whose cases go to whom.

    Attributes:
        sources: departments that give their cases away; several are a merge.
        heir: the department that gets them.
        areas: only cases in these areas.
        codes: only cases of these event codes.
    """

    sources: tuple[Identifier, ...] = Field(min_length=1, max_length=1000)
    heir: Identifier
    areas: tuple[Code, ...] = Field(default=(), max_length=10_000)
    codes: tuple[Code, ...] = Field(default=(), max_length=1000)


class ReorganisationPart(Part):
    """The whole document."""

    name: Text
    effective_from: Day
    transfers: tuple[TransferPart, ...] = Field(max_length=1000)


def read_reorganisation(path: Path, order: CityOrder, zone: ZoneInfo) -> Reorganisation:
    """Read a document for a city.

    Args:
        path: a YAML file.
        order: the city as it is from that day on; it has the heirs already.
        zone: whose midnight the day begins at.

    Raises:
        CityError: it cannot be used; each problem has file, line, key and a sentence.
    """
    document = read_document(path)
    try:
        part = ReorganisationPart.model_validate(document.root)
    except ValidationError as error:
        raise city_error(document, error) from None
    wrong = [
        document.problem(("transfers", i, "heir"), "is no department of the city; add it to the city file first")
        for i, transfer in enumerate(part.transfers)
        if transfer.heir not in order.departments
    ]
    wrong += [
        document.problem(("transfers", i, "areas", j), "is no area of the city; add it there or name another")
        for i, transfer in enumerate(part.transfers)
        for j, area in enumerate(transfer.areas)
        if area not in order.grid.areas
    ]
    if wrong:
        raise in_file_order(wrong)
    return Reorganisation(
        name=part.name,
        valid_from=datetime.combine(part.effective_from, time(0), tzinfo=zone).astimezone(UTC),
        transfers=tuple(
            Transfer(
                sources=frozenset(transfer.sources),
                heir=transfer.heir,
                areas=frozenset(transfer.areas),
                codes=frozenset(transfer.codes),
            )
            for transfer in part.transfers
        ),
    )
