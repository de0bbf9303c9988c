"""The track that newer GoPros write into their videos (GPS9): each row has its own time, fix and dilution."""

import struct
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from inference.patrol.gopro import GPS9_EPOCH, has_gopro_track, packet_fixes
from inference.patrol.gpmf import Damaged
from inference.patrol.readers import read_track
from inference.patrol.report import Oddity
from tests.patrol_tracks import HERE, klv

BEGAN = datetime(2026, 5, 14, 23, 59, 58, tzinfo=UTC)
SCALE = (10_000_000, 10_000_000, 1000, 1000, 100, 1, 1000, 100, 1)
A_PACKET = 10
"""Rows a second, as these cameras write."""


def gps9(begin: int, *, fix: int = 3, scale: Sequence[int] = SCALE) -> bytes:
    """The packet of one second: a vehicle that drives north at 8 m/s, 7e-5 degrees a second."""
    rows = bytearray()
    for number in range(A_PACKET):
        second = begin + number / A_PACKET
        day, in_day = divmod(BEGAN - GPS9_EPOCH + timedelta(seconds=second), timedelta(days=1))
        place = round((HERE.lat + 7e-5 * second) * 1e7), round(HERE.lon * 1e7)
        since = round(in_day / timedelta(milliseconds=1))
        rows += struct.pack(">7i2H", *place, 4000, 8000, 805, day, since, 120, fix)
    blocks = klv("SCAL", "l", 4, struct.pack(f">{len(scale)}i", *scale)) + klv("TYPE", "c", 1, b"lllllllSS")
    accelerations = klv("STRM", "", 1, klv("ACCL", "s", 6, struct.pack(">3h", 1, 2, 3)))
    return klv("DEVC", "", 1, accelerations + klv("STRM", "", 1, blocks + klv("GPS9", "?", 32, bytes(rows))))


def film(path: Path, packets: Sequence[bytes]) -> Path:
    """A video of one picture a second, with a packet beside each."""
    with av.open(path, "w", format="mp4") as container:
        video, data = container.add_stream("libx264", rate=1), container.add_data_stream("bin_data")
        video.width = video.height = 64
        for number, packet in enumerate(packets):
            black = np.zeros((64, 64, 3), np.uint8)
            container.mux(video.encode(av.VideoFrame.from_ndarray(black, format="bgr24")))
            beside = av.Packet(packet)
            beside.stream, beside.time_base = data, Fraction(1, 1000)
            beside.pts = beside.dts = 1000 * number
            beside.duration = 1000
            container.mux(beside)
        container.mux(video.encode(None))
    return path


def test_a_newer_gopro_s_video_carries_its_track_over_midnight(tmp_path: Path) -> None:
    path = film(tmp_path / "GX010001.mp4", [gps9(0, fix=0), *(gps9(second) for second in range(1, 5))])
    assert has_gopro_track(path)
    reading = read_track(path)
    assert (reading.report.read, reading.report.kept) == (5 * A_PACKET, 4 * A_PACKET)
    assert reading.report.oddities == {Oddity.NO_FIX: A_PACKET}
    first, *_, last = reading.track.fixes
    assert abs(first.at - BEGAN - timedelta(seconds=1)) < timedelta(milliseconds=60)
    assert last.at.date() > first.at.date()
    assert first.where.metres_to(HERE.moved(0, 7.8)) < 0.1
    assert (first.speed, first.accuracy) == (8.0, pytest.approx(3.0))
    assert 29 < reading.track.metres < 32


def test_every_row_says_itself_when_it_was_taken_and_whether_it_knew_its_place() -> None:
    rows = list(packet_fixes(gps9(3), 3.0, 1.0, Counter()))
    assert [row.stated for row in rows] == [BEGAN + timedelta(seconds=3 + n / A_PACKET) for n in range(A_PACKET)]
    assert [row.second for row in rows] == pytest.approx([3 + n / A_PACKET for n in range(A_PACKET)])
    assert {(row.speed, row.dop) for row in rows} == {(8.0, 1.2)}
    oddities: Counter[Oddity] = Counter()
    assert list(packet_fixes(gps9(3, fix=1), 3.0, 1.0, oddities)) == []
    assert oddities == {Oddity.NO_FIX: A_PACKET}


def test_a_scale_of_another_form_says_where_the_packet_is_damaged() -> None:
    with pytest.raises(Damaged, match=r"SCAL.*5 numbers instead of 9"):
        list(packet_fixes(gps9(0, scale=SCALE[:5]), 0.0, 1.0, Counter()))
