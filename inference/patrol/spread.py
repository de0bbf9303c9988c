"""How uncertain a place is: the covariance of its error on the ground."""

from dataclasses import dataclass
from math import hypot, isfinite, sqrt

LEAST_DETERMINANT = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Covariance of an error in metres: variances to the east and to the north, and what they share (m²).

    Raises:
        ValueError: it is no covariance.
    """

    east: float
    north: float
    both: float = 0.0

    def __post_init__(self) -> None:
        if not (isfinite(self.east) and isfinite(self.north) and isfinite(self.both)):
            raise ValueError("a spread must be finite")
        if self.east < 0 or self.north < 0:
            raise ValueError("a variance cannot be negative")

    @property
    def metres(self) -> float:
        """The root of both variances together: about two of three true places lie nearer than this (DRMS).

        >>> Spread(east=9.0, north=16.0).metres
        5.0
        """
        return sqrt(self.east + self.north)

    def plus(self, other: "Spread") -> "Spread":
        """Of two errors that know nothing of one another."""
        return Spread(east=self.east + other.east, north=self.north + other.north, both=self.both + other.both)

    def widths_to(self, east: float, north: float) -> float:
        """How many standard deviations a difference (metres) is (Mahalanobis distance).

        >>> Spread(east=4.0, north=1.0).widths_to(4.0, 0.0)
        2.0
        """
        det = self.east * self.north - self.both**2
        if det < LEAST_DETERMINANT:
            return hypot(east, north) / max(self.metres / sqrt(2), 1e-6)
        square = (east**2 * self.north - 2 * east * north * self.both + north**2 * self.east) / det
        return sqrt(max(0.0, square))


def round_spread(metres: float) -> Spread:
    """The spread with `metres` that is the same in all directions.

    >>> round(round_spread(3.0).metres, 6)
    3.0
    """
    return Spread(east=metres**2 / 2, north=metres**2 / 2)
