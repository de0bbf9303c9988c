"""How a camera sits on its vehicle: as somebody says, from the horizon, or from points whose place is known."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import atan, atan2, cos, degrees, hypot, isfinite, radians, sin

import numpy as np
from numpy.typing import NDArray

from inference.errors import CalibrationError
from inference.frame import SizeWH
from inference.patrol.camera import PatrolCamera

MOUNT_PARTS = ("height", "pitch", "field_of_view", "heading_offset")
LEAST_POINTS = 3
ROUNDS = 60
ENOUGH = 1e-10
LARGEST_MISS = 0.03
"""Of the picture's width, the root of the mean square: points that fit worse were mixed up or badly measured."""
HORIZON_ERROR = 0.004
"""Of the picture's height, one standard deviation with which somebody draws the horizon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferencePoint:
    """A mark on the ground whose place relative to the vehicle is known.

    Attributes:
        x, y: in the picture, fractions of its width and height.
        right: metres to the right of the camera.
        ahead: metres ahead of the camera.
    """

    x: float
    y: float
    right: float
    ahead: float


def mounted(text: str) -> PatrolCamera:
    """The calibration in `height,pitch,field-of-view,heading-offset` (metres, degrees); what is left out is usual.

    Raises:
        CalibrationError: no such numbers.

    >>> mounted("1.8,4").height
    1.8
    """
    values = [part.strip() for part in text.split(",")] if text.strip() else []
    try:
        if len(values) > len(MOUNT_PARTS):
            raise ValueError(f"{len(values)} numbers instead of at most {len(MOUNT_PARTS)}")
        given = {name: float(value) for name, value in zip(MOUNT_PARTS, values, strict=False) if value}
        return PatrolCamera(**given)
    except ValueError as error:
        raise CalibrationError(
            f"the mounting {text!r} cannot be: {error}; write metres,degrees down,degrees wide,degrees to the right."
        ) from error


def from_horizon(camera: PatrolCamera, horizon: float, size_wh: SizeWH) -> PatrolCamera:
    """The camera with the pitch that puts the horizon of flat ground where it is seen.

    A level line of sight lies at pitch = atan((1/2 - horizon) * height / width / focal length in widths).

    Args:
        camera: everything else of the calibration.
        horizon: its height in the middle of the picture, fraction of the picture's height from above.
        size_wh: pixels of the picture.

    Raises:
        CalibrationError: no horizon that a camera on a vehicle sees.

    >>> round(from_horizon(PatrolCamera(field_of_view=70), 0.5, (1920, 1080)).pitch, 3)
    0.0
    """
    if not isfinite(horizon):
        raise CalibrationError("the horizon must be a number between 0 and 1, from above")
    rise = (0.5 - horizon) * size_wh[1] / size_wh[0] / camera.focal_share
    error = degrees(HORIZON_ERROR * size_wh[1] / size_wh[0] / camera.focal_share)
    try:
        return replace(camera, pitch=degrees(atan(rise)), pitch_error=hypot(camera.pitch_error, error))
    except ValueError as wrong:
        raise CalibrationError(f"a horizon at {horizon:g} of the picture's height cannot be: {wrong}") from wrong


def from_points(camera: PatrolCamera, points: Sequence[ReferencePoint], size_wh: SizeWH) -> PatrolCamera:
    """The camera with the height, pitch and heading offset that fit known points best (Gauss-Newton).

    Args:
        camera: where to start from; its field of view is taken for right.
        points: at least three, not all at one distance.
        size_wh: pixels of the picture.

    Raises:
        CalibrationError: too few points, or points that no such camera sees there.
    """
    if len(points) < LEAST_POINTS:
        raise CalibrationError(f"a calibration needs at least {LEAST_POINTS} points on the ground, not {len(points)}")
    state: NDArray[np.float64] = np.array([camera.height, radians(camera.pitch), radians(camera.heading_offset)])
    damping = 1e-3
    miss = _misses(state, points, camera.focal_share, size_wh)
    for _ in range(ROUNDS):
        slope = _slope(state, points, camera.focal_share, size_wh)
        normal = slope.T @ slope
        damped = normal + damping * np.diag(np.diag(normal) + 1e-9)
        step: NDArray[np.float64] = np.asarray(np.linalg.solve(damped, -slope.T @ miss), np.float64)
        tried: NDArray[np.float64] = state + step
        after = _misses(tried, points, camera.focal_share, size_wh)
        if float(after @ after) < float(miss @ miss):
            state, miss, damping = tried, after, damping / 5
            if float(step @ step) < ENOUGH:
                break
        else:
            damping *= 10
    return _fitted(camera, state, miss, _slope(state, points, camera.focal_share, size_wh))


def _fitted(
    camera: PatrolCamera, state: NDArray[np.float64], miss: NDArray[np.float64], slope: NDArray[np.float64]
) -> PatrolCamera:
    off = float(np.sqrt((miss @ miss) / (len(miss) / 2)))
    if not off <= LARGEST_MISS:
        raise CalibrationError(
            f"the points fit no mounting (they are off by {off:.1%} of the picture's width); measure them again"
        )
    variance = max(off, HORIZON_ERROR) ** 2 / 2
    errors = np.sqrt(variance * np.diag(np.linalg.pinv(slope.T @ slope)))
    try:
        return replace(
            camera,
            height=float(state[0]),
            pitch=degrees(float(state[1])),
            heading_offset=degrees(float(state[2])),
            height_error=min(2.0, hypot(camera.height_error, float(errors[0]))),
            pitch_error=min(20.0, hypot(camera.pitch_error, degrees(float(errors[1])))),
            heading_offset_error=min(45.0, max(0.2, degrees(float(errors[2])))),
        )
    except ValueError as wrong:
        raise CalibrationError(f"the points fit no mounting: {wrong}; measure them again") from wrong


def _misses(
    state: NDArray[np.float64], points: Sequence[ReferencePoint], focal: float, size_wh: SizeWH
) -> NDArray[np.float64]:
    """Differences to where the points are seen, in widths of the picture, x and y in turn."""
    height, pitch, turn = (float(value) for value in state)
    found: list[float] = []
    for point in points:
        ahead = hypot(point.right, point.ahead)
        bearing = atan2(point.right, point.ahead) - turn
        right, forward = ahead * sin(bearing), ahead * cos(bearing)
        depth = max(0.05, forward * cos(pitch) + height * sin(pitch))
        down = height * cos(pitch) - forward * sin(pitch)
        found.append(focal * right / depth - (point.x - 0.5))
        found.append(focal * down / depth - (point.y - 0.5) * size_wh[1] / size_wh[0])
    return np.array(found)


def _slope(
    state: NDArray[np.float64], points: Sequence[ReferencePoint], focal: float, size_wh: SizeWH
) -> NDArray[np.float64]:
    columns: list[NDArray[np.float64]] = []
    for number in range(len(state)):
        step = np.zeros(len(state))
        step[number] = 1e-5
        plus, minus = (_misses(state + sign * step, points, focal, size_wh) for sign in (1, -1))
        columns.append((plus - minus) / 2e-5)
    return np.column_stack(columns)
