"""A worker that shares cameras with others, made to be killed, stopped and woken in a process of its own."""

import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from api.store.store import SqlStore
from api.work.camera_run import Desk, Post
from api.work.crew import Crew
from api.work.leases import Leases, Rhythm
from api.work.opening import Reading
from cases.intake import Intake
from inference.camera import CameraView
from inference.detections import Box, Detections
from inference.evidence.folder import FolderStore
from inference.evidence.spool import FolderSpool
from inference.frame import Frame, ImageBGR, SizeWH
from inference.pipeline import Keeping, Seeing
from inference.rules.rule import Dwell
from inference.rules.table import all_rules
from inference.sources.source import Source
from inference.zones.zone import ZoneKind
from tests.case_builders import a_city
from tests.rigs.killer import Told
from tests.street import Street, zone

CAMERAS = ("east", "north", "south", "west")
SECONDS = 60
RHYTHM = Rhythm(beat=0.15, silent=0.6)
CAR = (300.0, 150.0, 420.0, 220.0)


class CarDetector:
    """Sees the car in every picture."""

    names: tuple[str, ...] = ("car",)

    def input_wh_for(self, size_wh: SizeWH) -> SizeWH:
        return size_wh

    def detect(self, picture: ImageBGR, full_wh: SizeWH | None = None) -> Detections:
        return Detections(
            xyxy=np.array([CAR], np.float32),
            confidence=np.array([0.8], np.float32),
            class_id=np.array([0], np.int64),
            names=self.names,
        )


@dataclass
class _Clip:
    """A street in which a car stands, a frame every so many real seconds."""

    camera: str
    after: float | None
    told: Told
    pause: float

    def frames(self) -> Iterator[Frame]:
        street = (
            Street().add("car", CAR).add("bus", (10, 260, 80, 330), place=_passing)
        )  # so that every frame is inspected, to the last
        for frame in street.frames(until=SECONDS, camera=self.camera):
            if self.after is None or frame.pts > self.after:
                self.told()
                time.sleep(self.pause)
                yield frame

    def close(self) -> None:
        pass


def work(database: str, folder: str, name: str, pause: float, once: bool, *, told: Told = lambda: None) -> None:
    """Share the cameras under `name` until killed, or until all that are ours have ended."""
    here, one_at_a_time = Path(folder), threading.Lock()

    def step() -> None:
        with one_at_a_time:
            told()

    def opened(address: str, camera: str, reading: Reading) -> Source:
        return _Clip(camera, reading.resume_after, step, pause)

    with SqlStore(database) as store:
        for camera in CAMERAS:
            (here / camera).mkdir(exist_ok=True)
        posts = [
            Post(view=CameraView(id=camera, zones=(zone(ZoneKind.NO_PARKING),)), address=str(here / camera))
            for camera in CAMERAS
        ]
        desk = Desk(
            seeing=Seeing(
                detector=CarDetector(), opens_at={"car": 0.35}, keeps_at=0.15, rules=all_rules(Dwell(override=12))
            ),
            keeping_of=lambda camera: Keeping(
                spool=FolderSpool(here / "spool" / camera),
                store=FolderStore(here / "evidence"),
                timezone=ZoneInfo("Asia/Shanghai"),
            ),
            intake=Intake(store, a_city(), clock=_now, new_id=lambda: os.urandom(16).hex()),
            memory_of=store.camera_memory,
            clock=_now,
            open_source=opened,
        )
        leases = Leases(store.leases, name, CAMERAS, clock=_now, rhythm=RHYTHM)
        Crew(posts, desk, leases, once=once).run()


def _passing(t: float) -> Box:
    return 10 + 8 * t, 260.0, 80 + 8 * t, 330.0


def _now() -> datetime:
    return datetime.now(UTC)
