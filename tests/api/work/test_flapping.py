"""Cameras that come and go all the time: nothing piles up, nobody is asked too often, every frame is accounted for.

JIEXUN_TEST_FLAPPING sets cameras and seconds, `40x120` and more before a release; 4x6 in the suite. With at least two
minutes the memory of the last three quarters must not grow by more than 1 % an hour and 3 MB of noise.
"""

import os
import threading
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from time import monotonic
from zoneinfo import ZoneInfo

import psutil
import pytest

from api.work.camera_run import Desk, Post
from api.work.crew import Crew
from api.work.hands import Hands
from cases.intake import Intake
from inference.camera import CameraView
from inference.evidence.spool import FolderSpool, MemorySpool
from inference.pipeline import Keeping, Seeing
from inference.rules.rule import Dwell
from inference.rules.table import all_rules
from inference.zones.zone import ZoneKind
from tests.case_builders import CountedIds, HandClock, a_city
from tests.rigs.busy_store import BusyStore
from tests.rigs.camera_worker import CarDetector
from tests.rigs.fakecam import FakeCamera, Manner
from tests.street import zone

CAMERAS, SECONDS = map(int, os.environ.get("JIEXUN_TEST_FLAPPING", "4x6").split("x"))
MOST_CONNECTS_PER_SECOND = 20
LONG_ENOUGH = 120


@contextmanager
def crew_of(cameras: list[FakeCamera], folder: Path, hands: Hands) -> Generator[Crew]:
    store = BusyStore()
    desk = Desk(
        seeing=Seeing(
            detector=CarDetector(), opens_at={"car": 0.35}, keeps_at=0.15, rules=all_rules(Dwell(override=12))
        ),
        keeping_of=lambda camera: Keeping(
            spool=FolderSpool(folder / camera), store=MemorySpool(), timezone=ZoneInfo("Asia/Shanghai")
        ),
        intake=Intake(store, a_city(), clock=HandClock(), new_id=CountedIds()),
        memory_of=store.memory_of,
        clock=lambda: datetime.now(UTC),
        hands=hands,
    )
    views = [CameraView(id=f"cam-{n}", zones=(zone(ZoneKind.NO_PARKING),)) for n in range(len(cameras))]
    crew = Crew([Post(view=v, address=c.url) for v, c in zip(views, cameras, strict=True)], desk)
    running = threading.Thread(target=crew.run)
    running.start()
    try:
        yield crew
    finally:
        crew.stop()
        running.join()


@pytest.mark.slow
def test_cameras_that_come_and_go_leave_nothing_behind(tmp_path: Path) -> None:
    random, process, hands = Random(7), psutil.Process(), Hands(2)
    with ExitStack() as stack:
        cameras = [stack.enter_context(FakeCamera(Manner.OK, fps=30, good_pictures=16)) for _ in range(CAMERAS)]
        before = (process.num_fds(), threading.active_count())
        sizes: list[tuple[float, int]] = []
        began = monotonic()
        with crew_of(cameras, tmp_path, hands):
            while (gone := monotonic() - began) < SECONDS:
                camera = random.choice(cameras)
                camera.manner = Manner.DROP if camera.manner is Manner.OK else Manner.OK
                threading.Event().wait(SECONDS / 200 + 0.05)
                sizes.append((gone, process.memory_info().rss))
        connects = sum(camera.connections for camera in cameras)
    assert connects <= MOST_CONNECTS_PER_SECOND * SECONDS + CAMERAS
    assert process.num_fds() <= before[0] + 5
    assert threading.active_count() <= before[1] + 5
    counts = hands.counts
    assert all(one.offered > 0 for one in counts.values())
    for one in counts.values():
        assert one.offered == one.inspected + one.gated + one.rested + one.shed + one.refused
        assert one.waiting == 0
    if SECONDS >= LONG_ENOUGH:
        late = [(at, size) for at, size in sizes if at >= SECONDS / 4]
        grown, hours = late[-1][1] - late[0][1], (late[-1][0] - late[0][0]) / 3600
        assert grown <= 0.01 * hours * late[0][1] + 3e6
