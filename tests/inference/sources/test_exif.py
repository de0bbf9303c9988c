from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.geo import LatLon
from inference.sources.exif import Exif, read_exif
from tests.rigs.clips import exif_block


@pytest.mark.parametrize("order", [">", "<"])
def test_reads_time_and_orientation_in_both_byte_orders(order: str) -> None:
    exif = read_exif(exif_block(taken_at="2026:05:01 08:30:00", orientation=6, order=order))
    assert exif == Exif(taken_at=datetime(2026, 5, 1, 8, 30, tzinfo=UTC), orientation=6)


def test_the_offset_in_the_picture_counts_before_the_zone_of_the_camera() -> None:
    shanghai = ZoneInfo("Asia/Shanghai")
    stated = read_exif(exif_block(taken_at="2026:05:01 08:30:00", offset="+02:00"), shanghai)
    unstated = read_exif(exif_block(taken_at="2026:05:01 08:30:00"), shanghai)
    assert stated.taken_at == datetime(2026, 5, 1, 8, 30, tzinfo=timezone(timedelta(hours=2)))
    assert unstated.taken_at == datetime(2026, 5, 1, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("taken_at", ["0000:00:00 00:00:00", "    :  :     :  :  ", "yesterday", "2026:13:40 99:00:00"])
def test_a_time_that_is_none_is_none(taken_at: str) -> None:
    assert read_exif(exif_block(taken_at=taken_at)).taken_at is None


def test_reads_the_position() -> None:
    rational = b"".join(n.to_bytes(4, "big") for n in (31, 1, 30, 1, 36, 1, 121, 1, 15, 1, 0, 1))
    entries = [(1, 2, 2, b"S\0\0\0"), (2, 5, 3, b"\0\0\0\x50"), (3, 2, 2, b"E\0\0\0"), (4, 5, 3, b"\0\0\0\x68")]
    gps = b"\0\x04" + b"".join(
        tag.to_bytes(2, "big") + kind.to_bytes(2, "big") + number.to_bytes(4, "big") + value
        for tag, kind, number, value in entries
    )
    main = b"MM\0\x2a\0\0\0\x08" + b"\0\x01" + b"\x88\x25\0\x04\0\0\0\x01\0\0\0\x1a" + bytes(4)
    assert len(main) == 26
    block = (main + gps).ljust(80, b"\0") + rational
    assert read_exif(block).position == LatLon(lat=-31.51, lon=121.25)


@given(st.binary(max_size=200), st.booleans())
def test_no_bytes_make_it_fail(tail: bytes, little: bool) -> None:
    head = b"II\x2a\0\x08\0\0\0" if little else b"MM\0\x2a\0\0\0\x08"
    read_exif(head + tail)
    read_exif(tail)


@given(st.integers(0, 200), st.binary(min_size=1, max_size=4))
def test_no_damage_makes_it_fail(place: int, damage: bytes) -> None:
    block = bytearray(exif_block(taken_at="2026:05:01 08:30:00", offset="+02:00"))
    block[place : place + len(damage)] = damage
    read_exif(bytes(block))
