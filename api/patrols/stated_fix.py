"""When and where a vehicle says that it took a picture: checked, and in WGS84 from here on."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from inference.datum import Datum, to_wgs84
from inference.geo import LatLon
from inference.patrol.fix import Fix

OLDEST = timedelta(hours=24)
"""Pictures may wait in a vehicle without a network."""

AHEAD = timedelta(minutes=5)
"""By which a vehicle's clock may be fast."""

Finite = Annotated[float, Field(allow_inf_nan=False)]


def _in_utc(instant: datetime) -> datetime:
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise ValueError("must be a time of our years") from None


Instant = Annotated[AwareDatetime, AfterValidator(_in_utc)]


class StatedFix(BaseModel):
    """What a vehicle says of one picture.

    Attributes:
        captured_at: with a zone.
        lat: degrees of `coordinates`.
        lon: degrees of `coordinates`.
        speed: metres per second over ground.
        heading: degrees clockwise from north in which it moves.
        accuracy: metres, one standard deviation of the position.
        coordinates: in which the position is given.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    captured_at: Instant | None = None
    lat: Annotated[Finite, Field(ge=-90, le=90)] | None = None
    lon: Annotated[Finite, Field(ge=-180, le=180)] | None = None
    speed: Annotated[Finite, Field(ge=0, le=100)] | None = None
    heading: Annotated[Finite, Field(ge=0, lt=360)] | None = None
    accuracy: Annotated[Finite, Field(gt=0, le=10_000)] | None = None
    coordinates: Datum | None = None


class StatedInHeaders(StatedFix):
    """The same in headers: `X-Captured-At`, `X-Lat`, `X-Lon`, `X-Speed`, `X-Heading`, `X-Accuracy`, `X-Coordinates`."""

    captured_at: Annotated[Instant | None, Field(alias="X-Captured-At")] = None
    lat: Annotated[Annotated[Finite, Field(ge=-90, le=90)] | None, Field(alias="X-Lat")] = None
    lon: Annotated[Annotated[Finite, Field(ge=-180, le=180)] | None, Field(alias="X-Lon")] = None
    speed: Annotated[Annotated[Finite, Field(ge=0, le=100)] | None, Field(alias="X-Speed")] = None
    heading: Annotated[Annotated[Finite, Field(ge=0, lt=360)] | None, Field(alias="X-Heading")] = None
    accuracy: Annotated[Annotated[Finite, Field(gt=0, le=10_000)] | None, Field(alias="X-Accuracy")] = None
    coordinates: Annotated[Datum | None, Field(alias="X-Coordinates")] = None


def fix_of(stated: StatedFix, otherwise: StatedFix | None, exif: LatLon | None, now: datetime) -> Fix:
    """The fix of one picture.

    Args:
        stated: what counts first.
        otherwise: what counts where that says nothing.
        exif: WGS84 that the picture itself carries; it counts last.
        now: aware UTC.

    Raises:
        HTTPException: 422 where time or place are missing or cannot be right.
    """
    said = {**(otherwise.model_dump(exclude_none=True) if otherwise else {}), **stated.model_dump(exclude_none=True)}
    at = said.get("captured_at")
    if at is None:
        raise HTTPException(422, "say when the picture was taken: X-Captured-At with a zone")
    if not now - OLDEST <= at <= now + AHEAD:
        raise HTTPException(422, f"X-Captured-At must lie within the last day; here it is {now:%Y-%m-%dT%H:%M:%SZ}")
    if ("lat" in said) is not ("lon" in said):
        raise HTTPException(422, "say both, X-Lat and X-Lon")
    if "lat" not in said and exif is None:
        raise HTTPException(
            422, "say where the picture was taken: X-Lat and X-Lon, or a position in the picture's EXIF"
        )
    where = to_wgs84(said["lat"], said["lon"], said.get("coordinates", Datum.WGS84)) if "lat" in said else exif
    assert where is not None
    return Fix(at=at, where=where, **{key: said[key] for key in ("speed", "heading", "accuracy") if key in said})
