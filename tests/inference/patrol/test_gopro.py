"""The track that newer GoPros write into their videos (GPS9): each row has its own time, fix and dilution."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from inference.patrol.gopro import has_gopro_track, packet_fixes
from inference.patrol.gpmf import Damaged
from inference.patrol.readers import read_track
from inference.patrol.report import Oddity
from tests.gopro_film import A_PACKET, BEGAN, SCALE, film, gps9
from tests.patrol_tracks import HERE


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
