"""How a camera sits on its vehicle."""

from dataclasses import dataclass
from math import isfinite, radians, tan


@dataclass(frozen=True, slots=True, kw_only=True)
class PatrolCamera:
    """The calibration of a moving camera: a pinhole over flat ground.

    Attributes:
        height: metres from the ground to the lens.
        pitch: degrees below the horizontal into which it looks; negative: upwards.
        field_of_view: degrees that the picture's full width shows.
        heading_offset: degrees clockwise from the vehicle's own heading to where the camera looks.
        height_error: metres, one standard deviation: load, tyres, a bumpy road.
        pitch_error: degrees, one standard deviation: the vehicle nods, the road climbs.
        heading_offset_error: degrees, one standard deviation of how well it is mounted.

    Raises:
        ValueError: a number that no camera on a vehicle has.
    """

    height: float = 1.5
    pitch: float = 3.0
    field_of_view: float = 70.0
    heading_offset: float = 0.0
    height_error: float = 0.10
    pitch_error: float = 0.6
    heading_offset_error: float = 1.0

    def __post_init__(self) -> None:
        for name, least, most in (
            ("height", 0.3, 6.0),
            ("pitch", -30.0, 60.0),
            ("field_of_view", 10.0, 150.0),
            ("heading_offset", -180.0, 180.0),
            ("height_error", 0.0, 2.0),
            ("pitch_error", 0.0, 20.0),
            ("heading_offset_error", 0.0, 45.0),
        ):
            value = getattr(self, name)
            if not (isfinite(value) and least <= value <= most):
                raise ValueError(f"{name} of a patrol camera must lie between {least:g} and {most:g}, not {value}")

    @property
    def focal_share(self) -> float:
        """Focal length in widths of the picture."""
        return 0.5 / tan(radians(self.field_of_view) / 2)
