"""The image library of a city file: who pushes for which cameras."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.city.city import load_city
from api.errors import CityError, SettingsError
from api.image_library.library import ImageLibrary

SENDER = """
    - id: "34020000001190000001"
      name: {zh: 市局视图库, en: Police image library}
      credentials_env: POLICE_LIBRARY
"""
LIBRARY = f"""
image_library:
  id: "34020000005030000001"
  senders:
{SENDER}"""


def problems(path: Path, environment: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(CityError) as refused:
        load_city(path, environment=environment)
    return [str(problem).partition(": ")[2] for problem in refused.value.problems]


def test_a_sender_pushes_for_every_camera_that_has_a_number(full: str, write: Callable[[str], Path]) -> None:
    city = load_city(write(full + LIBRARY))
    library = ImageLibrary.of(city, {"POLICE_LIBRARY": "platform:a:b"}, lambda: datetime.now(UTC))
    assert library is not None
    sender = library.senders["34020000001190000001"]
    assert dict(sender.cameras) == {"34020000001320000001": "east-gate"}
    assert (sender.credentials.user, sender.credentials.password) == ("platform", "a:b")


def test_a_city_without_a_library_has_none(full: str, write: Callable[[str], Path]) -> None:
    assert ImageLibrary.of(load_city(write(full)), {}, lambda: datetime.now(UTC)) is None


def test_credentials_that_are_missing_are_told(full: str, write: Callable[[str], Path]) -> None:
    path = write(full + LIBRARY)
    [told] = problems(path, {"WARDENS_SECRET": "whsec_x", "EAST_GATE": "a:b", "POLICE_LIBRARY": "platform:"})
    assert told.endswith("names an environment variable that is not set; set it to the sender's user:password")
    with pytest.raises(SettingsError, match="POLICE_LIBRARY"):
        ImageLibrary.of(load_city(path), {}, lambda: datetime.now(UTC))


def test_names_that_lead_nowhere_are_told(full: str, write: Callable[[str], Path]) -> None:
    doubled = problems(write(full + LIBRARY + SENDER))
    assert doubled == ["image_library.senders[1].id: is the same as that of senders[0]; give each its own"]
    unknown = problems(write(full + LIBRARY + "      cameras: [east-gat]\n"))
    assert unknown == [
        "image_library.senders[0].cameras[0]: names nothing that stands under `cameras with a gb28181_id`; "
        'did you mean "east-gate"?'
    ]
    short = problems(write(full + LIBRARY.replace("34020000005030000001", "3402")))
    assert short == ['image_library.id: must be the 20 digits of GA/T 1400, in quotes: "34020000005030000001"']
