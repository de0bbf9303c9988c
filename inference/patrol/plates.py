"""The plug-in that reads number plates, where a city has one. The house brings none."""

from typing import Protocol

from inference.frame import ImageBGR


class PlateReader(Protocol):
    """Reads the number plate of one vehicle."""

    def read(self, vehicle: ImageBGR) -> str | None:
        """The plate in a cut-out of a vehicle at full size, written always in the same way; None where it is unsure."""
        ...
