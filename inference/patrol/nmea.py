"""Tracks in NMEA 0183: what a receiver says on its serial line, RMC and GGA sentences of any talker."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import reduce
from pathlib import Path

from inference.datum import Datum
from inference.errors import TrackNotReadable
from inference.geo import LatLon
from inference.patrol.fix import METRES_PER_DOP, Fix
from inference.patrol.raw_track import RawTrack, checked_count, checked_file, plausible
from inference.patrol.report import Oddity

LONGEST_LINE = 1024
"""Bytes; the standard allows 82, with a time in front some loggers write more."""
KNOT = 1852.0 / 3600.0
"""Metres per second."""
HALF_DAY = 43_200


@dataclass(slots=True, kw_only=True)
class _Epoch:
    """What the sentences of one moment say. `second`: of the day."""

    second: float
    where: LatLon | None = None
    speed: float | None = None
    heading: float | None = None
    hdop: float | None = None
    valid: bool = True


def read_nmea(path: Path, datum: Datum) -> RawTrack:
    """One fix for every moment that a valid RMC or GGA sentence tells of.

    Args:
        path: of the log; lines may carry anything before the `$`.
        datum: must be WGS84; receivers know no other.

    Raises:
        TrackNotReadable: no RMC sentence, so that no date is known, or asked to convert.
    """
    if datum is not Datum.WGS84:
        raise TrackNotReadable(f"{path} is NMEA 0183, which is always WGS84; leave the other coordinates out.")
    log = _Log(path)
    with checked_file(path).open("rb") as file:
        while line := file.readline(LONGEST_LINE):
            log.take(line)
    log.finish()
    if log.date is None:
        raise TrackNotReadable(
            f"{path} has no valid RMC sentence (lines like $GPRMC,…*hh with a right checksum), so no date is known; "
            "let the receiver write RMC."
        )
    return RawTrack(fixes=log.fixes, oddities=log.oddities)


class _Log:
    """Collects sentences into epochs; GGA before the first RMC waits for its date."""

    def __init__(self, path: Path) -> None:
        self.fixes: list[Fix] = []
        self.oddities: Counter[Oddity] = Counter()
        self.date: datetime | None = None
        self._path = path
        self._undated: list[_Epoch] = []
        self._epoch: _Epoch | None = None
        self._last_second = 0.0

    def take(self, line: bytes) -> None:
        _, dollar, body = line.strip().rpartition(b"$")
        if not dollar:
            self.oddities[Oddity.DAMAGED] += bool(line.strip())
            return
        try:
            sentence, fields = _checked(body)
            if sentence == "RMC":
                self._rmc(fields)
            elif sentence == "GGA":
                self._gga(fields)
        except (ValueError, IndexError, OverflowError):
            self.oddities[Oddity.DAMAGED] += 1

    def finish(self) -> None:
        if self._epoch is not None:
            self._close(self._epoch)
            self._epoch = None

    def _rmc(self, fields: list[str]) -> None:
        """Time, status A or V, latitude, N/S, longitude, E/W, knots, course, date."""
        second, date = _second_of_day(fields[1]), _date(fields[9])
        place = _place(fields[3:7]) if fields[2] == "A" else None
        speed = float(fields[7]) * KNOT if fields[7] else None
        heading = float(fields[8]) % 360.0 if fields[8] else None
        epoch = self._at(second)
        self.date = date
        self._last_second = second
        self._date_waiting()
        epoch.valid = epoch.valid and fields[2] == "A"
        epoch.where, epoch.speed, epoch.heading = place or epoch.where, speed, heading

    def _gga(self, fields: list[str]) -> None:
        """Time, latitude, N/S, longitude, E/W, quality, satellites, HDOP."""
        second = _second_of_day(fields[1])
        place = _place(fields[2:6]) if fields[6] not in ("", "0") else None
        hdop = float(fields[8]) if fields[8] else None
        epoch = self._at(second)
        epoch.valid = epoch.valid and place is not None
        epoch.where, epoch.hdop = epoch.where or place, hdop

    def _at(self, second: float) -> _Epoch:
        """The epoch of a sentence; the one before is closed when another moment begins."""
        if self._epoch is not None and self._epoch.second != second:
            self._close(self._epoch)
            self._epoch = None
        if self._epoch is None:
            self._epoch = _Epoch(second=second)
        return self._epoch

    def _close(self, epoch: _Epoch) -> None:
        if self.date is None:
            self._undated.append(epoch)
            checked_count(self._path, len(self._undated))
            return
        day = self.date
        if epoch.second < self._last_second - HALF_DAY:  # a GGA after midnight, before the RMC that says so
            day += timedelta(days=1)
        self._add(epoch, day)

    def _date_waiting(self) -> None:
        if self.date is None:
            return
        for epoch in self._undated:
            before_midnight = epoch.second > self._last_second + HALF_DAY
            self._add(epoch, self.date - timedelta(days=1) if before_midnight else self.date)
        self._undated = []

    def _add(self, epoch: _Epoch, day: datetime) -> None:
        if epoch.where is None or not epoch.valid:
            self.oddities[Oddity.NO_FIX] += 1
            return
        checked_count(self._path, len(self.fixes) + 1)
        try:
            fix = Fix(
                at=plausible(day + timedelta(seconds=epoch.second)),
                where=epoch.where,
                speed=epoch.speed,
                heading=epoch.heading,
                accuracy=epoch.hdop * METRES_PER_DOP if epoch.hdop else None,
            )
        except (ValueError, OverflowError):
            self.oddities[Oddity.DAMAGED] += 1
        else:
            self.fixes.append(fix)


def _checked(body: bytes) -> tuple[str, list[str]]:
    """Kind of a sentence without its talker, and its fields, if the checksum (exclusive or of all bytes) is right.

    >>> _checked(b"GPGGA,1*4B")
    ('GGA', ['GPGGA', '1'])
    """
    payload, star, stated = body.partition(b"*")
    if not star or int(stated[:2], 16) != reduce(lambda a, b: a ^ b, payload, 0):
        raise ValueError("a sentence without a right checksum")
    fields = payload.decode("ascii").split(",")
    return fields[0][-3:], fields


def _second_of_day(text: str) -> float:
    """Seconds from hhmmss.ss."""
    hours, minutes, seconds = int(text[:2]), int(text[2:4]), float(text[4:])
    if not (0 <= hours < 24 and 0 <= minutes < 60 and 0 <= seconds < 61):
        raise ValueError(f"{text} is no time")
    return hours * 3600 + minutes * 60 + seconds


def _date(text: str) -> datetime:
    """The day from ddmmyy; 80 to 99 lie in the last century."""
    year = int(text[4:6])
    return datetime(1900 + year if year >= 80 else 2000 + year, int(text[2:4]), int(text[:2]), tzinfo=UTC)


def _place(fields: list[str]) -> LatLon:
    """A place from ddmm.mmmm, N/S, dddmm.mmmm, E/W."""
    lat, south, lon, west = fields
    return LatLon(lat=_degrees(lat, 2) * _sign(south, "N", "S"), lon=_degrees(lon, 3) * _sign(west, "E", "W"))


def _degrees(text: str, digits: int) -> float:
    minutes = float(text[digits:])
    if not 0 <= minutes < 60:
        raise ValueError(f"{text} is no angle")
    return int(text[:digits]) + minutes / 60.0


def _sign(text: str, positive: str, negative: str) -> int:
    if text not in (positive, negative):
        raise ValueError(f"{text} is neither {positive} nor {negative}")
    return 1 if text == positive else -1
