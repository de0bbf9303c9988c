"""What planning needs to know of this machine, measured by a short run."""

import re
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from datetime import timedelta
from itertools import islice
from pathlib import Path
from statistics import median

from api.bench.figures import figures
from api.bench.inspecting import STATUS
from api.bench.measuring import NOON, measure
from api.bench.planning import Costs
from api.bench.stages import Stage
from api.city.whole_picture import whole_picture_city
from api.errors import BenchError
from api.store.store import SqlStore
from api.store.upgrade import upgrade
from api.work.seeing import seeing
from cases.ports import CameraMemory
from inference.detector import OnnxDetector
from inference.evidence.spool import MemorySpool
from inference.pipeline import Inspector, Keeping
from inference.sources.video_file import VideoFile

CAMERAS_AT_ONCE = 8
LOOKS_EACH = 3
WRITES = 60
MEMORY_BYTES = 20_000
"""Of a camera with a few stays: mostly its reference picture."""


def measured_costs(
    clip: Path, detector: OnnxDetector, *, seconds: float, folder: Path, told: Callable[[float], None]
) -> Costs:
    """Costs on this machine.

    Args:
        clip: a video of a fixed camera.
        detector: the one that is planned with.
        seconds: how long to measure pictures.
        folder: where a small database may be made.
        told: is told the share that is done, 0..1.

    Raises:
        SourceNotReadable: not a video, or too short.
        BenchError: this system does not say how much memory a process has.
    """
    worker_mb, camera_mb = memory_of(clip, detector)
    write_ms = _write_ms(folder)
    found = figures(measured := measure(clip, detector, seconds=seconds, told=told))
    gate = found.path[Stage.GATE_LUMA].ms + found.path[Stage.GATE].ms
    return Costs(
        read_ms=found.path[Stage.READ].ms,
        gate_ms=gate,
        inspect_ms=found.whole.ms - found.gated.ms,
        write_ms=write_ms,
        key_interval=found.key_interval,
        inspected_share=1 - measured.gated_share,
        camera_mb=camera_mb,
        worker_mb=worker_mb,
    )


def _write_ms(folder: Path) -> float:
    """Time on the clock that one look takes to be written, flushed to the disk: writers queue, so that is the limit."""
    url = f"sqlite:///{folder}/writes.db"
    upgrade(url)
    spent: list[float] = []
    with SqlStore(url) as store:
        for number in range(WRITES):
            began = time.perf_counter()
            with store.transaction() as book:
                at = NOON + timedelta(seconds=number)
                memory = bytes(MEMORY_BYTES)
                book.remember(CameraMemory(camera=f"c{number % 8}", memory=memory, position=number, captured_at=at))
            spent.append(time.perf_counter() - began)
    return 1000 * median(spent)


def memory_of(clip: Path, detector: OnnxDetector) -> tuple[float, float]:
    """10^6 bytes of a worker without cameras, and what each camera adds while it is watched."""
    city = whole_picture_city("bench")
    sees = seeing(city, detector)
    before = _resident_mb()
    with ExitStack() as opened:
        watchers: list[Inspector] = []
        for _ in range(CAMERAS_AT_ONCE):
            keeping = Keeping(spool=MemorySpool(), store=MemorySpool(), timezone=city.calendar.zone)
            watchers.append(Inspector(city.view("bench"), sees, keeping))
            frames = VideoFile(clip, camera="bench", started_at=NOON).frames()
            opened.enter_context(closing(frames))
            for frame in islice(frames, LOOKS_EACH):
                watchers[-1].look(frame)
        after = _resident_mb()
    return before, max(0.1, (after - before) / CAMERAS_AT_ONCE)


def _resident_mb() -> float:
    if not STATUS.exists():
        raise BenchError("this system does not say how much memory a process has; give --costs, measured on Linux")
    return int(re.findall(r"^VmRSS:\s+(\d+) kB$", STATUS.read_text(encoding="utf-8"), re.MULTILINE)[0]) * 1024 / 1e6
