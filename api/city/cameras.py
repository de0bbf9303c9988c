"""Cameras and patrol vehicles: where their pictures come from, where they stand and what holds in them."""

import re
from collections.abc import Mapping
from typing import Annotated, Self
from urllib.parse import quote, urlsplit, urlunsplit

from pydantic import AfterValidator, Field, model_validator

from api.city.part import AtKey, Code, EnvironmentName, Flag, Fraction, Identifier, Name, Number, Part, Text
from api.city.zones import ZonePart
from api.errors import SettingsError
from inference.geo import LatLon
from inference.ground import GroundPlane, ReferencePoint
from inference.patrol.camera import PatrolCamera

PUSH = "push"
SPOOL_OF_VEHICLES = "patrols"
"""Beside the folders of cameras, which are called as they are; see `api.wiring`."""
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")


def _source(text: str) -> str:
    if not SCHEME.match(text):
        return text
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("rtsp", "rtsps") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise ValueError("must be `push`, a file or folder, or an address such as rtsp://10.0.0.5:554/stream1")
    if "@" in text:
        raise ValueError(
            "must not hold a user or password; "
            "put user:password into an environment variable and name it in `credentials_env`"
        )
    return text


def _gb28181(text: str) -> str:
    if not re.fullmatch(r"[0-9]{20}", text):
        raise ValueError('must be the 20 digits of GB/T 28181, in quotes: "34020000001320000001"')
    return text


class Position(Part):
    """Where a camera stands, degrees WGS84."""

    lat: Annotated[Number, Field(ge=-90, le=90)]
    lon: Annotated[Number, Field(ge=-180, le=180)]

    def build(self) -> LatLon:
        """The same as a place on the ground."""
        return LatLon(lat=self.lat, lon=self.lon)


class ReferencePointPart(Part):
    """A point on the ground that is known in the picture and on the map.

    Attributes:
        picture: fractions of the picture's width and height.
        place: degrees WGS84.
    """

    picture: tuple[Fraction, Fraction]
    place: Position

    def build(self) -> ReferencePoint:
        """The same for `inference`."""
        return ReferencePoint(picture=self.picture, place=self.place.build())


def _that_fit(points: tuple[ReferencePointPart, ...]) -> tuple[ReferencePointPart, ...]:
    ground_of(points)
    return points


def ground_of(points: tuple[ReferencePointPart, ...]) -> GroundPlane | None:
    """The ground that reference points describe; None without any.

    Raises:
        ValueError: nothing fits them.
    """
    return GroundPlane.fit([point.build() for point in points]) if points else None


ReferencePoints = Annotated[tuple[ReferencePointPart, ...], Field(max_length=30), AfterValidator(_that_fit)]


class MountPart(Part):
    """How a moving camera sits on its vehicle; see `inference.patrol.camera.PatrolCamera`.

    Attributes:
        height: metres from the ground to the lens.
        pitch: degrees below the horizontal into which it looks.
        field_of_view: degrees that the picture's full width shows.
        heading_offset: degrees clockwise from the vehicle's heading to where it looks.
    """

    height: Annotated[Number, Field(ge=0.3, le=6)] = 1.5
    pitch: Annotated[Number, Field(ge=-30, le=60)] = 3
    field_of_view: Annotated[Number, Field(ge=10, le=150)] = 70
    heading_offset: Annotated[Number, Field(ge=-180, le=180)] = 0

    def build(self) -> PatrolCamera:
        """The same for `inference`."""
        return PatrolCamera(
            height=self.height,
            pitch=self.pitch,
            field_of_view=self.field_of_view,
            heading_offset=self.heading_offset,
        )


class PresetPart(Part):
    """The preset (预置位) of a camera that turns: each has an entry of its own under `cameras`, with its own zones.

    Attributes:
        camera: as the camera that turns is called when it pushes, the same in all its presets.
        name: as its frames name the preset.
    """

    camera: Identifier
    name: Identifier


class CameraPart(Part):
    """One camera, one preset of a camera that turns, or one vehicle.

    Attributes:
        id: as pushed frames and findings name it.
        source: `push`, a file or folder (from the city file's folder), or an RTSP address without a password.
        credentials_env: environment variable with `user:password` for an RTSP address.
        position: where it stands; for a vehicle the frames bring it.
        area: code of the area that its cases belong to.
        gb28181_id: the 20 digits under which a gateway knows it.
        direction: degrees clockwise from north into which it looks.
        moving: a patrol vehicle.
        preset: which one this is, of a camera that turns.
        reference_points: four or more, so that what it sees has a place on the map.
        mount: how it sits on the vehicle.
        recordings: folder (from the city file's folder) into which recordings of a vehicle are dropped.
    """

    id: Identifier
    name: Name
    source: Annotated[Text, AfterValidator(_source)] = PUSH
    credentials_env: EnvironmentName | None = None
    position: Position | None = None
    area: Code | None = None
    gb28181_id: Annotated[str, AfterValidator(_gb28181)] | None = None
    direction: Annotated[Number, Field(ge=0, lt=360)] | None = None
    moving: Flag = False
    preset: PresetPart | None = None
    mount: MountPart = MountPart()
    recordings: Text | None = None
    zones: tuple[ZonePart, ...] = Field(default=(), max_length=200)
    reference_points: ReferencePoints = ()

    @model_validator(mode="after")
    def _keys_fit_the_kind_of_camera(self) -> Self:
        if self.id == SPOOL_OF_VEHICLES and not self.moving:
            raise AtKey("id", f"is the folder in which evidence of vehicles waits; write {self.id}-1 or another name")
        if self.credentials_env and not self.source.startswith(("rtsp:", "rtsps:")):
            raise AtKey("credentials_env", "belongs to an rtsp:// source; delete it or name the address")
        if self.recordings is not None and not self.moving:
            raise AtKey("recordings", "belongs to a vehicle; delete it or say `moving: true`")
        if self.preset is not None and (self.moving or self.source != PUSH or self.gb28181_id):
            other = "moving" if self.moving else "source" if self.source != PUSH else "gb28181_id"
            raise AtKey("preset", f"belongs to a camera that pushes frames which name their preset; delete `{other}`")
        return self

    @property
    def sender(self) -> str:
        """As whoever pushes its frames is called: the camera that turns, or itself."""
        return self.preset.camera if self.preset else self.id

    @property
    def is_path(self) -> bool:
        """Whether the source is a file or folder."""
        return self.source != PUSH and not SCHEME.match(self.source)

    def address(self, environment: Mapping[str, str]) -> str:
        """The source with its credentials put in. The result is a secret: open it, never print it.

        Raises:
            SettingsError: the environment variable is missing or not of the form `user:password`.
        """
        if self.credentials_env is None:
            return self.source
        user, colon, password = environment.get(self.credentials_env, "").partition(":")
        if not (user and colon):
            raise SettingsError(f"set {self.credentials_env} to user:password of camera {self.id}")
        parts = urlsplit(self.source)
        return urlunsplit(parts._replace(netloc=f"{quote(user, safe='')}:{quote(password, safe='')}@{parts.netloc}"))
