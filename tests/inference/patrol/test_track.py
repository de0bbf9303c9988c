"""Clean tracks, and where a vehicle was between their fixes."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from math import cos, radians, sin

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.datum import Datum, bd09_of, gcj02_of, in_china, to_wgs84
from inference.geo import LatLon
from inference.patrol.alignment import LARGEST_OFFSET, aligned
from inference.patrol.cleaning import cleaned
from inference.patrol.fix import Fix
from inference.patrol.report import Oddity, TrackReport
from inference.patrol.track import LONGEST_BRIDGE_SECONDS, Track

BEGAN = datetime(2026, 5, 14, 4, 0, tzinfo=UTC)
HERE = LatLon(lat=31.2304, lon=121.4737)


def fix(second: float, east: float = 0.0, north: float = 0.0, **more: float) -> Fix:
    return Fix(at=BEGAN + timedelta(seconds=second), where=HERE.moved(east, north), **more)


def clean(fixes: Sequence[Fix]) -> tuple[Track, TrackReport]:
    track, report = cleaned(fixes, Counter())
    assert track is not None
    return track, report


def drive(seconds: int, speed: float = 8.0) -> list[Fix]:
    return [fix(second, east=speed * second) for second in range(seconds)]


def test_a_clean_drive_stays_as_it_is() -> None:
    track, report = clean(drive(60))
    assert (report.read, report.kept, report.oddities, report.gaps) == (60, 60, {}, ())
    assert track.metres == pytest.approx(8 * 59, rel=0.01)


def test_a_jump_goes_and_is_counted() -> None:
    fixes = drive(30)
    fixes[10] = fix(10, east=5_000)
    track, report = clean(fixes)
    assert report.oddities == {Oddity.IMPOSSIBLE_SPEED: 1}
    assert len(track.fixes) == 29


def test_a_wrong_first_fix_goes_when_the_others_agree() -> None:
    track, report = clean([fix(-1, north=80_000), *drive(30)])
    assert report.oddities == {Oddity.IMPOSSIBLE_SPEED: 1}
    assert track.start == BEGAN


def test_a_receiver_that_finds_itself_again_elsewhere_keeps_both_stretches() -> None:
    there = [fix(second, east=9_000 + 8 * second) for second in range(30, 60)]
    track, report = clean([*drive(30), *there])
    assert (len(track.fixes), report.oddities) == (60, {})


def test_duplicate_and_reversed_times_are_put_right_and_counted() -> None:
    fixes = drive(20)
    track, report = clean([*fixes[:10], fixes[9], *reversed(fixes[10:])])
    assert [f.at for f in track.fixes] == [f.at for f in fixes]
    assert report.oddities == {Oddity.DUPLICATE: 1, Oddity.REVERSED: 9}


def test_a_tunnel_is_bridged_while_it_is_short_and_a_gap_when_it_is_not() -> None:
    short, long = 8.0, LONGEST_BRIDGE_SECONDS + 8
    fixes = [f for f in drive(90) if not 20 < (f.at - BEGAN).seconds < 20 + short]
    fixes = [f for f in fixes if not 50 < (f.at - BEGAN).seconds < 50 + long]
    track, report = clean(fixes)
    [gap] = report.gaps
    assert (gap.start, gap.end) == (BEGAN + timedelta(seconds=50), BEGAN + timedelta(seconds=50 + long))
    assert gap.metres == pytest.approx(8 * long, rel=0.01)
    bridged, before = track.at(BEGAN + timedelta(seconds=24)), track.at(BEGAN + timedelta(seconds=19.5))
    assert bridged is not None
    assert before is not None
    assert bridged.bridged
    assert not before.bridged
    assert bridged.position_error > before.position_error + 3
    assert bridged.where.metres_to(HERE.moved(8 * 24, 0)) < 1
    assert track.at(BEGAN + timedelta(seconds=60)) is None


def test_a_pose_lies_on_the_way_and_points_along_it() -> None:
    rng = np.random.default_rng(5)
    jitter = rng.normal(0, 1.0, (80, 2))
    heading = 125.0
    fixes = [
        fix(s, 8 * s * sin(radians(heading)) + float(jitter[s, 0]), 8 * s * cos(radians(heading)) + float(jitter[s, 1]))
        for s in range(80)
    ]
    track = Track(fixes)
    for second in np.arange(10, 70, 1.7):
        pose = track.at(BEGAN + timedelta(seconds=float(second)))
        assert pose is not None
        assert pose.heading == pytest.approx(heading, abs=12)
        assert abs((pose.heading or 0.0) - heading) < 3.5 * pose.heading_error
        assert pose.speed == pytest.approx(8, abs=1.2)
        truth = HERE.moved(8 * second * sin(radians(heading)), 8 * second * cos(radians(heading)))
        assert pose.where.metres_to(truth) < 2.5


def test_a_vehicle_that_stands_points_where_it_pointed() -> None:
    waits = [fix(30 + second, east=8 * 29 + 0.3 * (-1) ** second) for second in range(30)]
    track = Track([*drive(30), *waits])
    pose = track.at(BEGAN + timedelta(seconds=55))
    assert pose is not None
    assert pose.heading == pytest.approx(90, abs=15)
    assert pose.speed < 1


def test_a_vehicle_that_has_never_moved_points_nowhere_unless_it_says_so() -> None:
    still = Track([fix(s) for s in range(20)]).at(BEGAN + timedelta(seconds=5))
    said = Track([fix(s, speed=0.0, heading=200.0) for s in range(20)]).at(BEGAN + timedelta(seconds=5))
    assert still is not None
    assert still.heading is None
    assert said is not None
    assert said.heading == 200


def test_before_and_after_a_track_nobody_knows() -> None:
    track = Track(drive(10))
    assert track.at(BEGAN - timedelta(seconds=0.1)) is None
    assert track.at(track.end + timedelta(seconds=0.1)) is None
    assert track.at(track.end) is not None
    assert track.shifted(5).start == BEGAN + timedelta(seconds=5)
    with pytest.raises(ValueError, match="at least one"):
        Track([])


places = st.builds(LatLon, lat=st.floats(4, 53), lon=st.floats(74, 134))


@given(places)
def test_chinese_coordinates_come_back(place: LatLon) -> None:
    assert in_china(place)
    for datum, shift in ((Datum.GCJ02, gcj02_of), (Datum.BD09, bd09_of)):
        shifted = shift(place)
        back = to_wgs84(shifted.lat, shifted.lon, datum)
        assert back.metres_to(place) < 0.5


@given(st.floats(-89, 89), st.floats(-180, 180), st.floats(-500, 500), st.floats(-500, 500))
def test_metres_east_and_north_come_back(lat: float, lon: float, east: float, north: float) -> None:
    place = LatLon(lat=lat, lon=lon)
    found = place.east_north_to(place.moved(east, north))
    assert found == pytest.approx((east, north), abs=0.01)


def stop_and_go(second: float) -> float:
    """m/s."""
    return max(0.0, 8 * sin(second / 9.0) + 3 * sin(second / 23.0 + 1))


def way(seconds: int, ahead: float) -> Track:
    fixes: list[Fix] = []
    along = 0.0
    for step in range(seconds * 5):
        second = step / 5
        along += stop_and_go(second) / 5
        fixes.append(fix(second + ahead, east=along))
    return Track(fixes)


@pytest.mark.parametrize("ahead", [-12.4, 0.0, 3.75, LARGEST_OFFSET - 1])
def test_the_clock_of_a_track_is_found_by_motion(ahead: float) -> None:
    rng = np.random.default_rng(3)
    motion = [
        (s, float(stop_and_go(s) ** 0.7 * (1 + rng.normal(0, 0.15)) + abs(rng.normal(0, 0.1))))
        for s in np.arange(0, 120, 0.25).tolist()
    ]
    found = aligned(motion, way(120, ahead), BEGAN)
    assert found.sure
    assert found.offset == pytest.approx(ahead, abs=0.5)


def test_where_nothing_tells_the_clock_is_left_alone_and_it_says_why() -> None:
    motion = [(s, 3.0) for s in np.arange(0, 120, 0.25).tolist()]
    steady = aligned(motion, Track(drive(120)), BEGAN)
    assert (steady.sure, steady.offset) == (False, 0.0)
    assert "too little" in steady.why
    assert not aligned(motion[:10], way(120, 0), BEGAN).sure
    noise = [(s, float(v)) for (s, _), v in zip(motion, np.random.default_rng(1).random(480), strict=True)]
    assert not aligned(noise, way(120, 0), BEGAN).sure
