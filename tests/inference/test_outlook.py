"""A camera that looks elsewhere is noticed, and comes home only where that is right."""

from datetime import datetime, timedelta
from functools import cache

import pytest

from inference.frame import ImageLuma
from inference.outlook import Outlook
from inference.stays.registration import STILL, Registration, View, luma_size
from inference.zones.zone import ZoneKind
from tests.street import SIZE, START, Street, inspector, looks, zone

CAR = (300.0, 150.0, 420.0, 220.0)
KERB = zone(ZoneKind.NO_PARKING, points=((0, 0), (0.95, 0), (0.95, 0.95), (0, 0.95)))


def at(second: float) -> datetime:
    return START + timedelta(seconds=second)


@cache
def place(scenery: int) -> ImageLuma:
    """What the camera shows of one of several places."""
    return next(frame.picture.luma(luma_size(SIZE)) for frame in Street(scenery=scenery).frames(until=0))


def outlook(*, may_rehome: bool) -> Outlook:
    return Outlook(Registration(place(1)), may_rehome=may_rehome)


def goes_through(one: Outlook, *sceneries: int, since: float = 0, every: float = 2) -> list[View | None]:
    """Where it looks, or the new home it has found, look after look."""
    views: list[View | None] = []
    for i, scenery in enumerate(sceneries):
        now = at(since + i * every)
        views.append(one.look(place(scenery), now) or one.rehome(place(scenery), now))
    return views


def test_what_covers_the_camera_for_two_looks_has_not_turned_it_away() -> None:
    one = outlook(may_rehome=False)
    assert goes_through(one, 1, 2, 2) == [STILL, None, None]
    assert one.away_since is None
    assert goes_through(one, 1, 2, 2, since=6) == [STILL, None, None]
    assert one.away_since is None


def test_the_third_look_elsewhere_says_that_it_has_been_turned_away() -> None:
    one = outlook(may_rehome=False)
    goes_through(one, 1, 2, 2, 2, 2)
    assert one.away_since == at(6)
    assert goes_through(one, 1, since=10) == [STILL]
    assert one.away_since is None


def test_a_camera_without_drawn_zones_takes_a_new_view_that_holds_still_for_a_minute() -> None:
    one = outlook(may_rehome=True)
    views = goes_through(one, 1, *[2] * 8, every=10)
    assert views == [STILL, *[None] * 6, STILL, STILL]
    assert one.away_since is None
    assert one.look(place(1), at(90)) is None


def test_a_camera_that_still_turns_takes_no_new_view() -> None:
    one = outlook(may_rehome=True)
    turning = [2 + i // 5 for i in range(20)]  # less than a minute for each place
    assert goes_through(one, 1, *turning, every=10) == [STILL, *[None] * 20]


def test_a_camera_that_came_home_in_between_has_not_held_still() -> None:
    one = outlook(may_rehome=True)
    goes_through(one, 1, *[2] * 5, 1, every=10)
    assert goes_through(one, *[2] * 6, since=70, every=10) == [None] * 6


def test_two_looks_a_minute_apart_are_no_new_home() -> None:
    assert goes_through(outlook(may_rehome=True), 1, 2, 2, every=90) == [STILL, None, None]


def test_drawn_zones_hold_for_the_old_view_however_long_the_new_one_is_still() -> None:
    one = outlook(may_rehome=False)
    assert goes_through(one, 1, *[2] * 12, every=30) == [STILL, *[None] * 12]
    assert one.away_since == at(90)


@pytest.mark.parametrize("drawn", [False, True])
def test_a_turned_camera_finds_again_only_where_its_zones_cover_the_whole_picture(drawn: bool) -> None:
    street = Street(view=lambda t: (1.0, 400.0, 200.0) if t >= 20 else (1.0, 0.0, 0.0))
    street.add("car", CAR, until=20).add("car", (-120, -60, 0, 10), since=20)
    watcher = inspector(street, zones=(KERB if drawn else zone(ZoneKind.NO_PARKING),))
    seen = looks(street, watcher, until=110, every=5)
    late = [f.first_seen for look in seen[4:] for f in look.findings]
    assert late == ([] if drawn else [at(80)])
    assert (watcher.looks_away_since is not None) is drawn


def test_at_a_new_home_nothing_old_stands_and_a_restart_finds_it_again() -> None:
    street = Street(view=lambda t: (1.0, 400.0, 200.0) if t >= 20 else (1.0, 0.0, 0.0)).add("car", CAR)
    street.add("car", (-120, -60, 0, 10), since=20)
    watcher = inspector(street, zones=(zone(ZoneKind.KEEP_CLEAN),))
    for look in looks(street, watcher, until=15, every=5):
        assert len(look.entries) == 1
        assert watcher.memory()
    home = looks(street, watcher, since=20, until=80, every=5)[-1]
    assert [entry.stay.first_seen for entry in home.entries] == [at(80)]
    again = inspector(street, zones=(zone(ZoneKind.KEEP_CLEAN),), remembered=watcher.memory())
    assert not any(look.view_lost for look in looks(street, again, since=85, until=90, every=5))
