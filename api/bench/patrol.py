"""How much faster than real time a patrol's recording is inspected, on one core."""

import csv
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time

from api.city.whole_picture import whole_picture_city
from api.work.patrol_run import PatrolOptions, PatrolRun
from inference.datum import Datum
from inference.detector import OnnxDetector
from inference.evidence.spool import MemorySpool
from inference.geo import LatLon

DRIVES_SECONDS, STANDS_SECONDS = 40.0, 15.0
"""In turn: a patrol in a city stands at lights for about a quarter of its time."""
FIXES_A_SECOND = 2
BEGAN = datetime(2026, 5, 14, 4, 0, tzinfo=UTC)
LIMIT = 10.0
"""Times real time per core that are promised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PatrolCost:
    """What one recording took.

    Attributes:
        seconds: length of the recording.
        processor_seconds: of all threads together.
        metres: driven.
        pictures: inspected.
        findings: made.
    """

    seconds: float
    processor_seconds: float
    metres: float
    pictures: int
    findings: int

    @property
    def times_real_time(self) -> float:
        """Seconds of recording a core inspects in one."""
        return self.seconds / self.processor_seconds


def measure_patrol(clip: Path, track: Path, detector: OnnxDetector, mount: str = "") -> PatrolCost:
    """Inspect a recording as `jiexun inspect --track` does, without estimating the clocks' offset.

    Raises:
        SourceNotReadable: recording or track cannot be read.
    """
    options = PatrolOptions(
        track=track, offset=0.0, datum=Datum.WGS84, mount=mount, streets=None, started_at=BEGAN, every=None
    )
    began = process_time()
    run = PatrolRun(str(clip), "bench", whole_picture_city("bench", moving=True), detector, options, MemorySpool())
    findings = sum(map(len, run.findings(run.frames())))
    spent = process_time() - began
    return PatrolCost(
        seconds=run.seconds or 0.0,
        processor_seconds=spent,
        metres=run.reading.track.metres,
        pictures=run.inspector.counts.get("looked", 0),
        findings=findings,
    )


def write_way(path: Path, seconds: float, speed: float) -> Path:
    """A track for a recording that has none: it drives for 40 s at `speed` (m/s), stands for 15 s, and so on."""
    along, rows = 0.0, [("t_s", "time", "lat", "lon")]
    for number in range(int(seconds * FIXES_A_SECOND) + 1):
        second = number / FIXES_A_SECOND
        where = LatLon(lat=31.2304, lon=121.4737).moved(along, 0.0)
        at = BEGAN + timedelta(seconds=second)
        rows.append((f"{second:.2f}", at.isoformat(), f"{where.lat:.8f}", f"{where.lon:.8f}"))
        if second % (DRIVES_SECONDS + STANDS_SECONDS) < DRIVES_SECONDS:
            along += speed / FIXES_A_SECOND
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path
