"""An uploaded recording becomes a pass with its cases; stopped or killed anywhere it goes on, once."""

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import av
import pytest

from api.patrols.inlet import Plan, announced
from api.work.patrol_recordings import RecordedPasses
from cases.patrolling.recording import Recording, RecordingState
from inference.detections import Detections
from inference.frame import ImageBGR, SizeWH
from tests.patrol_drive import START, Drive, Town
from tests.patrolled_house import VEHICLE, PatrolledHouse
from tests.web_house import build_house

DRIVE = Drive(begins=-25.0, ends=30.0, every=0.25)
FPS = 4


@dataclass(kw_only=True)
class Remembering(Town):
    """A town whose detector knows what is in a picture of the drive by its number, which is drawn into a corner."""

    seen: list[Detections] = field(default_factory=list[Detections])

    def detect(self, picture: ImageBGR, full_wh: SizeWH | None = None) -> Detections:
        if picture.shape[1::-1] != self.size:
            return self.seen[0]  # a quarter of a picture, in which people and vehicles are looked for
        cells = [float(picture[:8, 8 * bit : 8 * bit + 8].mean()) > 127 for bit in range(10)]
        return self.seen[sum(1 << bit for bit, on in enumerate(cells) if on)]


def filmed(town: Remembering, path: Path) -> bytes:
    """The drive as a video of four pictures a second."""
    with av.open(path, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.width, stream.height = town.size
        stream.options = {"crf": "18", "g": "4"}
        for number, frame in enumerate(town.frames(DRIVE, VEHICLE)):
            assert town.shown is not None
            town.seen.append(town.shown)
            pixels = frame.picture.bgr().copy()
            for bit in range(10):
                pixels[:8, 8 * bit : 8 * bit + 8] = 255 if number >> bit & 1 else 0
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="bgr24")))
        container.mux(stream.encode(None))
    return path.read_bytes()


def gpx(town: Town) -> bytes:
    fixes = town.track(DRIVE, hz=1.0).fixes
    points = "".join(
        f'<trkpt lat="{f.where.lat}" lon="{f.where.lon}"><time>{f.at:%Y-%m-%dT%H:%M:%S.%fZ}</time></trkpt>'
        for f in fixes
    )
    head = '<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1"><trk><trkseg>'
    return f"{head}{points}</trkseg></trk></gpx>".encode()


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> tuple[Remembering, bytes]:
    town = Remembering()
    town.add("garbage", 12, -4.5)
    return town, filmed(town, tmp_path_factory.mktemp("film") / "a.mp4")


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
    recording = uploaded(patrolled, street[1], gpx(street[0]))
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
    recording, stop = uploaded(patrolled, street[1], gpx(street[0])), threading.Event()
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
