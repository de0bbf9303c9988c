"""Two passes of patrol vehicles, an uploaded recording and live frames: clients that send until all is acknowledged,
and a worker that looks. A run that goes on after a death sends everything again and comes to the same end."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from api.city.city import City, load_city
from api.patrols.drop_folder import SET_ASIDE, WHY, DropFolder
from api.patrols.inlet import PatrolInlet, Plan, announced
from api.store.store import SqlStore
from api.work.pass_spools import SITES, PassSpools
from api.work.patrol_shift import Patrols
from cases.patrolling.recording import RecordingState
from inference.evidence.folder import FolderStore
from inference.findings import ViolationKind
from inference.patrol.fix import Fix
from inference.patrol.pass_memory import read_site
from inference.patrol.site_book import SiteBook
from tests.patrol_drive import START, Drive
from tests.patrolled_house import VEHICLE, PatrolledHouse, as_jpeg
from tests.rigs.checker import assert_all_is_there_once
from tests.rigs.filmed_drive import Remembering, filmed, gpx
from tests.web_house import CITY, Clock, House

RECORDED = Drive(begins=-25.0, ends=30.0, every=0.25)
LIVE = Drive(begins=-25.0, ends=30.0, every=0.5, starts=1800.0, seed=2)
OTHER = "patrol-8"
FPS, AT_ONCE = 4, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Filmed:
    """What the vehicles took: a heap beside the street and a car at the kerb, each seen in both passes."""

    town: Remembering
    video: bytes
    track: bytes
    frames: Sequence[tuple[Fix, bytes]]


@cache
def filmed_street() -> Filmed:
    """The street as both vehicles saw it, made once."""
    town = Remembering()
    town.add("garbage", 12, -4.5).add("car", 20, 3.3)
    recorded, track = town.numbered(RECORDED, VEHICLE), town.track(LIVE)
    with TemporaryDirectory() as folder:
        video = filmed(recorded, Path(folder) / "a.mp4", fps=FPS, size=town.size)
    frames: list[tuple[Fix, bytes]] = []
    for frame in town.numbered(LIVE, OTHER):
        if (pose := track.at(frame.captured_at)) is not None:
            fix = Fix(at=frame.captured_at, where=pose.where, speed=pose.speed, heading=pose.heading, accuracy=2.5)
            frames.append((fix, as_jpeg(frame.picture.bgr())))
    return Filmed(town=town, video=video, track=gpx(town, RECORDED), frames=frames)


@cache
def patrolled_city() -> City:
    """Read once."""
    return load_city(CITY)


def send_and_look(url: str, folder: Path, evidence: Path) -> None:
    """Send what is not acknowledged yet, look at everything, and end both passes."""
    street, clock = filmed_street(), Clock(START)
    with SqlStore(url) as store:
        house = House(store=store, evidence=FolderStore(evidence), city=patrolled_city(), folder=folder, clock=clock)
        patrolled = PatrolledHouse(house, street.town)
        later = replace(house.patrols, clock=_long_after_now)
        drop = DropFolder(vehicle=VEHICLE, folder=dropped(folder), inlet=later)
        worker = Patrols(patrolled.desk, house.patrols, folder / "patrols", [drop])
        upload(house.patrols, street)
        worker.run_once()
        live = patrolled.live()
        for number, (fix, data) in enumerate(street.frames):
            clock.now = fix.at
            house.patrols.take(OTHER, fix, data)
            if number % AT_ONCE == 0:
                live.work()
        clock.now += timedelta(minutes=10)
        worker.run_once()


def dropped(folder: Path) -> Path:
    """A folder with a recording that is none, dropped once."""
    place = folder / "drop"
    for name, data in {"broken.gpx": filmed_street().track, "broken.mp4": b"no video"}.items():
        place.mkdir(exist_ok=True)
        if not any(place.rglob(name)):
            (place / name).write_bytes(data)
    return place


def _long_after_now() -> datetime:
    return datetime.now(UTC) + timedelta(hours=1)


def upload(inlet: PatrolInlet, street: Filmed) -> None:
    """Announce the recording and send what is missing of it, in parts."""
    parts = {"track": street.track, "video": street.video}
    track = announced("a.gpx", len(street.track), hashlib.sha256(street.track).hexdigest(), track=True)
    video = announced("a.mp4", len(street.video), hashlib.sha256(street.video).hexdigest())
    recording = inlet.announce(VEHICLE, Plan(name="a.mp4", video=video, track=track, started_at=START))
    recording = inlet.settled(recording)
    for name, data in parts.items():
        while recording.state is RecordingState.RECEIVING and (at := inlet.files.offset(recording, name)) < len(data):
            recording, _ = inlet.append(recording, name, at, data[at : at + len(data) // 3 + 1])


def assert_both_passes_are_whole(store: SqlStore, folder: Path, evidence: FolderStore) -> None:
    """Whatever died when: each picture once, each matter one case, and nothing left behind but what sites need."""
    street = filmed_street()
    assert_all_is_there_once(store, evidence, [], {})
    kinds = sorted(case.kind or "" for case in store.cases().items)
    assert kinds == [ViolationKind.EXPOSED_GARBAGE, ViolationKind.ILLEGAL_PARKING]
    assert store.summary().findings == 2
    live, recorded = store.patrols.passes()
    assert (live.vehicle, recorded.vehicle, live.ended, recorded.ended) == (OTHER, VEHICLE, True, True)
    assert live.findings + recorded.findings == 2
    tracks = {one.id: store.patrols.track(one.id) for one in (live, recorded)}
    assert all(one.pictures == len(tracks[one.id]) for one in (live, recorded))
    assert [(p.at, p.frame) for p in tracks[live.id]] == _sent(street)
    assert [p.at for p in tracks[recorded.id] if p.looked] == sorted({p.at for p in tracks[recorded.id] if p.looked})
    by_name = {recording.name: recording for recording in store.patrols.recordings()}
    assert {name: one.state for name, one in by_name.items()} == {
        "a.mp4": RecordingState.DONE,
        "broken.mp4": RecordingState.REFUSED,
    }
    assert by_name["a.mp4"].id == recorded.id
    assert sorted(path.name for path in (folder / "drop").rglob("*") if path.is_file()) == [
        "broken.gpx",
        "broken.mp4",
        WHY,
    ]
    assert (folder / "drop" / SET_ASIDE / by_name["broken.mp4"].id / WHY).read_text(encoding="utf-8")
    assert _files(folder / "patrols") == []
    assert PassSpools(folder / "spool").passes() == ()
    kept = {path.name for path in (folder / "spool" / SITES).glob("??/*")}
    needed = SiteBook(map(read_site, store.patrols.sites())).pictures()
    assert needed <= kept
    assert len(kept - needed) <= 3  # pictures of the look before go with the next one


def _sent(street: Filmed) -> list[tuple[datetime, str]]:
    return [(fix.at, hashlib.sha256(data).hexdigest()) for fix, data in street.frames]


def _files(folder: Path) -> list[str]:
    """What waits there; drafts of a door that died are removed an hour later."""
    return [path.name for path in folder.rglob("*") if path.is_file() and path.name[0] != "."]
