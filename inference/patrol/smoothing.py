"""From fixes that jitter to a way that a vehicle can have driven: position and velocity at every fix.

A Kalman filter with constant velocity, run forwards and backwards (H. Rauch, F. Tung, C. Striebel, Maximum likelihood
estimates of linear dynamic systems, AIAA J. 3 (1965)). East and north have the same noise, so that one covariance
serves both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sin

from inference.geo import LatLon
from inference.patrol.fix import USUAL_ACCURACY_METRES, Fix

ACCELERATION_PSD = 2.0
"""m²/s³: how much a vehicle's velocity wanders, braking and turning included."""
DOPPLER_ERROR = 0.5
"""m/s, one standard deviation of a velocity that the receiver states as speed and heading."""
FIRST_SPEED_ERROR = 15.0
"""m/s, of a vehicle of which nothing is known yet."""
SQRT2 = 2**0.5

_Vector = tuple[float, float]
_Symmetric = tuple[float, float, float]  # variance of position, covariance, variance of velocity


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """The state at one fix, in metres from an origin.

    Attributes:
        at: seconds since the first fix.
        position: east, north in metres.
        velocity: east, north in metres per second.
        velocity_error: m/s, one standard deviation of each of the two.
    """

    at: float
    position: _Vector
    velocity: _Vector
    velocity_error: float


@dataclass(frozen=True, slots=True)
class _State:
    position: _Vector
    velocity: _Vector
    spread: _Symmetric


def smoothed(fixes: Sequence[Fix], origin: LatLon) -> list[Moving]:
    """Position and velocity at each of `fixes` (times strictly growing), in metres from `origin`."""
    began = fixes[0].at
    times = [(fix.at - began).total_seconds() for fix in fixes]
    predicted: list[_State] = []
    filtered: list[_State] = []
    state = _State(origin.east_north_to(fixes[0].where), (0.0, 0.0), (1e4, 0.0, FIRST_SPEED_ERROR**2))
    for number, fix in enumerate(fixes):
        if number:
            state = _ahead(state, times[number] - times[number - 1])
        predicted.append(state)
        state = _after(state, fix, origin)
        filtered.append(state)
    back = [filtered[-1]]
    for number in range(len(fixes) - 2, -1, -1):
        step = times[number + 1] - times[number]
        back.append(_behind(filtered[number], predicted[number + 1], back[-1], step))
    return [
        Moving(at=at, position=s.position, velocity=s.velocity, velocity_error=max(s.spread[2], 0.0) ** 0.5)
        for at, s in zip(times, reversed(back), strict=True)
    ]


def _ahead(s: _State, step: float) -> _State:
    pp, pv, vv = s.spread
    q = ACCELERATION_PSD
    spread = (
        pp + 2 * step * pv + step * step * vv + q * step**3 / 3,
        pv + step * vv + q * step * step / 2,
        vv + q * step,
    )
    position = (s.position[0] + step * s.velocity[0], s.position[1] + step * s.velocity[1])
    return _State(position, s.velocity, spread)


def _after(s: _State, fix: Fix, origin: LatLon) -> _State:
    """The state once a fix is known."""
    noise = ((fix.accuracy or USUAL_ACCURACY_METRES) / SQRT2) ** 2
    east, north = origin.east_north_to(fix.where)
    pp, pv, vv = s.spread
    kp, kv = pp / (pp + noise), pv / (pp + noise)
    away = (east - s.position[0], north - s.position[1])
    position = (s.position[0] + kp * away[0], s.position[1] + kp * away[1])
    velocity = (s.velocity[0] + kv * away[0], s.velocity[1] + kv * away[1])
    pp, pv, vv = (1 - kp) * pp, (1 - kp) * pv, vv - kv * pv
    if fix.speed is None or fix.heading is None:
        return _State(position, velocity, (pp, pv, vv))
    stated = fix.speed * sin(radians(fix.heading)), fix.speed * cos(radians(fix.heading))
    kp, kv = pv / (vv + DOPPLER_ERROR**2), vv / (vv + DOPPLER_ERROR**2)
    off = (stated[0] - velocity[0], stated[1] - velocity[1])
    position = (position[0] + kp * off[0], position[1] + kp * off[1])
    velocity = (velocity[0] + kv * off[0], velocity[1] + kv * off[1])
    return _State(position, velocity, (pp - kp * pv, (1 - kv) * pv, (1 - kv) * vv))


def _behind(s: _State, predicted: _State, later: _State, step: float) -> _State:
    """The state once everything later is known as well."""
    pp, pv, vv = s.spread
    a, b, c = predicted.spread
    det = a * c - b * b
    # gain = P F^T (predicted P)^-1, with F = [[1, step], [0, 1]]
    top, bottom = (pp + step * pv, pv), (pv + step * vv, vv)
    g11, g12 = (top[0] * c - top[1] * b) / det, (top[1] * a - top[0] * b) / det
    g21, g22 = (bottom[0] * c - bottom[1] * b) / det, (bottom[1] * a - bottom[0] * b) / det
    dp = [later.position[i] - predicted.position[i] for i in (0, 1)]
    dv = [later.velocity[i] - predicted.velocity[i] for i in (0, 1)]
    da, db, dc = later.spread[0] - a, later.spread[1] - b, later.spread[2] - c
    spread = (
        pp + g11 * g11 * da + 2 * g11 * g12 * db + g12 * g12 * dc,
        pv + g11 * g21 * da + (g11 * g22 + g12 * g21) * db + g12 * g22 * dc,
        vv + g21 * g21 * da + 2 * g21 * g22 * db + g22 * g22 * dc,
    )
    return _State(
        (s.position[0] + g11 * dp[0] + g12 * dv[0], s.position[1] + g11 * dp[1] + g12 * dv[1]),
        (s.velocity[0] + g21 * dp[0] + g22 * dv[0], s.velocity[1] + g21 * dp[1] + g22 * dv[1]),
        spread,
    )
