"""Cameras at work side by side: what befalls one does not touch the others, and what passes is waited out."""

import threading
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from api.city.cameras import PUSH
from api.store.leases import Standing, WorkerSign
from api.work.camera_run import Desk, Post
from api.work.crew import Crew
from api.work.leases import Leases, Rhythm
from api.work.opening import Reading
from cases.intake import Intake
from cases.ports import CameraLease
from inference.camera import CameraView
from inference.errors import PictureRefused, SourceNotReadable, SourceUnreachable
from inference.evidence.spool import FolderSpool, MemorySpool
from inference.frame import Frame, ImageBGR, ImageLuma, SizeWH
from inference.pipeline import Keeping, Seeing
from inference.rules.rule import Dwell
from inference.rules.table import all_rules
from inference.sources.source import Source
from inference.zones.zone import ZoneKind
from tests.case_builders import CountedIds, HandClock, a_city
from tests.rigs.busy_store import BusyStore
from tests.rigs.camera_worker import CAR, CarDetector
from tests.rigs.memory_leases import MemoryLeases
from tests.street import Street, zone


class Damaged:
    """A picture whose header is whole and whose pixels are not."""

    size_wh = (640, 360)

    def luma(self, size_wh: SizeWH) -> ImageLuma:
        raise PictureRefused("the picture is damaged and cannot be decoded; send it again")

    def bgr(self, fit_wh: SizeWH | None = None) -> ImageBGR:
        raise PictureRefused("the picture is damaged and cannot be decoded; send it again")

    def original(self) -> None:
        return None


@dataclass
class Clip:
    """A recording that may fail once, behind its third picture."""

    fails: list[Exception] = field(default_factory=list[Exception])
    damaged: float | None = None
    sticks: bool = False
    opened: int = 0

    def frames(self) -> Iterator[Frame]:
        for frame in Street().add("car", CAR).frames(until=30, camera="cam"):
            if frame.pts == 6 and self.fails:
                raise self.fails.pop()
            yield replace(frame, picture=Damaged()) if frame.pts == self.damaged else frame

    def close(self) -> None:
        if self.sticks:
            self.sticks = False
            raise RuntimeError("it does not let itself be closed")


@dataclass
class Works:
    """A crew over clips, with everything in memory but the spool."""

    folder: Path
    clips: dict[str, Clip]
    store: BusyStore = field(default_factory=BusyStore)

    def run(self) -> Crew:
        posts = [
            Post(view=CameraView(id=name, zones=(zone(ZoneKind.NO_PARKING),)), address=str(self.folder / name))
            for name in self.clips
        ]
        for post in posts:
            Path(post.address).mkdir(exist_ok=True)
        crew = Crew(posts, self.desk())
        crew.run()
        return crew

    def desk(self) -> Desk:
        return Desk(
            seeing=Seeing(
                detector=CarDetector(), opens_at={"car": 0.35}, keeps_at=0.15, rules=all_rules(Dwell(override=12))
            ),
            keeping_of=lambda camera: Keeping(
                spool=FolderSpool(self.folder / "spool" / camera),
                store=MemorySpool(),
                timezone=ZoneInfo("Asia/Shanghai"),
            ),
            intake=Intake(self.store, a_city(), clock=HandClock(), new_id=CountedIds()),
            memory_of=self.store.memory_of,
            clock=HandClock(),
            open_source=self._open,
        )

    def found(self) -> list[str]:
        """Cameras of the findings."""
        return sorted(finding.camera for _, finding in self.store.book.found.values())

    def _open(self, address: str, camera: str, reading: Reading) -> Source:
        clip = self.clips[camera]
        clip.opened += 1
        return clip


@pytest.mark.parametrize(
    "failure",
    [SourceUnreachable("the camera does not answer; wait"), RuntimeError("something nobody thought of")],
)
def test_a_camera_that_fails_goes_on_where_it_was_and_holds_up_nobody(
    tmp_path: Path, failure: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    works = Works(tmp_path, {"east": Clip(fails=[failure]), "west": Clip()})
    crew = works.run()
    assert works.found() == ["east", "west"]
    assert works.clips["east"].opened == 2
    assert crew.given_up == {}
    assert "camera east starts again" in caplog.text


def test_a_source_that_cannot_be_closed_does_not_end_the_watch(tmp_path: Path) -> None:
    works = Works(tmp_path, {"east": Clip(sticks=True)})
    thread = threading.Thread(target=works.run, daemon=True)
    thread.start()
    thread.join(60)
    assert not thread.is_alive(), "nobody may watch the camera again"
    assert works.clips["east"].opened == 2
    assert works.found() == ["east"]


def test_a_source_that_is_wrong_is_given_up_and_the_others_go_on(tmp_path: Path) -> None:
    wrong = SourceNotReadable("no video; give a video file")
    works = Works(tmp_path, {"east": Clip(fails=[wrong]), "west": Clip()})
    assert works.run().given_up == {"east": "no video; give a video file"}
    assert works.found() == ["west"]


def test_a_database_that_is_away_for_a_moment_costs_no_finding(tmp_path: Path) -> None:
    works = Works(tmp_path, {"east": Clip()})
    works.store.away = 1
    works.run()
    assert works.found() == ["east"]


def test_a_damaged_picture_is_passed_over(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    works = Works(tmp_path, {"east": Clip(damaged=4.0)})
    works.run()
    assert works.found() == ["east"]
    assert works.clips["east"].opened == 1
    assert "camera east: a picture is passed over: the picture is damaged" in caplog.text


def test_two_cameras_that_show_the_same_keep_pictures_of_their_own(tmp_path: Path) -> None:
    works = Works(tmp_path, {"east": Clip(), "west": Clip()})
    works.run()
    east, west = ({p.name for p in (tmp_path / "spool" / c).glob("??/*")} for c in ("east", "west"))
    assert east == west != set()


def test_a_crew_without_cameras_has_nothing_to_do(tmp_path: Path) -> None:
    assert Works(tmp_path, {}).run().given_up == {}


@dataclass
class Robbed(MemoryLeases):
    """While the first worker slept, another one took its camera, and left again: it finds out with its second sign."""

    signs: int = 0

    def sign(
        self, me: WorkerSign, *, free: Collection[str], choose: Callable[[Standing], Collection[str]]
    ) -> tuple[CameraLease, ...]:
        self.signs += 1
        if self.signs == 2:
            self.held = {camera: replace(held, token=held.token + 1, worker=None) for camera, held in self.held.items()}
        return super().sign(me, free=free, choose=choose)


@dataclass
class Faulty(MemoryLeases):
    """Ends by a fault of ours once."""

    signs: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    faults: list[Exception] = field(default_factory=lambda: [KeyError("x")])

    def sign(
        self, me: WorkerSign, *, free: Collection[str], choose: Callable[[Standing], Collection[str]]
    ) -> tuple[CameraLease, ...]:
        self.signs.release()
        if self.faults:
            raise self.faults.pop()
        return super().sign(me, free=free, choose=choose)


def test_a_fault_in_a_sign_of_life_does_not_end_the_crew(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = Faulty()
    leases = Leases(store, "a", [], clock=HandClock(), rhythm=Rhythm(beat=0.01))
    crew = Crew([], Works(tmp_path, {}).desk(), leases)
    thread = threading.Thread(target=crew.run)
    thread.start()
    try:
        assert [store.signs.acquire(timeout=10) for _ in range(3)] == [True, True, True]
    finally:
        crew.stop()
        thread.join()
    assert "by a fault of ours" in caplog.text


@dataclass
class Mute:
    """A live camera that shows nothing until it is let go."""

    closed: threading.Event = field(default_factory=threading.Event)

    def frames(self) -> Iterator[Frame]:
        self.closed.wait()
        yield from ()

    def close(self) -> None:
        self.closed.set()


def test_a_camera_that_was_lost_and_is_ours_again_is_watched_anew(tmp_path: Path) -> None:
    opened, sources = threading.Semaphore(0), list[Mute]()

    def open_source(address: str, camera: str, reading: Reading) -> Source:
        sources.append(Mute())
        opened.release()
        return sources[-1]

    desk = replace(Works(tmp_path, {}).desk(), open_source=open_source)
    leases = Leases(Robbed(), "a", ["cam"], clock=HandClock(), rhythm=Rhythm(beat=0.01))
    crew = Crew([Post(view=CameraView(id="cam", zones=()), address=PUSH)], desk, leases)
    thread = threading.Thread(target=crew.run)
    thread.start()
    try:
        assert opened.acquire(timeout=10)
        assert opened.acquire(timeout=10), "nobody watches the camera under its new lease"
        assert sources[0].closed.is_set()
        assert (crew.watched, sources[1].closed.is_set()) == (("cam",), False)
    finally:
        crew.stop()
        for source in sources:
            source.close()
        thread.join()
