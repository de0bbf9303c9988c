"""An uploaded recording becomes a pass with its cases; stopped or killed anywhere it goes on, once."""

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.patrols.inlet import Plan, announced
from api.work.patrol_recordings import MOST_DEATHS, RecordedPasses
from cases.patrolling.recording import Recording, RecordingState
from tests.patrol_drive import START, Drive
from tests.patrolled_house import VEHICLE, PatrolledHouse
from tests.rigs.filmed_drive import Remembering, filmed, gpx
from tests.web_house import build_house

DRIVE = Drive(begins=-25.0, ends=30.0, every=0.25)
FPS = 4


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> tuple[Remembering, bytes]:
    town = Remembering()
    town.add("garbage", 12, -4.5)
    frames = town.numbered(DRIVE, VEHICLE)
    return town, filmed(frames, tmp_path_factory.mktemp("film") / "a.mp4", fps=FPS, size=town.size)


@pytest.fixture
def patrolled(tmp_path: Path, street: tuple[Remembering, bytes]) -> Iterator[PatrolledHouse]:
    house = build_house(tmp_path)
    house.clock.now = START
    with house.store:
        yield PatrolledHouse(house, street[0])


def uploaded(patrolled: PatrolledHouse, video: bytes, track: bytes) -> Recording:
    inlet = patrolled.house.patrols
    plan = Plan(
        name="a.mp4",
        video=announced("a.mp4", len(video), hashlib.sha256(video).hexdigest()),
        track=announced("a.gpx", len(track), hashlib.sha256(track).hexdigest(), track=True),
        started_at=START,
    )
    recording = inlet.announce(VEHICLE, plan)
    inlet.append(recording, "track", 0, track)
    return inlet.append(recording, "video", 0, video)[0]


def worker(patrolled: PatrolledHouse) -> RecordedPasses:
    desk = patrolled.desk()
    return RecordedPasses(desk, desk.sites(), patrolled.house.patrols)


def test_a_recording_becomes_a_case_with_its_place_and_the_files_go(
    patrolled: PatrolledHouse, street: tuple[Remembering, bytes]
) -> None:
    recording = uploaded(patrolled, street[1], gpx(street[0], DRIVE))
    assert worker(patrolled).work(threading.Event())
    house = patrolled.house
    [case] = house.store.cases().items
    assert case.place is not None
    assert case.place.metres_to(patrolled.town.where(12, -4.5)) < 3
    [one] = house.store.patrols.passes()
    assert (one.id, one.ended, one.findings) == (recording.id, True, 1)
    done = house.store.patrols.recording(recording.id)
    assert done is not None
    assert done.state is RecordingState.DONE
    assert not house.patrols.files.is_whole(done)
    assert not worker(patrolled).work(threading.Event())


def test_stopped_after_every_picture_it_goes_on_and_finds_the_same_once(
    patrolled: PatrolledHouse, street: tuple[Remembering, bytes]
) -> None:
    recording, stop = uploaded(patrolled, street[1], gpx(street[0], DRIVE)), threading.Event()
    stop.set()
    runs = 0
    while worker(patrolled).work(stop) and runs < 100:
        runs += 1
    [one] = patrolled.house.store.patrols.passes()
    assert runs > 5
    assert (one.id, one.ended, one.findings) == (recording.id, True, 1)
    assert one.pictures == len(patrolled.house.store.patrols.track(one.id))
    assert patrolled.house.store.summary().cases == 1


def test_what_is_no_video_or_has_no_track_is_refused_with_its_reason(
    patrolled: PatrolledHouse, street: tuple[Remembering, bytes]
) -> None:
    recording = uploaded(patrolled, street[1], b"<gpx></gpx>")
    assert worker(patrolled).work(threading.Event())
    refused = patrolled.house.store.patrols.recording(recording.id)
    assert refused is not None
    assert refused.state is RecordingState.REFUSED
    assert "track.gpx" in refused.reason
    assert str(patrolled.house.folder) not in refused.reason


def test_a_recording_that_kills_process_after_process_at_one_place_is_set_aside(
    patrolled: PatrolledHouse, street: tuple[Remembering, bytes]
) -> None:
    deadly, stop = uploaded(patrolled, street[1], gpx(street[0], DRIVE)), threading.Event()
    stop.set()
    worker(patrolled).work(stop)  # looks at one picture and ends as it should
    files, [begun] = patrolled.house.patrols.files, patrolled.house.store.patrols.passes()
    for earlier in range(MOST_DEATHS):  # what a process leaves behind that dies with the next picture
        assert files.begin(deadly, begun.position) == earlier
    stop.clear()
    assert worker(patrolled).work(stop)
    refused = patrolled.house.store.patrols.recording(deadly.id)
    assert refused is not None
    assert refused.state is RecordingState.REFUSED
    assert f"{MOST_DEATHS} times at the same place" in refused.reason
    assert not worker(patrolled).work(stop)


def test_processes_that_die_further_on_each_time_are_no_fault_of_the_recording(
    patrolled: PatrolledHouse, street: tuple[Remembering, bytes]
) -> None:
    recording = uploaded(patrolled, street[1], gpx(street[0], DRIVE))
    files = patrolled.house.patrols.files
    for number in range(3 * MOST_DEATHS):
        assert files.begin(recording, float(number // 2)) == number % 2
    assert worker(patrolled).work(threading.Event())
    done = patrolled.house.store.patrols.recording(recording.id)
    assert done is not None
    assert done.state is RecordingState.DONE
