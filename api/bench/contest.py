"""Cameras for each core, ours and others', in one run on one clip, with what each of them finds."""

import multiprocessing
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from secrets import token_hex
from statistics import median

from api.bench.costing import memory_of
from api.bench.measuring import NOON
from api.bench.rivals import DecodeOnly, EveryFrameTracked, MotionRegions, Ours, Rival, race
from api.bench.street_events import Event, Score, score
from api.city.city import City
from api.clock import utc_now
from api.store.store import SqlStore
from api.store.upgrade import upgrade
from api.work.camera_run import Desk, Post, Watch
from api.work.pace import Paced
from api.work.seeing import seeing
from cases.intake import Intake
from inference.detector import OnnxDetector
from inference.evidence.folder import FolderStore
from inference.evidence.spool import FolderSpool
from inference.pipeline import Keeping
from inference.rules.rule import Dwell
from inference.sources.source import Source
from inference.sources.video_file import VideoFile

CAMERA = "kerb-day"
STEP = 2.0
"""Seconds of the clip that each goes on before it is the next one's turn: a key interval."""
ROUNDS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One way of watching.

    Attributes:
        name: what it is called.
        cameras_per_core: seconds of the stream for each second of one core.
        looks: pictures that its detector was given.
        score: of its events; None where it finds nothing by design.
    """

    name: str
    cameras_per_core: float
    looks: int
    score: Score | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """What came of it.

    Attributes:
        seconds: of the clip that were watched.
        lines: one for each way, ours the second.
        detect_ratio: share of our key pictures that got behind the gate, 0..1.
        camera_mb: memory for each of our cameras, 10^6 bytes.
        latency: for each finding of a live run, seconds from the moment its condition was met to its case being in the
            database; empty where none was made.
        scaling: throughput of two workers, divided by twice that of one; None where it was not measured.
    """

    seconds: float
    lines: tuple[Line, ...]
    detect_ratio: float
    camera_mb: float
    latency: tuple[float, ...]
    scaling: float | None

    def times(self, name: str) -> float | None:
        """By how much ours carries more cameras than another way."""
        others = {line.name: line.cameras_per_core for line in self.lines}
        return others[Ours.name] / others[name] if name in others else None


def contest(
    clip: Path,
    truth: Sequence[Event],
    city: City,
    model: Path,
    *,
    seconds: float,
    folder: Path,
    trainer: Path | None,
    live: bool,
    step: Callable[[str], Callable[[float], None]],
) -> Contest:
    """Measure everything.

    Args:
        clip: full size, with the camera `CAMERA` of `city`.
        truth: what is to be found in its first `seconds`.
        city: with a duty list.
        model: of our detector, with weights that the trainer can load.
        seconds: how much of the clip.
        folder: for databases and evidence.
        trainer: the Python that has ultralytics; None leaves `YOLO.track` out.
        live: play the clip once more as if a camera sent it, and measure two workers beside one.
        step: begins a step of the progress.

    Raises:
        BenchError: the trainer's process failed.
    """
    detector, view = OnnxDetector(model), city.view(CAMERA)
    with ExitStack() as opened:
        desk = opened.enter_context(_desk(city, detector, folder / "race"))
        ours = Ours(clip, view, desk.seeing, desk.keeping_of(CAMERA), desk.intake)
        rivals: list[Rival] = [DecodeOnly(clip), ours, MotionRegions(clip, view, detector)]
        if trainer is not None:
            rivals.append(EveryFrameTracked(clip, view, trainer, model))
        for rival in rivals:
            opened.enter_context(closing(rival))
        race(rivals, seconds=seconds, step=STEP, told=step("watching, each in turn"))
        lines = [_line(rival, seconds, truth) for rival in rivals]
        ratio = ours.looks / max(1, ours.pictures)
    _, camera_mb = memory_of(clip, detector)
    return Contest(
        seconds=seconds,
        lines=tuple(lines),
        detect_ratio=ratio,
        camera_mb=camera_mb,
        latency=_latency(clip, city, detector, folder / "live") if live else (),
        scaling=_scaling(clip, model, step("one worker, two workers")) if live else None,
    )


def _line(rival: Rival, seconds: float, truth: Sequence[Event]) -> Line:
    return Line(
        name=rival.name,
        cameras_per_core=seconds / rival.spent,
        looks=rival.looks,
        score=None if isinstance(rival, DecodeOnly) else score(rival.events, truth),
    )


@contextmanager
def _desk(city: City, detector: OnnxDetector, folder: Path) -> Generator[Desk]:
    """A worker's desk on a database of its own."""
    folder.mkdir(parents=True)
    url = f"sqlite:///{folder}/bench.db"
    upgrade(url)
    assert city.order is not None
    with SqlStore(url) as store:
        yield Desk(
            seeing=seeing(city, detector),
            keeping_of=lambda camera: Keeping(
                spool=FolderSpool(folder / "spool" / camera),
                store=FolderStore(folder / "evidence"),
                timezone=city.calendar.zone,
            ),
            intake=Intake(store, city.order, clock=utc_now, new_id=lambda: token_hex(16)),
            memory_of=store.camera_memory,
            clock=utc_now,
            open_source=lambda address, camera, _: _live(Path(address), camera),
        )


def _live(clip: Path, camera: str) -> Source:
    return Paced(VideoFile(clip, camera=camera, started_at=utc_now()), 1.0)


def _latency(clip: Path, city: City, detector: OnnxDetector, folder: Path) -> tuple[float, ...]:
    """From the rows themselves: when a case's finding was written, less when it had stood for the zone's dwell."""
    view = city.view(CAMERA)
    zones = {zone.id: zone for zone in view.zones}
    with _desk(city, detector, folder) as desk:
        watch = Watch(Post(view=view, address=str(clip)), desk)
        watch.run()
        with SqlStore(f"sqlite:///{folder}/bench.db") as store:
            found = store.findings(limit=200).items
    late: list[float] = []
    for each in found:
        finding = each.finding
        dwell = Dwell().seconds(finding.kind, zones[finding.zone], finding.object_class)
        written = (each.recorded_at - finding.last_seen) / timedelta(seconds=1)
        late.append(finding.seen_for - dwell + written)
    return tuple(late)


def _scaling(clip: Path, model: Path, told: Callable[[float], None]) -> float:
    """One worker and two workers in turn, on the clock: what two get done, divided by twice what one does."""
    one, two = list[float](), list[float]()
    for number in range(ROUNDS):
        one.append(_throughput(1, clip, model))
        two.append(_throughput(2, clip, model))
        told((number + 1) / ROUNDS)
    return median(two) / (2 * median(one))


def _throughput(workers: int, clip: Path, model: Path) -> float:
    """Clips a second that so many processes go through together."""
    context = multiprocessing.get_context("spawn")
    pipes = [context.Pipe() for _ in range(workers)]
    processes = [context.Process(target=_go_through, args=(theirs, clip, model), daemon=True) for _, theirs in pipes]
    for process in processes:
        process.start()
    for ours, _ in pipes:
        ours.recv()  # everybody has loaded the model
    began = time.monotonic()
    for ours, _ in pipes:
        ours.send("go")
    for ours, _ in pipes:
        ours.recv()
    spent = time.monotonic() - began
    for process in processes:
        process.join()
    return workers / spent


def _go_through(pipe: Connection, clip: Path, model: Path) -> None:
    """Inspect every key picture of the clip; what runs in a worker of `_throughput`."""
    detector = OnnxDetector(model)
    pipe.send("ready")
    pipe.recv()
    for frame in VideoFile(clip, camera=CAMERA, started_at=NOON).frames():
        size_wh = frame.picture.size_wh
        detector.detect(frame.picture.bgr(detector.input_wh_for(size_wh)), size_wh)
    pipe.send("done")
