"""The last pictures of a camera, and zones that change while it is at work."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from api.store.store import SqlStore
from api.work.drawn import DrawnViews
from api.work.ring import EVERY, MOST, PictureRing
from inference.camera import CameraView
from inference.errors import EvidenceError
from inference.frame import Frame
from inference.sources.still_picture import still_picture
from inference.zones.hours import Calendar
from tests.rigs.empty_database import empty_database
from tests.web_house import jpeg

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TINY = still_picture(jpeg(3, (32, 18)))


def frame(seconds: float) -> Frame:
    at = NOON + timedelta(seconds=seconds)
    return Frame(camera="gate", captured_at=at, pts=seconds, picture=TINY)


def test_pictures_are_kept_so_often_and_the_oldest_give_way(tmp_path: Path) -> None:
    ring, step = PictureRing(tmp_path / "gate"), EVERY.total_seconds() / 2
    assert ring.times() == ()
    assert ring.picture() is None
    for number in range(2 * MOST + 20):
        ring.offer(frame(number * step))
    times = PictureRing(tmp_path / "gate").times()
    assert len(times) == MOST
    assert times[-1] == NOON + (MOST + 9) * EVERY
    assert {later - earlier for earlier, later in pairwise(times)} == {EVERY}
    kept = ring.picture(times[3])
    assert kept is not None
    assert kept[0] == times[3]
    assert ring.picture(NOON - EVERY) is None


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "gate").write_text("in the way")
    with pytest.raises(EvidenceError, match="cannot be kept"):
        PictureRing(tmp_path / "gate").offer(frame(0))


def test_a_worker_goes_on_with_what_is_drawn_and_nothing_changes_while_nobody_draws(tmp_path: Path) -> None:
    plain = CameraView(id="gate", zones=())
    with SqlStore(empty_database(tmp_path / "jiexun.db")) as store:
        views = DrawnViews(cameras=store.cameras, calendar=Calendar(), every_seconds=0)
        assert views.view(plain) is plain
        zone = {"id": "kerb", "kind": "no_parking", "polygon": [[0, 0], [1, 0], [1, 1]]}
        store.cameras.draw("gate", {"zones": [zone]}, instead_of=0, by="Chen Yu")
        drawn = views.view(plain)
        assert [one.id for one in drawn.zones] == ["kerb"]
        assert views.view(plain) is drawn
        assert views.view(CameraView(id="mast", zones=())).zones == ()
