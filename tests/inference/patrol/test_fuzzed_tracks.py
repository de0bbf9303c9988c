"""Damaged tracks of every form: a track, or one clear error, and never anything else.

`JIEXUN_FUZZED_TRACKS=10000` gives the promised number; the suite tries a few hundred. The same seed makes the same
damage.
"""

import os
import random
import struct
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from inference.errors import TrackNotReadable
from inference.patrol.gopro import packet_fixes
from inference.patrol.gpmf import Damaged
from inference.patrol.readers import read_track
from inference.patrol.report import TrackReading
from tests.patrol_tracks import csv_text, gpx_text, klv, nmea_text

TRACKS = int(os.environ.get("JIEXUN_FUZZED_TRACKS", "320"))
FORMS: dict[str, Callable[[], str]] = {".gpx": gpx_text, ".nmea": nmea_text, ".csv": csv_text}
NASTY = (
    b"NaN", b"inf", b"-inf", b"1e999", b"-1e999", b"true", b'"5"', b"", b"0", b"-0", b"9" * 400, b"\x00", b"\xff",
    b"\xed\xa0\x80", b"<", b"&", b"&#0;", b"]]>", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;", b"<trkpt>", b"</gpx>",
    b"$", b"*", b",", b"\n", b"9999-12-31T23:59:59Z", b"0001-01-01T00:00:00Z", b"2026-02-30T00:00:00Z",
    b"2026-05-14T04:00:00+99:99", b"180", b"-180.0001", b"91", "１２".encode(), "\u202e".encode(),
)  # fmt: skip


def damaged(data: bytes, rng: random.Random) -> bytes:
    """The file after one to six mutations."""
    parts = bytearray(data)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(parts) + 1)
        end = min(len(parts), at + rng.choice((1, 2, 4, 8, 40, 200)))
        match rng.randrange(6):
            case 0:
                parts[at:at] = rng.choice(NASTY)
            case 1:
                parts[at:end] = rng.choice(NASTY)
            case 2:
                del parts[at:end]
            case 3:
                parts[at:at] = parts[at:end] * rng.randint(1, 30)
            case 4:
                for place in range(at, end):
                    parts[place] ^= 1 << rng.randrange(8)
            case _:
                del parts[at:]
    return bytes(parts)


def outcome(path: Path) -> TrackReading | str:
    """What was read, or the sentence that says why not."""
    try:
        return read_track(path)
    except TrackNotReadable as error:
        return str(error)


@pytest.mark.parametrize("suffix", FORMS)
def test_a_damaged_file_gives_a_track_or_one_sentence(suffix: str, tmp_path: Path) -> None:
    whole, path = FORMS[suffix]().encode(), tmp_path / f"track{suffix}"
    outcomes: Counter[str] = Counter()
    for seed in range(TRACKS // 4):
        path.write_bytes(damaged(whole, random.Random(f"{suffix}{seed}")))
        found = outcome(path)
        if isinstance(found, str):
            assert str(path) in found, seed
            assert found.endswith("."), seed
            assert len(found) < 600, seed
            outcomes["refused"] += 1
            continue
        track, report = found.track, found.report
        assert report.kept == len(track.fixes) <= report.read, seed
        assert all(track.at(fix.at) is not None for fix in track.fixes[:: max(1, len(track.fixes) // 5)]), seed
        track.at(track.start + timedelta(seconds=0.37))
        outcomes["read"] += 1
    assert min(outcomes.values()) > 0, outcomes  # the damage is neither harmless nor always fatal


def test_a_damaged_packet_of_a_gopro_gives_fixes_or_says_where_it_is_damaged() -> None:
    rows = b"".join(struct.pack(">5i", 312304000 + n, 1214737000 - n, 4000, 8000, 800) for n in range(18))
    blocks = (
        klv("GPSF", "L", 4, struct.pack(">I", 3)) + klv("GPSU", "U", 16, b"260514040000.000")
        + klv("GPSP", "S", 2, struct.pack(">H", 150))
        + klv("SCAL", "l", 4, struct.pack(">5i", 10_000_000, 10_000_000, 1000, 1000, 100)) + klv("GPS5", "l", 20, rows)
    )  # fmt: skip
    packet = klv("DEVC", "", 1, klv("STRM", "", 1, blocks))
    assert len(list(packet_fixes(packet, 0.0, 1.0, Counter()))) == 18
    outcomes: Counter[str] = Counter()
    for seed in range(TRACKS // 4):
        data = damaged(packet, random.Random(f"gpmf{seed}"))
        try:
            found = list(packet_fixes(data, 0.0, 1.0, Counter()))
        except Damaged:
            outcomes["refused"] += 1
            continue
        assert all(0 <= row.second <= 1 and row.speed >= 0 for row in found), seed
        outcomes["read"] += 1
    assert min(outcomes.values()) > 0, outcomes
