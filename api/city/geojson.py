"""GeoJSON (RFC 7946) of a city: read strictly, in degrees WGS84, with problems that name the feature."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, Strict, ValidationError

from api.city.document import dotted
from api.city.problems import sentence_of
from api.errors import CityError, Problem

LARGEST_BYTES = 100_000_000
WGS84 = ("CRS84", "EPSG::4326", "EPSG:4326")
SHAPES = ("Polygon", "MultiPolygon", "LineString", "MultiLineString")

Degrees = Annotated[float, Strict(), Field(allow_inf_nan=False)]
Position = Annotated[tuple[Degrees, ...], Field(min_length=2, max_length=3)]


class Foreign(BaseModel):
    """A GeoJSON object. Other programs add members of their own to it, as the standard allows."""

    model_config = ConfigDict(extra="ignore", frozen=True)


Collection = TypeVar("Collection", bound=Foreign)


def read_collection(path: Path, model: type[Collection]) -> Collection:
    """Read a whole file.

    Raises:
        CityError: it is missing, too large, no GeoJSON, in other coordinates than WGS84, or not as `model` wants it.
    """
    plain = _read_json(path)
    _refuse_other_coordinates(path, plain)
    try:
        return model.model_validate(plain)
    except ValidationError as error:
        raise CityError(list(_problems(path, error))) from None


def is_on_earth(position: Position) -> bool:
    """Whether a position is longitude and latitude in degrees.

    >>> is_on_earth((121.5, 31.2)), is_on_earth((31.2, 121.5))
    (True, False)
    """
    return abs(position[0]) <= 180 and abs(position[1]) <= 90


def feature_problem(file: str, feature: int, key: str, sentence: str) -> Problem:
    """A problem of one feature."""
    return Problem(file=file, line=None, key=f"features[{feature}].{key}", sentence=sentence)


def read_text(path: Path) -> str:
    """A whole file as text.

    Raises:
        CityError: it is missing, too large, or no UTF-8.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise _refused(path, f"cannot be read ({error.strerror}); name an existing GeoJSON file") from None
    if len(data) > LARGEST_BYTES:
        raise _refused(path, f"is larger than {LARGEST_BYTES:,} bytes; leave points out that lie on straight edges")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise _refused(path, f"is no JSON ({error}); export it as GeoJSON once more") from None


def _read_json(path: Path) -> Any:
    try:
        return json.loads(read_text(path), parse_constant=_no_number)
    except RecursionError:
        raise _refused(path, "is nested too deeply for GeoJSON") from None
    except ValueError as error:
        raise _refused(path, f"is no JSON ({error}); export it as GeoJSON once more") from None


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no number")


def _refuse_other_coordinates(path: Path, plain: Any) -> None:
    """Files of the older standard (2008) may name a system; maps of a city office often lie in a projected one."""
    if isinstance(plain, dict) and plain.get("crs") is not None:
        name = str(plain["crs"])
        if not any(known in name for known in WGS84):
            raise _refused(path, "is not in WGS84; convert its coordinates to longitude and latitude (EPSG:4326)")


def _problems(path: Path, error: ValidationError) -> Iterator[Problem]:
    for found in error.errors(include_url=False, include_input=False):
        # A variant's name stands in the location behind `geometry`; the file has no such key.
        location = tuple(part for part in found["loc"] if part not in SHAPES)
        sentence = sentence_of(found["type"], found["msg"], found.get("ctx", {}))
        yield Problem(file=str(path), line=None, key=dotted(location), sentence=sentence)


def _refused(path: Path, sentence: str) -> CityError:
    return CityError([Problem(file=str(path), line=None, key="", sentence=sentence)])
