"""The messages of GA/T 1400.4 that are read and written here, with the standard's own names.

Devices add fields of their own and leave out what they do not have, so only what is needed is asked for.
"""

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

MEDIA_TYPE = "application/VIID+JSON"
OK, OTHER_ERROR = 0, 1
"""Values of StatusCode: done, or not done for the reason in StatusString."""
MOST_IMAGES = 20
"""In one message."""

DeviceId = Annotated[str, Field(pattern=r"^[0-9]{20}$", examples=["34020000001320000001"])]
Stamp = Annotated[str, Field(pattern=r"^[0-9]{14}$", examples=["20260302093000"])]


class _Read(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Device(_Read):
    """Who speaks."""

    DeviceID: DeviceId


class Register(_Read):
    """Body of Register."""

    RegisterObject: Device


class UnRegister(_Read):
    """Body of UnRegister."""

    UnRegisterObject: Device


class Keepalive(_Read):
    """Body of Keepalive."""

    KeepaliveObject: Device


class ImageInfo(_Read):
    """What is said of a picture. `ShotTime` is the city's local time, `FileHash` the file's MD5, if any."""

    ImageID: Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[\x21-\x7e]+$")]
    DeviceID: DeviceId
    ShotTime: Stamp
    FileFormat: Annotated[str, Field(max_length=16)] = "Jpeg"
    FileHash: Annotated[str, Field(max_length=64)] = ""


class PushedImage(_Read):
    """One picture; `Data` is base64."""

    ImageInfo: ImageInfo
    Data: Annotated[str, Field(min_length=1)]


class ImageList(_Read):
    """Pictures of one message."""

    Image: Annotated[tuple[PushedImage, ...], Field(min_length=1, max_length=MOST_IMAGES)]


class Images(_Read):
    """Body of Images."""

    ImageListObject: ImageList


class Status(BaseModel):
    """What became of one thing."""

    RequestURL: str
    StatusCode: int
    StatusString: str
    Id: str
    LocalTime: Stamp


class ResponseStatus(BaseModel):
    """The answer to a message about the sender."""

    ResponseStatusObject: Status


class ResponseStatuses(BaseModel):
    """An answer for each of several things."""

    ResponseStatusObject: tuple[Status, ...]


class ResponseStatusList(BaseModel):
    """The answer to a message with several things."""

    ResponseStatusListObject: ResponseStatuses


class SystemTime(BaseModel):
    """Our clock."""

    VIIDServerID: DeviceId
    TimeMode: str = "1"
    LocalTime: Stamp
    TimeZone: str


class Time(BaseModel):
    """The answer to Time."""

    SystemTimeObject: SystemTime


Said = Callable[[str, int, str], Status]
"""Id, StatusCode, StatusString → a status of this request."""


def stamp_of(at: datetime, zone: tzinfo) -> str:
    """An instant as the standard writes it.

    >>> from datetime import UTC
    >>> stamp_of(datetime(2026, 3, 2, 9, 30, tzinfo=UTC), UTC)
    '20260302093000'
    """
    return at.astimezone(zone).strftime("%Y%m%d%H%M%S")
