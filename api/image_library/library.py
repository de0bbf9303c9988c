"""The image library of a city, as its doors ask it: who may push, for which cameras, and who is registered."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from api.city.city import City
from api.errors import SettingsError
from api.image_library.digest import Credentials, DigestGate
from api.image_library.registrations import Registrations
from cases.ports import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageSender:
    """A system that pushes pictures.

    Attributes:
        credentials: with which it registers.
        cameras: those that it pushes for, by their 20 digits.
    """

    credentials: Credentials
    cameras: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageLibrary:
    """Everything that the doors of GA/T 1400 need.

    Attributes:
        id: our own 20 digits.
        senders: by their 20 digits.
        gate: where they prove themselves.
        registrations: who has.
    """

    id: str
    senders: Mapping[str, ImageSender]
    gate: DigestGate
    registrations: Registrations

    @classmethod
    def of(cls, city: City, environment: Mapping[str, str], clock: Clock) -> Self | None:
        """The library that a city file describes; None where it describes none.

        Raises:
            SettingsError: an environment variable does not hold `user:password`.
        """
        part = city.file.image_library
        if part is None:
            return None
        numbers = {camera.id: camera.gb28181_id for camera in city.file.cameras if camera.gb28181_id}
        senders: dict[str, ImageSender] = {}
        for sender in part.senders:
            user, colon, password = environment.get(sender.credentials_env, "").partition(":")
            if not (user and colon and password):
                raise SettingsError(f"set {sender.credentials_env} to user:password of image sender {sender.id}")
            cameras = sender.cameras or tuple(numbers)
            senders[sender.id] = ImageSender(
                credentials=Credentials(user=user, password=password),
                cameras={numbers[camera]: camera for camera in cameras},
            )
        gate = DigestGate(key=secrets.token_bytes(32), clock=clock)
        return cls(id=part.id, senders=senders, gate=gate, registrations=Registrations(clock))
