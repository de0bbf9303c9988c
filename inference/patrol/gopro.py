"""The track that a GoPro writes into its own video: GPS5 (up to Hero 10 and Max) or GPS9 (from Hero 11 on)."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from av.container import InputContainer
from av.error import FFmpegError

from inference.datum import Datum
from inference.errors import TrackNotReadable
from inference.geo import LatLon
from inference.patrol.csv_track import GOPRO_TIME, LEAST_FIX
from inference.patrol.fix import METRES_PER_DOP, Fix
from inference.patrol.gpmf import Block, Damaged, streams
from inference.patrol.raw_track import RawTrack, anchored, checked_count, plausible
from inference.patrol.report import Oddity
from inference.sources.video_container import opened_video

GPS9_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
DOP_SCALE = 100.0
UNKNOWN_DOP = 99.99
"""What a GoPro writes while it knows no place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoProRow:
    """One fix before all times are known.

    Attributes:
        second: of the recording.
        stated: aware UTC, as the receiver says; may be old.
        where: WGS84.
        speed: metres per second.
        dop: dilution of precision, where it is known.
    """

    second: float
    stated: datetime | None
    where: LatLon
    speed: float
    dop: float | None


def read_gopro(path: Path, datum: Datum) -> RawTrack:
    """The fixes of a GoPro's own track, timed by the recording's clock and put into UTC by the receiver's.

    Args:
        path: of the video.
        datum: must be WGS84.

    Raises:
        TrackNotReadable: no GoPro's track in it, or none that ever knew a place.
        SourceNotReadable: no video.
    """
    if datum is not Datum.WGS84:
        raise TrackNotReadable(f"{path} is a GoPro's track, which is always WGS84; leave the other coordinates out.")
    oddities: Counter[Oddity] = Counter()
    rows: list[GoProRow] = []
    packets = 0
    with opened_video(path) as (container, _):
        for number, (second, length, data) in enumerate(_packets(container), start=1):
            packets = number
            try:
                rows += packet_fixes(data, second, length, oddities)
            except Damaged as damage:
                if number == 1:
                    raise TrackNotReadable(
                        f"{path}, packet 1 of its track, {damage}; copy the video again."
                    ) from damage
                oddities[Oddity.DAMAGED] += 1
            checked_count(path, len(rows))
    if not packets:
        raise TrackNotReadable(f"{path} carries no GoPro track; give one with --track (GPX, NMEA or CSV).")
    began = anchored([row.second for row in rows], [row.stated for row in rows])
    if began is None:
        raise TrackNotReadable(f"{path} carries a GoPro track that never knew its place and time; give another track.")
    fixes = [
        Fix(
            at=began + timedelta(seconds=row.second),
            where=row.where,
            speed=row.speed,
            accuracy=row.dop * METRES_PER_DOP if row.dop else None,
        )
        for row in rows
    ]
    return RawTrack(fixes=fixes, oddities=oddities, starts_with_video=rows[0].second)


def has_gopro_track(path: Path) -> bool:
    """Whether a video carries a GoPro's track.

    Raises:
        SourceNotReadable: no video.
    """
    with opened_video(path) as (container, _):
        return any(True for _ in _packets(container))


def _packets(container: InputContainer) -> Iterator[tuple[float, float, bytes]]:
    """Second, length in seconds and bytes of each packet of the GPMF stream."""
    data_streams = [stream for stream in container.streams if stream.type == "data"]
    if not data_streams:
        return
    try:
        for packet in container.demux(*data_streams):
            if packet.size and packet.pts is not None:
                data = bytes(packet)
                if data[:4] == b"DEVC":
                    yield float(packet.pts * packet.time_base), float((packet.duration or 0) * packet.time_base), data
    except FFmpegError:
        return  # the video breaks off; whoever reads its pictures says so


def packet_fixes(data: bytes, second: float, length: float, oddities: Counter[Oddity]) -> Iterator[GoProRow]:
    """The fixes of one packet of the track, spread evenly over it.

    Args:
        data: of the packet.
        second: of the recording, at which it begins.
        length: seconds until the next one.
        oddities: counts what is left out.

    Raises:
        Damaged: at which byte.
    """
    for stream in streams(data):
        if "GPS9" in stream:
            found = _gps9(stream)
        elif "GPS5" in stream:
            found = _gps5(stream)
        else:
            continue
        rows = list(found)
        for number, (stated, fix, dop, place) in enumerate(rows):
            if fix < LEAST_FIX:
                oddities[Oddity.NO_FIX] += 1
                continue
            try:
                where, speed = LatLon(lat=place[0], lon=place[1]), max(0.0, place[2])
            except ValueError:
                oddities[Oddity.DAMAGED] += 1
                continue
            yield GoProRow(
                second=second + length * number / len(rows),
                stated=stated,
                where=where,
                speed=speed,
                dop=dop if dop is not None and 0 < dop < UNKNOWN_DOP else None,
            )


_Found = tuple[datetime | None, float, float | None, tuple[float, float, float]]  # time, fix, DOP, (lat, lon, m/s)


def _gps5(stream: dict[str, Block]) -> Iterator[_Found]:
    """Latitude, longitude, altitude, speed on the plane, speed in space; time, fix and DOP once a packet."""
    scale = _scale(stream, 5)
    stated = _stated(stream["GPSU"].text()) if "GPSU" in stream else None
    fix = next(iter(stream["GPSF"].numbers()), 0.0) if "GPSF" in stream else 0.0
    dop = next(iter(stream["GPSP"].numbers()), 0.0) / DOP_SCALE if "GPSP" in stream else None
    for row in stream["GPS5"].rows("lllll"):
        yield stated, fix, dop, (row[0] / scale[0], row[1] / scale[1], row[3] / scale[3])


def _gps9(stream: dict[str, Block]) -> Iterator[_Found]:
    """As GPS5, then days since 2000, seconds of the day, DOP, fix."""
    scale = _scale(stream, 9)
    for row in stream["GPS9"].rows("lllllllSS"):
        values = [value / by for value, by in zip(row, scale, strict=True)]
        try:
            stated = plausible(GPS9_EPOCH + timedelta(days=values[5], seconds=values[6]))
        except (ValueError, OverflowError):
            stated = None
        yield stated, values[8], values[7], (values[0], values[1], values[3])


def _scale(stream: dict[str, Block], count: int) -> list[float]:
    numbers = stream["SCAL"].numbers() if "SCAL" in stream else []
    if len(numbers) != count or 0 in numbers:
        raise Damaged(f"its scale (SCAL) has {len(numbers)} numbers instead of {count} that are not 0")
    return numbers


def _stated(text: str) -> datetime | None:
    try:
        return plausible(datetime.strptime(text, GOPRO_TIME).replace(tzinfo=UTC))
    except ValueError:
        return None
