"""A GPS receiver's track of a drive, with its errors: drift, noise, jumps, gaps and a clock that is off."""

import csv
import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from inference.geo import LatLon
from training.render.drive import Drive, GpsReceiver, Pass, Ride

COLUMNS = ("t_s", "lat", "lon", "alt_m", "speed2d_mps", "speed3d_mps", "gps_utc", "fix", "dop_x100")
"""As action cameras' tracks are usually exported; `gps_utc` is yymmddHHMMSS.fff."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """One position, as the receiver reports it.

    Attributes:
        t: seconds since what the track's clock takes for the beginning of the clip.
        place: WGS84, wrong by the receiver's errors.
        speed: metres a second.
        at: when, aware.
    """

    t: float
    place: LatLon
    speed: float
    at: datetime


def fixes(drive: Drive, run: Pass) -> list[Fix]:
    """The track of one pass; the same seed gives the same errors."""
    spec, ride, ground = drive.gps, Ride(drive, run), drive.place.whereabouts()
    rng = np.random.default_rng((drive.seed, run.seed, round(run.starts)))
    begins = drive.start + timedelta(seconds=run.starts)
    times = np.arange(int(run.seconds * spec.hz) + 1) / spec.hz
    errors = _errors(spec, len(times), rng)
    rows: list[Fix] = []
    for t, (dx, dy) in zip(times.tolist(), errors.tolist(), strict=True):
        if any(low <= t < high for low, high in spec.gaps):
            continue
        x, y = ride.place(t)
        claimed = t + spec.offset
        speed = max(0.0, ride.speed(t) + float(rng.normal(0, 0.05)))
        rows.append(
            Fix(t=claimed, place=ground.at(x + dx, y + dy), speed=speed, at=begins + timedelta(seconds=claimed))
        )
    return rows


def _errors(spec: GpsReceiver, n: int, rng: np.random.Generator) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """(n, 2) metres."""
    keeps = math.exp(-1 / (spec.hz * spec.drift_seconds))
    steps = rng.normal(0, spec.drift * math.sqrt(1 - keeps**2), (n, 2))
    steps[0] = rng.normal(0, spec.drift, 2)
    drift = np.empty((n, 2))
    last = np.zeros(2)
    for k in range(n):
        last = keeps * last + steps[k]
        drift[k] = last
    white = rng.normal(0, spec.jitter, (n, 2))
    angle = rng.uniform(0, 2 * np.pi, n)
    jumps = (rng.random(n) < spec.outliers)[:, None] * spec.outlier_metres
    return drift + white + jumps * np.column_stack([np.cos(angle), np.sin(angle)])


def write_track(path: Path, rows: list[Fix]) -> None:
    """Write the fixes as CSV with `COLUMNS`."""
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(COLUMNS)
        for fix in rows:
            stamp = fix.at.astimezone(UTC).strftime("%y%m%d%H%M%S.%f")[:-3]
            table.writerow(
                (f"{fix.t:.3f}", f"{fix.place.lat:.7f}", f"{fix.place.lon:.7f}", "4.0", f"{fix.speed:.3f}",
                 f"{fix.speed:.3f}", stamp, 3, 120)
            )  # fmt: skip
