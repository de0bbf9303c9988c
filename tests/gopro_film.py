"""Videos with the track that newer GoPros write into them (GPS9), made here."""

import struct
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from inference.patrol.gopro import GPS9_EPOCH
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
