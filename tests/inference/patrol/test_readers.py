"""Tracks from files: every form, what is left out, and clear errors."""

import struct
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from inference.datum import Datum, bd09_of, gcj02_of
from inference.errors import TrackNotReadable
from inference.geo import LatLon
from inference.patrol.gpmf import Block, Damaged, streams
from inference.patrol.readers import read_track
from inference.patrol.report import Oddity
from tests.patrol_tracks import BEGAN, HERE, gpx, klv, nmea, point

Shift = Callable[[LatLon], LatLon]


def written(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_gpx_with_speed_course_and_dilution_in_any_name_space(tmp_path: Path) -> None:
    extension = (
        '<hdop>1.2</hdop><extensions><g:TrackPointExtension xmlns:g="urn:x"><g:speed>8.5</g:speed>'
        "<g:course>360.0</g:course></g:TrackPointExtension></extensions>"
    )
    reading = read_track(written(tmp_path, "a.gpx", gpx(point(0, inner=extension), point(1))))
    first, second = reading.track.fixes
    assert (first.at, first.where, first.speed, first.heading) == (BEGAN, HERE, 8.5, 0.0)
    assert first.accuracy == pytest.approx(3.0)
    assert (second.speed, second.heading, second.accuracy) == (None, None, None)


def test_gpx_counts_what_it_leaves_out(tmp_path: Path) -> None:
    timeless = f'<trkpt lat="{HERE.lat}" lon="{HERE.lon}"></trkpt>'
    text = gpx(point(0), timeless, point(1, lat="NaN"), point(2, lat=91), point(3))
    report = read_track(written(tmp_path, "a.gpx", text)).report
    assert (report.read, report.kept) == (5, 2)
    assert report.oddities == {Oddity.NO_TIME: 1, Oddity.DAMAGED: 2}


def test_a_gpx_that_breaks_off_is_read_up_to_there(tmp_path: Path) -> None:
    text = gpx(*(point(second) for second in range(10)))
    report = read_track(written(tmp_path, "a.gpx", text[: text.rindex("<trkpt") + 20])).report
    assert report.kept == 9
    assert report.oddities[Oddity.BROKEN_OFF] == 1


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.gpx", gpx(point(0), head='<!DOCTYPE gpx [<!ENTITY a "aaaa">]>'), "document type"),
        ("a.gpx", "<gpx>" + "<a>" * 100, "deep"),
        ("a.gpx", gpx(point(0)).replace("</trk>", "</trkk>"), "line 1"),
        ("a.gpx", gpx(), "no track point"),
        ("a.gpx", "lat,lon", "line 1"),
        ("a.nmea", "hello\n$GPRMC,1*00\n", "RMC"),
        ("a.csv", "lat,lon\n1,2\n", "time"),
        ("a.csv", "time,lat,lon\nnever,1,2\n", "1 damaged"),
        ("a.csv", b"time,lat,lon\n\xff\xfe", "UTF-8"),
        ("a.csv", "", "empty"),
        ("a.txt", "x", ".gpx"),
    ],
)
def test_an_error_names_the_file_and_says_what_is_wrong(
    tmp_path: Path, name: str, text: str | bytes, said: str
) -> None:
    path = written(tmp_path, name, text)
    with pytest.raises(TrackNotReadable, match=said) as caught:
        read_track(path)
    assert str(path) in str(caught.value)


def test_nmea_takes_place_and_speed_from_rmc_and_dilution_from_gga(tmp_path: Path) -> None:
    lines = nmea(
        "GNGGA,040000.00,3113.8240,N,12128.4220,E,1,12,0.8,4.0,M,,M,,",
        "GNRMC,040000.00,A,3113.8240,N,12128.4220,E,16.2,90.5,140526,,,A",
        "GNRMC,040001.00,V,,,,,,,140526,,,N",
        "BDRMC,040002.00,A,3113.8240,N,12128.4230,E,16.2,,140526,,,A",
        "GPGSV,1,1,00",
    )
    reading = read_track(written(tmp_path, "a.nmea", lines + "noise\n$GPRMC,040003.00,A*00\n"))
    first, second = reading.track.fixes
    assert first.at == BEGAN
    assert first.where.metres_to(HERE) < 1
    assert first.speed == pytest.approx(8.334, abs=0.001)
    assert (first.heading, first.accuracy) == (90.5, 2.0)
    assert second.at == BEGAN + timedelta(seconds=2)
    assert reading.report.oddities == {Oddity.NO_FIX: 1, Oddity.DAMAGED: 2}


def test_nmea_runs_over_midnight(tmp_path: Path) -> None:
    lines = nmea(
        "GPGGA,235959.00,3113.8240,N,12128.4220,E,1,8,1.0,,M,,M,,",
        "GPRMC,235959.00,A,3113.8240,N,12128.4220,E,1,90,140526,,,A",
        "GPGGA,000000.00,3113.8240,N,12128.4220,E,1,8,1.0,,M,,M,,",
        "GPGGA,000001.00,3113.8240,N,12128.4220,E,1,8,1.0,,M,,M,,",
        "GPRMC,000001.00,A,3113.8240,N,12128.4220,E,1,90,150526,,,A",
    )
    track = read_track(written(tmp_path, "a.nmea", lines)).track
    midnight = datetime(2026, 5, 15, tzinfo=UTC)
    assert [fix.at - midnight for fix in track.fixes] == [timedelta(seconds=s) for s in (-1, 0, 1)]


@pytest.mark.parametrize(
    "time", ["2026-05-14T04:00:00Z", "2026-05-14T12:00:00+08:00", "1778731200", "260514040000.000"]
)
def test_csv_understands_usual_times_and_column_names(tmp_path: Path, time: str) -> None:
    text = f"Timestamp;Latitude;LNG;speed_kmh;course\n{time};{HERE.lat};{HERE.lon};36;-90\n"
    [fix] = read_track(written(tmp_path, "a.csv", text)).track.fixes
    assert (fix.at, fix.where, fix.speed, fix.heading) == (BEGAN, HERE, pytest.approx(10.0), 270.0)


@pytest.mark.parametrize(("datum", "shift"), [(Datum.GCJ02, gcj02_of), (Datum.BD09, bd09_of)])
def test_coordinates_of_chinese_maps_are_converted_at_the_edge(tmp_path: Path, datum: Datum, shift: Shift) -> None:
    given = shift(HERE)
    assert given.metres_to(HERE) > 300
    path = written(tmp_path, "a.csv", f"time,lat,lon\n2026-05-14T04:00:00Z,{given.lat!r},{given.lon!r}\n")
    assert read_track(path, datum).track.fixes[0].where.metres_to(HERE) < 0.01
    away = written(tmp_path, "b.csv", "time,lat,lon\n2026-05-14T04:00:00Z,48.2,16.37\n")
    assert read_track(away, datum).track.fixes[0].where == LatLon(lat=48.2, lon=16.37)


def test_gpmf_blocks_are_read_and_damage_names_its_byte() -> None:
    stream = klv("STRM", "", 1, klv("SCAL", "l", 4, struct.pack(">2i", 10, 7)) + klv("STNM", "c", 1, b"GPS"))
    [found] = streams(klv("DEVC", "", 1, stream))
    assert found["SCAL"].numbers() == [10.0, 7.0]
    assert found["STNM"].text() == "GPS"
    with pytest.raises(Damaged, match="byte 0"):
        list(streams(klv("DEVC", "", 1, stream)[:-4]))
    with pytest.raises(Damaged, match="rows of 3 bytes"):
        list(Block(key="GPS5", kind="l", size=3, data=b"123456", offset=8).rows("l"))
