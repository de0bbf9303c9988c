"""The demo's patrol drive is sent as if its second pass had just ended, once."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from api.demo import DEMO_DRIVE
from api.demo_drive import VEHICLE, send_drive
from cases.patrolling.recording import RecordingState
from inference.errors import SourceNotReadable
from inference.patrol.readers import read_track
from tests.web_house import House, build_house

pytestmark = pytest.mark.skipif(not (DEMO_DRIVE / "drive.json").is_file(), reason="no rendered drive is shipped")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = build_house(tmp_path)
    with house.store:
        yield house


def test_both_passes_wait_for_the_worker_with_their_tracks_and_belong_to_today(house: House) -> None:
    now = house.clock()
    for _ in range(2):
        send_drive(house.patrols, DEMO_DRIVE, now)
    first, second = sorted(house.store.patrols.recordings(), key=lambda one: one.name)
    assert {(one.vehicle, one.state) for one in (first, second)} == {(VEHICLE, RecordingState.WAITING)}
    tracks = [read_track(house.patrols.files.place(one, "track")).track for one in (first, second)]
    assert timedelta(0) < now - tracks[1].end < timedelta(minutes=2)
    assert tracks[1].start - tracks[0].start == timedelta(minutes=15)
    for one, track in zip((first, second), tracks, strict=True):
        assert one.started_at is not None
        assert abs(one.started_at - track.start) < timedelta(milliseconds=2)


def test_a_drive_that_is_missing_is_told_in_words(house: House, tmp_path: Path) -> None:
    with pytest.raises(SourceNotReadable, match="holds no whole drive"):
        send_drive(house.patrols, tmp_path, house.clock())
