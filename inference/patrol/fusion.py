"""Many looks at one place made one: each counts by how sure it is (weighted least squares)."""

from collections.abc import Iterable, Sequence

from inference.geo import LatLon
from inference.patrol.spread import Spread

LEAST_VARIANCE = 0.01
"""m²: nothing is surer than a decimetre."""
COMMON_SHARE = 0.4
"""Of the best look's variance: what all looks of a pass have in common (the mounting, the slope) stays."""

Look = tuple[LatLon, Spread]


def fused(looks: Sequence[Look], *, common: float = COMMON_SHARE) -> Look:
    """The place that fits all looks best, and its error.

    Args:
        looks: at least one place, each with its error.
        common: share of the best one's variance that remains however many there are; 0 for looks of different days.
    """
    origin = looks[0][0]
    information = [_information(spread) for _, spread in looks]
    aa, bb, ab = (sum(part) for part in zip(*information, strict=True))
    right_east = right_north = 0.0
    for (where, _), (e, n, b) in zip(looks, information, strict=True):
        east, north = origin.east_north_to(where)
        right_east += e * east + b * north
        right_north += b * east + n * north
    det = aa * bb - ab * ab
    east = (bb * right_east - ab * right_north) / det
    north = (aa * right_north - ab * right_east) / det
    best = min((spread for _, spread in looks), key=lambda spread: spread.metres)
    floor_east, floor_north = common * best.east, common * best.north
    spread = Spread(
        east=max(bb / det, floor_east), north=max(aa / det, floor_north), both=_bounded(-ab / det, bb, aa, det)
    )
    return origin.moved(east, north), spread


def agree(looks: Iterable[Look], where: LatLon, widths: float) -> bool:
    """Whether no look is more than so many standard deviations from `where`."""
    return all(spread.widths_to(*place.east_north_to(where)) <= widths for place, spread in looks)


def _information(spread: Spread) -> tuple[float, float, float]:
    """The inverse of a covariance: east, north, both."""
    e, n, b = spread.east + LEAST_VARIANCE, spread.north + LEAST_VARIANCE, spread.both
    det = e * n - b * b
    return n / det, e / det, -b / det


def _bounded(both: float, bb: float, aa: float, det: float) -> float:
    """The shared part, kept below what the two variances allow."""
    most = 0.999 * ((bb / det) * (aa / det)) ** 0.5
    return max(-most, min(most, both))
