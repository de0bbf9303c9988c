"""Photographs that carry their positions make a track of their own."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from inference.errors import TrackNotReadable
from inference.frame import Frame
from inference.geo import LatLon
from inference.patrol.photos import photo_track
from inference.patrol.report import Oddity
from inference.sources.pictures import ArrayPicture

BEGAN = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
HERE = LatLon(lat=31.2304, lon=121.4737)


class Walk:
    """Pictures two seconds apart, as a folder gives them."""

    def __init__(self, places: list[LatLon | None]) -> None:
        self._places = places

    def frames(self) -> Iterator[Frame]:
        picture = ArrayPicture(pixels=np.zeros((9, 16, 3), np.uint8))
        for number, where in enumerate(self._places):
            at = BEGAN + timedelta(seconds=2 * number)
            yield Frame(camera="phone", captured_at=at, pts=2.0 * number, picture=picture, position=where)

    def close(self) -> None:
        """Nothing is open."""


def test_the_way_of_a_walk_is_read_from_its_pictures() -> None:
    walk = [HERE.moved(0, 3.0 * step) for step in range(12)]
    reading = photo_track(Path("walk"), Walk([*walk[:4], None, *walk[5:]]))
    assert reading.report.oddities == {Oddity.NO_FIX: 1}
    pose = reading.track.at(BEGAN + timedelta(seconds=8))
    assert pose is not None
    assert pose.where.metres_to(walk[4]) < 2
    assert pose.heading is not None
    assert min(pose.heading, 360 - pose.heading) < 25


def test_pictures_without_positions_need_a_track() -> None:
    with pytest.raises(TrackNotReadable, match="--track"):
        photo_track(Path("walk"), Walk([None, None]))
