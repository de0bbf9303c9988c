"""Frames that vehicles have sent, looked at in order of time, vehicle by vehicle."""

import logging
from collections.abc import Callable
from datetime import datetime

from api.errors import PatrolError
from api.patrols.waiting_frames import WaitingFrame, WaitingFrames
from api.work.patrol_looks import OpenPass, PatrolDesk
from cases.patrolling.passes import PAUSE, Pass, PassKind
from inference.errors import PictureRefused
from inference.frame import Frame
from inference.patrol.fix import Fix
from inference.patrol.inspector import CitySites
from inference.patrol.pose import Pose
from inference.patrol.track import Track
from inference.sources.jpeg_header import jpeg_header
from inference.sources.still_picture import still_picture

FIXES_KEPT = 20
"""Of a vehicle: enough for its way and heading."""

AT_ONCE = 50
"""Frames of one vehicle before the next vehicle has its turn."""

logger = logging.getLogger(__name__)


class LivePasses:
    """The live passes of all vehicles of one installation. Not thread safe.

    Args:
        desk: shared.
        sites: shared with all other passes of this process.
        frames: where they wait.
        clock: aware UTC, now.
    """

    def __init__(
        self, desk: PatrolDesk, sites: CitySites, frames: WaitingFrames, clock: Callable[[], datetime]
    ) -> None:
        self._desk = desk
        self._sites = sites
        self._frames = frames
        self._clock = clock
        self._open: dict[str, OpenPass] = {}
        self._fixes: dict[str, list[Fix]] = {}
        for vehicle in desk.mounts:
            last = desk.passes.latest(vehicle, PassKind.LIVE)
            if last is not None and not last.ended:
                self._resume(last)

    def work(self) -> int:
        """Look at some of what waits, and end passes of which nothing comes any more.

        Returns:
            How many frames were taken.

        Raises:
            EvidenceError: pictures cannot be kept.
            StoreError: nothing could be written down.
        """
        taken = 0
        for vehicle in self._frames.vehicles():
            if vehicle not in self._desk.mounts:
                continue
            for read in self._frames.oldest(vehicle, AT_ONCE):
                try:
                    frame = read()
                except PatrolError as error:
                    logger.error("%s", error)
                    break
                self._take(vehicle, frame)
                self._frames.done(frame)
                taken += 1
        self._end_old()
        return taken

    def _take(self, vehicle: str, frame: WaitingFrame) -> None:
        at = frame.fix.at
        one = self._open.get(vehicle)
        if (one is None or at <= one.now.last_at) and self._desk.passes.frame_at(vehicle, at) == frame.sha256:
            return  # written down before, by a worker that died before it had removed it
        if one is not None and one.now.is_over(at):
            self._end(vehicle)
            one = None
        if one is None:
            one = self._begin(vehicle, at)
        elif at <= one.now.last_at:
            one.only_note(at, frame.fix.where, frame.sha256)
            logger.warning("a frame of %s came after newer ones and is not inspected", vehicle)
            return
        pose = self._pose(vehicle, frame.fix)
        try:
            one.look(_picture(vehicle, frame), pose, frame.fix.where, frame.sha256)
        except PictureRefused as error:
            logger.warning("vehicle %s: a picture is passed over: %s", vehicle, error)
            one.only_note(at, frame.fix.where, frame.sha256)

    def _pose(self, vehicle: str, fix: Fix) -> Pose | None:
        fixes = self._fixes.setdefault(vehicle, [])
        fixes.append(fix)
        del fixes[:-FIXES_KEPT]
        return Track(fixes).at(fix.at)

    def _begin(self, vehicle: str, at: datetime) -> OpenPass:
        id = f"{vehicle}-{at:%Y%m%dT%H%M%S%f}"
        begun = Pass(id=id, vehicle=vehicle, kind=PassKind.LIVE, started_at=at, last_at=at)
        self._fixes[vehicle] = []
        self._open[vehicle] = OpenPass(self._desk, self._sites, begun)
        return self._open[vehicle]

    def _resume(self, last: Pass) -> None:
        self._open[last.vehicle] = OpenPass(self._desk, self._sites, last)
        track = self._desk.passes.end_of_track(last.id, FIXES_KEPT)
        self._fixes[last.vehicle] = [
            Fix(at=p.at, where=p.place, speed=p.speed, heading=p.heading, accuracy=p.off_metres) for p in track
        ]

    def _end_old(self) -> None:
        for vehicle, one in list(self._open.items()):
            if self._clock() - one.now.last_at > PAUSE and not self._frames.waiting(vehicle):
                self._end(vehicle)

    def _end(self, vehicle: str) -> None:
        self._open[vehicle].end()
        del self._open[vehicle]


def _picture(vehicle: str, frame: WaitingFrame) -> Frame:
    return Frame(
        camera=vehicle,
        captured_at=frame.fix.at,
        pts=frame.fix.at.timestamp(),
        picture=still_picture(frame.data, jpeg_header(frame.data)),
        position=frame.fix.where,
    )
