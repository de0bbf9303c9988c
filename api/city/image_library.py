"""Systems that push pictures of cameras by GA/T 1400 (视图库)."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from api.city.part import EnvironmentName, Identifier, Name, Part


def _twenty_digits(text: str) -> str:
    if not re.fullmatch(r"[0-9]{20}", text):
        raise ValueError('must be the 20 digits of GA/T 1400, in quotes: "34020000005030000001"')
    return text


TwentyDigits = Annotated[str, AfterValidator(_twenty_digits)]


class ImageSenderPart(Part):
    """One system that pushes.

    Attributes:
        id: its DeviceID.
        credentials_env: environment variable with the `user:password` with which it registers.
        cameras: those that it may push for; none for all that have a `gb28181_id`.
    """

    id: TwentyDigits
    name: Name
    credentials_env: EnvironmentName
    cameras: tuple[Identifier, ...] = Field(default=(), max_length=2000)


class ImageLibraryPart(Part):
    """The library that those systems know us as.

    Attributes:
        id: our own number, that we call ourselves by.
    """

    id: TwentyDigits
    senders: tuple[ImageSenderPart, ...] = Field(min_length=1, max_length=100)
