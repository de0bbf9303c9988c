"""Tracks in CSV: one fix a line, columns found by their names (docs/patrol.md lists them)."""

import csv
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from inference.datum import Datum, to_wgs84
from inference.errors import TrackNotReadable
from inference.patrol.fix import METRES_PER_DOP, Fix
from inference.patrol.raw_track import RawTrack, anchored, checked_count, checked_file, plausible
from inference.patrol.report import Oddity

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "time": ("time", "timestamp", "utc", "gps_utc"),
    "recording": ("t_s",),
    "lat": ("lat", "latitude"),
    "lon": ("lon", "lng", "longitude"),
    "speed": ("speed", "speed_mps", "speed2d_mps"),
    "speed_kmh": ("speed_kmh",),
    "heading": ("heading", "course", "bearing"),
    "accuracy": ("accuracy", "accuracy_m"),
    "hdop": ("hdop",),
    "dop_x100": ("dop_x100",),
    "fix": ("fix",),
}
"""What a column is for, and the names that it may have; capitals do not matter."""

KILOMETRE_PER_HOUR = 1 / 3.6
GOPRO_TIME = "%y%m%d%H%M%S.%f"
LEAST_FIX = 2
"""A `fix` of 0 or 1 knows no place; 2 and 3 know one, on the plane or in space."""
LONGEST_LINE = 4096
"""Characters."""


def read_csv(path: Path, datum: Datum) -> RawTrack:
    """One fix a line. Where `t_s` (seconds of the recording) is given, it counts and `time` only says when that began.

    Raises:
        TrackNotReadable: a wanted column is missing, or the text is no CSV in UTF-8.
    """
    rows = _Rows(path, datum)
    try:
        with checked_file(path).open(encoding="utf-8-sig", newline="") as file:
            head = file.readline(LONGEST_LINE)
            delimiter = max(",;\t", key=head.count)
            rows.name([name.strip().strip('"').lower() for name in head.split(delimiter)])
            while line := file.readline(LONGEST_LINE):
                if line.strip():
                    rows.take(next(csv.reader([line], delimiter=delimiter), []))
    except UnicodeDecodeError as error:
        raise TrackNotReadable(f"{path}, byte {error.start}: no UTF-8; save it as CSV in UTF-8.") from error
    return rows.track()


class _Rows:
    """Collects lines; they become fixes at the end, when all times are known."""

    def __init__(self, path: Path, datum: Datum) -> None:
        self._path = path
        self._datum = datum
        self._places: dict[str, int] = {}
        self._found: list[tuple[datetime | None, float | None, Callable[[datetime], Fix]]] = []
        self._oddities: Counter[Oddity] = Counter()

    def name(self, head: list[str]) -> None:
        for purpose, names in COLUMNS.items():
            place = next((head.index(name) for name in names if name in head), None)
            if place is not None:
                self._places[purpose] = place
        for purpose in ("time", "lat", "lon"):
            if purpose not in self._places:
                wanted = ", ".join(COLUMNS[purpose])
                raise TrackNotReadable(
                    f"{self._path}, line 1: no column for {purpose}; name one of {wanted}, not {', '.join(head)[:120]}."
                )

    def take(self, row: list[str]) -> None:
        checked_count(self._path, len(self._found) + 1)
        try:
            fix = self._cell(row, "fix")
            if fix and float(fix) < LEAST_FIX:
                self._oddities[Oddity.NO_FIX] += 1
                return
            stated = self._cell(row, "time")
            recording = self._cell(row, "recording")
            self._found.append(
                (
                    _time(stated) if stated else None,
                    float(recording) if recording else None,
                    self._fix(row),
                )
            )
        except (ValueError, OverflowError, OSError):
            self._oddities[Oddity.DAMAGED] += 1

    def track(self) -> RawTrack:
        """The fixes, in the order of the file."""
        on_recording = [(second, at, make) for at, second, make in self._found if second is not None]
        began = anchored([second for second, _, _ in on_recording], [at for _, at, _ in on_recording])
        if began is not None and len(on_recording) == len(self._found):
            fixes = [f for second, _, make in on_recording if (f := self._made(make, began, second)) is not None]
            return RawTrack(fixes=fixes, oddities=self._oddities, starts_with_video=on_recording[0][0])
        self._oddities[Oddity.NO_TIME] += sum(at is None for at, _, _ in self._found)
        fixes = [make(at) for at, _, make in self._found if at is not None]
        return RawTrack(fixes=fixes, oddities=self._oddities)

    def _made(self, make: Callable[[datetime], Fix], began: datetime, second: float) -> Fix | None:
        try:
            return make(plausible(began + timedelta(seconds=second)))
        except (ValueError, OverflowError):
            self._oddities[Oddity.DAMAGED] += 1
            return None

    def _fix(self, row: list[str]) -> Callable[[datetime], Fix]:
        """Everything but the time of a fix.

        Raises:
            ValueError: no fix.
        """
        heading, speed_kmh = self._number(row, "heading"), self._number(row, "speed_kmh")
        hdop, dop_x100 = self._number(row, "hdop"), self._number(row, "dop_x100")
        dop = hdop or (dop_x100 / 100 if dop_x100 else None)
        fix = Fix(
            at=datetime(2000, 1, 1, tzinfo=UTC),
            where=to_wgs84(float(self._cell(row, "lat")), float(self._cell(row, "lon")), self._datum),
            speed=speed_kmh * KILOMETRE_PER_HOUR if speed_kmh is not None else self._number(row, "speed"),
            heading=None if heading is None else heading % 360.0,
            accuracy=self._number(row, "accuracy") or (dop * METRES_PER_DOP if dop else None),
        )
        return lambda at: Fix(at=at, where=fix.where, speed=fix.speed, heading=fix.heading, accuracy=fix.accuracy)

    def _cell(self, row: list[str], purpose: str) -> str:
        place = self._places.get(purpose)
        return row[place].strip() if place is not None and place < len(row) else ""

    def _number(self, row: list[str], purpose: str) -> float | None:
        cell = self._cell(row, purpose)
        return float(cell) if cell else None


def _time(text: str) -> datetime:
    """ISO 8601, seconds since 1970, or as a GoPro writes it (yymmddhhmmss.sss).

    Raises:
        ValueError: none of them, or a time that no track has.
    """
    if "-" not in text and ":" not in text:
        if len(text.partition(".")[0]) == len("yymmddhhmmss"):
            return plausible(
                datetime.strptime(text, GOPRO_TIME if "." in text else GOPRO_TIME[:-3]).replace(tzinfo=UTC)
            )
        return plausible(datetime.fromtimestamp(float(text), UTC))
    return plausible(datetime.fromisoformat(text))
