"""Recordings dropped into a vehicle's folder: taken when they are whole, once, never deleted; or set aside with why."""

import os
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.errors import PatrolError
from api.patrols.drop_folder import SET_ASIDE, TAKEN, WHY, DropFolder
from api.work.patrol_shift import Patrols
from cases.patrolling.recording import RecordingState
from tests.gopro_film import film, gps9
from tests.patrol_drive import START
from tests.patrolled_house import VEHICLE, PatrolledHouse
from tests.rigs.patrol_scenario import filmed_street
from tests.web_house import Clock, build_house


class Dropping:
    """A house with a folder for its vehicle, and a clock of the folder that can be set forward from now."""

    def __init__(self, patrolled: PatrolledHouse) -> None:
        self.house = patrolled.house
        self.clock = Clock(datetime.now(UTC))
        self.folder = self.house.folder / "drop"
        self.folder.mkdir()
        self.drop = DropFolder(vehicle=VEHICLE, folder=self.folder, inlet=replace(self.house.patrols, clock=self.clock))
        self.worker = Patrols(patrolled.desk, self.house.patrols, self.house.folder / "patrols", [self.drop])

    def drop_drive(self, name: str, video: bytes | None = None, track: bytes | None = None) -> None:
        """Write the drive, or something else, into the folder under a name."""
        street = filmed_street()
        (self.folder / f"{name}.mp4").write_bytes(street.video if video is None else video)
        (self.folder / f"{name}.gpx").write_bytes(street.track if track is None else track)

    def names(self, part: str = ".") -> list[str]:
        """Of files anywhere in a folder of the folder."""
        return sorted(path.name for path in (self.folder / part).rglob("*") if path.is_file())

    def states(self) -> list[RecordingState]:
        return [one.state for one in self.house.store.patrols.recordings()]

    def why(self) -> str:
        [why] = (self.folder / SET_ASIDE).rglob(WHY)
        return why.read_text(encoding="utf-8")


@pytest.fixture
def dropping(tmp_path: Path) -> Iterator[Dropping]:
    house = build_house(tmp_path)
    house.clock.now = START
    with house.store:
        yield Dropping(PatrolledHouse(house, filmed_street().town))


def test_a_recording_is_taken_once_it_is_whole_and_stays_where_people_find_it(dropping: Dropping) -> None:
    dropping.drop_drive("a")
    dropping.worker.run_once()
    assert dropping.states() == []  # it may still grow
    dropping.clock.forward(minutes=1)
    dropping.worker.run_once()
    assert dropping.states() == [RecordingState.DONE]
    [one] = dropping.house.store.patrols.passes()
    assert (one.vehicle, one.ended, one.findings) == (VEHICLE, True, 1)
    assert dropping.names(TAKEN) == dropping.names() == ["a.gpx", "a.mp4"]
    assert (dropping.folder / TAKEN / one.id / "a.mp4").read_bytes() == filmed_street().video
    assert list((dropping.house.folder / "patrols" / "recordings").iterdir()) == []


def test_a_copy_that_keeps_the_time_of_its_original_is_waited_for_as_well(dropping: Dropping) -> None:
    dropping.drop_drive("a")
    os.utime(dropping.folder / "a.mp4", (0, 0))
    assert dropping.drop.look() == 0


def test_the_same_recording_under_another_name_is_not_taken_again(dropping: Dropping) -> None:
    dropping.drop_drive("a")
    dropping.clock.forward(minutes=1)
    assert dropping.drop.look() == 1
    dropping.drop_drive("b")
    dropping.clock.forward(minutes=1)
    assert dropping.drop.look() == 0
    assert dropping.states() == [RecordingState.WAITING]
    assert dropping.names(TAKEN) == ["a.gpx", "a.mp4", "b.gpx", "b.mp4"]


def test_a_gopro_s_recording_needs_no_other_track(dropping: Dropping) -> None:
    film(dropping.folder / "GX010001.MP4", [gps9(second) for second in range(3)])
    dropping.clock.forward(minutes=1)
    dropping.worker.run_once()
    assert dropping.states() == [RecordingState.DONE]
    assert dropping.names(TAKEN) == ["GX010001.MP4"]


def test_a_video_waits_an_hour_for_its_track_and_may_be_dropped_again_with_it(dropping: Dropping) -> None:
    (dropping.folder / "a.mp4").write_bytes(filmed_street().video)
    dropping.clock.forward(minutes=10)
    assert dropping.drop.look() == 0
    assert dropping.names() == ["a.mp4"]
    dropping.clock.forward(hours=1)
    assert dropping.drop.look() == 0
    assert dropping.names(SET_ASIDE) == ["a.mp4", WHY]
    assert "no track lies in it or beside it" in dropping.why()
    dropping.drop_drive("a")
    dropping.clock.forward(minutes=1)
    assert dropping.drop.look() == 1


@pytest.mark.parametrize(
    ("video", "track", "said"),
    [
        (b"", None, "must have 1 to"),
        (b"no video", None, "broken.mp4"),
        (None, b"<gpx/>", "broken.gpx"),
    ],
)
def test_what_cannot_be_used_is_set_aside_with_one_sentence(
    dropping: Dropping, video: bytes | None, track: bytes | None, said: str
) -> None:
    dropping.drop_drive("broken", video, track)
    dropping.clock.forward(minutes=1)
    for _ in range(2):
        dropping.worker.run_once()
    assert dropping.names() == ["broken.gpx", "broken.mp4", WHY] == dropping.names(SET_ASIDE)
    assert said in dropping.why()
    assert dropping.why().count("\n") == 1
    assert not dropping.names(TAKEN)


def test_a_death_after_the_last_file_was_set_aside_does_not_stop_the_folder(dropping: Dropping) -> None:
    dropping.drop_drive("broken", b"no video")
    dropping.clock.forward(minutes=1)
    for _ in range(2):
        dropping.worker.run_once()
    [refused] = dropping.house.store.patrols.recordings()
    left = dropping.folder / TAKEN / refused.id
    left.mkdir()  # as it stands before it is removed
    why = dropping.why()
    dropping.drop_drive("a")
    dropping.clock.forward(minutes=1)
    dropping.worker.run_once()
    assert not left.exists()
    assert dropping.why() == why
    assert sorted(dropping.states()) == [RecordingState.DONE, RecordingState.REFUSED]


def test_a_folder_that_is_missing_is_told_and_the_others_are_looked_into(dropping: Dropping) -> None:
    missing = DropFolder(vehicle="patrol-8", folder=dropping.folder / "no", inlet=dropping.house.patrols)
    dropping.drop_drive("a")
    dropping.clock.forward(minutes=1)
    worker = Patrols(
        lambda: pytest.fail("no desk is needed"), dropping.house.patrols, dropping.folder, [missing, dropping.drop]
    )
    with pytest.raises(PatrolError, match="make it, or change `recordings` of patrol-8"):
        worker.run_once()
    assert dropping.states() == [RecordingState.WAITING]


def test_a_worker_at_work_looks_into_the_folder_by_itself(dropping: Dropping) -> None:
    dropping.drop_drive("a")
    dropping.clock.forward(minutes=1)
    stop = threading.Event()
    running = threading.Thread(target=dropping.worker.run, args=(stop,))
    running.start()
    try:
        until = time.monotonic() + 60
        while dropping.states() != [RecordingState.DONE] and time.monotonic() < until:
            stop.wait(0.05)
    finally:
        stop.set()
        running.join()
    assert dropping.states() == [RecordingState.DONE]
