"""From a box in the picture to a place on the ground, and how wrong that may be.

A pinhole over flat ground (R. Hartley, A. Zisserman, Multiple View Geometry, ch. 6 and 8): the lower edge of a box lies
on the ground, so that its angle below the horizon and the camera's height give the distance, and its column the
direction. docs/patrol.md has the formulas.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, hypot, radians, sin

from inference.detections import Box
from inference.frame import SizeWH
from inference.geo import LatLon
from inference.patrol.camera import PatrolCamera
from inference.patrol.footprint import Footprint
from inference.patrol.pose import Pose
from inference.patrol.spread import Spread

FURTHEST_METRES = 32.0
"""Beyond it a nod of the vehicle is worth more metres than a street is wide."""
EDGE_SHARE = 0.004
"""Of the picture: a box that ends so near its border is cut off, and an edge of it is not the object's."""
BOX_ERROR_SHARE = 0.04
"""One standard deviation of a box's edge, as a share of the box's side."""
CUT_ERROR_SHARE = 0.25
"""The same of a box whose side the picture's border cuts off."""
LEAST_BOX_ERROR_PX = 1.5
LEAST_FALL = 0.02
"""Tangent of an angle below the horizon; nothing nearer to it is placed."""

GroundXY = tuple[float, float]  # metres from the camera's foot: to the right, ahead (along its heading)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where something stands.

    Attributes:
        where: WGS84 of the middle of its footprint.
        own: error of this one look, without the receiver's.
        right: metres to the right of the vehicle's way.
        ahead: metres ahead along the vehicle's way.
    """

    where: LatLon
    own: Spread
    right: float
    ahead: float

    @property
    def distance(self) -> float:
        """Metres from the camera."""
        return hypot(self.right, self.ahead)


def cut_left(box: Box) -> bool:
    """Whether a box (fractions) reaches the picture's left border."""
    return box[0] < EDGE_SHARE


def cut_right(box: Box) -> bool:
    """Whether it reaches the right border."""
    return box[2] > 1 - EDGE_SHARE


def cut_below(box: Box) -> bool:
    """Whether it reaches the lower border: then nobody sees where it stands."""
    return box[3] > 1 - EDGE_SHARE


def placed(box: Box, size_wh: SizeWH, footprint: Footprint, camera: PatrolCamera, pose: Pose) -> Placed | None:
    """Where the object in `box` stands; None where it cannot be said.

    Args:
        box: fractions of the picture.
        size_wh: pixels of the picture.
        footprint: of the object, which is taken to stand along the vehicle's way.
        camera: its calibration.
        pose: when the picture was taken. Without a heading nothing can be placed.
    """
    if pose.heading is None or cut_below(box) or (cut_left(box) and cut_right(box)):
        return None
    left, right = _whole(box, size_wh, footprint, camera)
    given = (left, right, box[3], camera.pitch, camera.height, camera.heading_offset)
    here = _ahead_right(given, size_wh, footprint, camera)
    if here is None or hypot(*here) > FURTHEST_METRES:
        return None
    errors = (*_box_errors(box, size_wh), camera.pitch_error, camera.height_error, camera.heading_offset_error)
    own_heading = radians(pose.heading)
    spread = _own_spread(given, errors, here, lambda values: _ahead_right(values, size_wh, footprint, camera))
    turn = radians(pose.heading_error)
    across = (here[1] * turn) ** 2, (here[0] * turn) ** 2, -here[0] * here[1] * turn**2  # a turn moves it sideways
    rr, aa, ra = spread[0] + across[0], spread[1] + across[1], spread[2] + across[2]
    east, north = _turned(here, own_heading)
    return Placed(
        where=pose.where.moved(east, north), own=_turned_spread(rr, aa, ra, own_heading), right=here[0], ahead=here[1]
    )


def seen_at(where: LatLon, size_wh: SizeWH, camera: PatrolCamera, pose: Pose) -> tuple[float, float] | None:
    """Where a point on the ground lies in the picture, fractions (may lie outside 0..1); None behind the camera."""
    if pose.heading is None:
        return None
    east, north = pose.where.east_north_to(where)
    look = radians(pose.heading + camera.heading_offset)
    right, ahead = east * cos(look) - north * sin(look), east * sin(look) + north * cos(look)
    pitch = radians(camera.pitch)
    depth = ahead * cos(pitch) + camera.height * sin(pitch)
    if depth <= 0.1:
        return None
    down = camera.height * cos(pitch) - ahead * sin(pitch)
    focal = camera.focal_share
    return 0.5 + focal * right / depth, 0.5 + focal * size_wh[0] / size_wh[1] * down / depth


def _ahead_right(
    given: tuple[float, ...], size_wh: SizeWH, footprint: Footprint, camera: PatrolCamera
) -> GroundXY | None:
    """The middle of the footprint, metres to the right and ahead of the vehicle; None above the horizon.

    Args:
        given: left, right and lower edge (fractions), pitch, height, heading offset (degrees, metres, degrees).
        size_wh: pixels.
        footprint: metres.
        camera: for its focal length.
    """
    left, right, lower, pitch_degrees, height, offset_degrees = given
    pitch, offset, focal = radians(pitch_degrees), radians(offset_degrees), camera.focal_share
    fall = (lower - 0.5) * size_wh[1] / size_wh[0] / focal
    sinking = sin(pitch) + cos(pitch) * fall
    if sinking < LEAST_FALL:
        return None
    near = height * (cos(pitch) - sin(pitch) * fall) / sinking
    half_deep = (footprint.length * abs(cos(offset)) + footprint.width * abs(sin(offset))) / 2
    half_wide = (footprint.length * abs(sin(offset)) + footprint.width * abs(cos(offset))) / 2
    depth_near = near * cos(pitch) + height * sin(pitch)
    depth_far = depth_near + 2 * half_deep * cos(pitch)
    if depth_near <= 0:
        return None
    columns = (left - 0.5 + right - 0.5) / focal
    across = _middle(columns, half_wide, depth_near, depth_far)
    return _turned((across, near + half_deep), offset)


def _middle(columns: float, half_wide: float, near: float, far: float) -> float:
    """How far to the right the middle of a footprint lies whose box has the edges l and r with l + r = `columns`.

    Right of the axis the left edge of a box is the far corner's, the right one the near corner's; left of it the other
    way round; straight ahead both are near corners'.
    """
    skew = half_wide * (1 / near - 1 / far)
    both = 1 / near + 1 / far
    to_right = (columns - skew) / both
    if to_right >= half_wide:
        return to_right
    to_left = (columns + skew) / both
    if to_left <= -half_wide:
        return to_left
    return min(half_wide, max(-half_wide, columns * near / 2))


def _whole(box: Box, size_wh: SizeWH, footprint: Footprint, camera: PatrolCamera) -> tuple[float, float]:
    """Left and right edge; one that the border cuts off is where the object's usual size puts it."""
    if not (cut_left(box) or cut_right(box)):
        return box[0], box[2]
    pitch, offset, focal = radians(camera.pitch), radians(camera.heading_offset), camera.focal_share
    fall = (box[3] - 0.5) * size_wh[1] / size_wh[0] / focal
    sinking = max(LEAST_FALL, sin(pitch) + cos(pitch) * fall)
    near = camera.height * (cos(pitch) - sin(pitch) * fall) / sinking
    wide = footprint.length * abs(sin(offset)) + footprint.width * abs(cos(offset))
    deep = footprint.length * abs(cos(offset)) + footprint.width * abs(sin(offset))
    depth = max(0.5, near * cos(pitch) + camera.height * sin(pitch))
    # The edge that is seen is the far corner's on its own side of the axis, the one cut off the near corner's.
    if cut_right(box):
        seen = (box[0] - 0.5) / focal * (depth + deep * cos(pitch) if box[0] > 0.5 else depth)
        return box[0], 0.5 + focal * (seen + wide) / depth
    seen = (box[2] - 0.5) / focal * (depth + deep * cos(pitch) if box[2] < 0.5 else depth)
    return 0.5 + focal * (seen - wide) / depth, box[2]


def _box_errors(box: Box, size_wh: SizeWH) -> tuple[float, float, float]:
    """One standard deviation of the left, right and lower edge, fractions; more where a side is cut off."""
    cut = cut_left(box) or cut_right(box)
    side = max(LEAST_BOX_ERROR_PX / size_wh[0], (CUT_ERROR_SHARE if cut else BOX_ERROR_SHARE) * (box[2] - box[0]))
    lower = max(LEAST_BOX_ERROR_PX / size_wh[1], (2 if cut else 1) * BOX_ERROR_SHARE * (box[3] - box[1]))
    return side, side, lower


def _own_spread(
    given: tuple[float, ...],
    errors: tuple[float, ...],
    here: GroundXY,
    placing: Callable[[tuple[float, ...]], GroundXY | None],
) -> tuple[float, float, float]:
    """Variance to the right, ahead, and what they share: each error carried through the formula by a small step."""
    rr = aa = ra = 0.0
    for number, error in enumerate(errors):
        if error <= 0:
            continue
        step = error / 4
        moved = placing((*given[:number], given[number] + step, *given[number + 1 :]))
        if moved is None:
            step = -step
            moved = placing((*given[:number], given[number] + step, *given[number + 1 :]))
        if moved is None:
            continue
        dr, da = ((m - h) * error / step for m, h in zip(moved, here, strict=True))
        rr, aa, ra = rr + dr * dr, aa + da * da, ra + dr * da
    return rr, aa, ra


def _turned(point: GroundXY, angle: float) -> tuple[float, float]:
    """Right and ahead of a look turned by `angle` (radians clockwise), as right and ahead of one not turned."""
    right, ahead = point
    return right * cos(angle) + ahead * sin(angle), ahead * cos(angle) - right * sin(angle)


def _turned_spread(rr: float, aa: float, ra: float, angle: float) -> Spread:
    c, s = cos(angle), sin(angle)
    return Spread(
        east=max(0.0, c * c * rr + 2 * s * c * ra + s * s * aa),
        north=max(0.0, s * s * rr - 2 * s * c * ra + c * c * aa),
        both=s * c * (aa - rr) + (c * c - s * s) * ra,
    )
