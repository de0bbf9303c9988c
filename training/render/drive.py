"""The scenario language for patrol vehicles: the same street, seen on several passes by a camera that moves."""

import itertools
import math
from typing import Annotated

from pydantic import Field, FiniteFloat, model_validator

from training.render.camera import Camera
from training.render.motion import Track
from training.render.scenario import MapSpec, StreetPlan, Strict, Waypoint


class PatrolCamera(Strict):
    """How the camera is mounted, and how good it is.

    Attributes:
        label: written into the picture.
        height: metres above the carriageway.
        pitch: degrees, positive looks up.
        yaw: degrees to the right of the direction of travel.
        fov: horizontal angle of view, degrees.
        shake: standard deviation of pitch and yaw while driving, degrees.
        width, height_px: pixels.
        noise: of the sensor, 1 is full scale.
    """

    label: str
    height: float = Field(default=1.5, gt=0.3, lt=5)
    pitch: float = Field(default=-4.0, gt=-60, lt=30)
    yaw: float = Field(default=0.0, ge=-120, le=120)
    fov: float = Field(default=70.0, gt=5, lt=120)
    shake: float = Field(default=0.15, ge=0, le=3)
    width: int = Field(default=640, ge=320, le=3840, multiple_of=2)
    height_px: int = Field(default=360, ge=180, le=2160, multiple_of=2)
    noise: float = Field(default=0.006, ge=0, le=0.2)


class GpsReceiver(Strict):
    """How wrong the fixes are: a slow drift (first-order Gauss-Markov), white noise, jumps and gaps.

    Attributes:
        hz: fixes a second.
        drift: standard deviation of the slow error on each axis, metres.
        drift_seconds: its correlation time.
        jitter: standard deviation of the white error on each axis, metres.
        outliers: share of fixes that jump.
        outlier_metres: how far they jump.
        gaps: (from, to) seconds of a pass without any fix, as in a tunnel.
        offset: seconds by which the track's clock is ahead of the video's: what the video shows at t is at t + offset.
    """

    hz: float = Field(default=5.0, ge=1, le=20)
    drift: float = Field(default=1.0, ge=0, le=50)
    drift_seconds: float = Field(default=40.0, gt=0)
    jitter: float = Field(default=0.3, ge=0, le=50)
    outliers: float = Field(default=0.0, ge=0, le=0.5)
    outlier_metres: float = Field(default=60.0, ge=0)
    gaps: tuple[tuple[FiniteFloat, FiniteFloat], ...] = ()
    offset: FiniteFloat = 0.0


class Pass(Strict):
    """One drive through the street: a clip of its own.

    Attributes:
        starts: seconds of the scenario at which the clip begins.
        path: waypoints (seconds since it began, x, y); how fast it goes follows from them. The clip ends with the last.
        ends: seconds after which the clip ends, where it shows only the first part of the path.
        seed: of shake and GPS errors.
    """

    starts: float = Field(ge=0)
    ends: float | None = Field(default=None, gt=0)
    path: Annotated[list[Waypoint], Field(min_length=2)]
    seed: int = 0

    @model_validator(mode="after")
    def _in_time(self) -> "Pass":
        times = [t for t, _, _ in self.path]
        if times[0] != 0 or any(b <= a for a, b in itertools.pairwise(times)):
            raise ValueError("waypoints of a pass must begin at second 0 and have rising seconds")
        return self

    @property
    def seconds(self) -> float:
        """Length of the clip."""
        return self.path[-1][0] if self.ends is None else min(self.ends, self.path[-1][0])


class Due(Strict):
    """When a moving camera is sure.

    Attributes:
        views: pictures of one pass that must show rubbish or a stall.
        minutes_apart: two passes at least so far apart must show a vehicle at the same place.
        metres: nobody has to recognise what is farther away.
        seen: the least share of an object that must be visible.
        no_stopping: zones where nobody may stop at all: `views` of one pass are enough for a vehicle, too.
    """

    views: int = Field(default=2, ge=1)
    minutes_apart: float = Field(default=10.0, gt=0)
    metres: float = Field(default=25.0, gt=0)
    seen: float = Field(default=0.5, gt=0, le=1)
    no_stopping: tuple[str, ...] = ()


class Drive(StreetPlan):
    """A street with its patrol: actors' seconds count from `start`, over all passes."""

    place: MapSpec
    camera: PatrolCamera
    gps: GpsReceiver = GpsReceiver()
    due: Due = Due()
    passes: list[Pass] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_after_the_other(self) -> "Drive":
        ends = 0.0
        for run in self.passes:
            if run.starts < ends:
                raise ValueError(f"the pass at {run.starts:g} s begins before the one before it has ended")
            ends = run.starts + run.seconds
        if ends > self.seconds:
            raise ValueError(f"the last pass ends at {ends:g} s, after the scenario ({self.seconds:g} s)")
        return self

    def frames(self, run: Pass) -> int:
        """Number of pictures of a pass."""
        return int(run.seconds * self.fps)

    def pictures(self) -> int:
        """Number of pictures of all passes."""
        return sum(self.frames(run) for run in self.passes)


class Ride:
    """Where a patrol camera is and looks during one pass."""

    def __init__(self, drive: Drive, run: Pass) -> None:
        self._spec = drive.camera
        self._track, self._seconds = Track(run.path), run.path[-1][0]
        self._phases = [math.fmod(12.9898 * (run.seed + 1) * k, 2 * math.pi) for k in (1, 2, 3, 4)]

    def place(self, at: float) -> tuple[float, float]:
        """X and y in metres, `at` in seconds of the pass."""
        pose = self._track.pose(at)
        return pose.x, pose.y

    def speed(self, at: float) -> float:
        """Metres a second."""
        low, high = max(at - 0.05, 0.0), min(at + 0.05, self._seconds)
        (x0, y0), (x1, y1) = self.place(low), self.place(high)
        return math.hypot(x1 - x0, y1 - y0) / (high - low)

    def course(self, at: float) -> float:
        """Direction of travel, radians from +x; who stands keeps the last one."""
        return self._track.pose(at).heading

    def aim(self, at: float) -> tuple[float, float]:
        """Heading (radians from +x) and pitch (radians, up) of the optical axis, with the vehicle's swaying."""
        sway = math.sqrt(2) * math.radians(self._spec.shake) if self._track.pose(at).moving else 0.0
        a, b, c, d = self._phases
        up = 0.7 * math.sin(2 * math.pi * 1.3 * at + a) + 0.7 * math.sin(2 * math.pi * 0.37 * at + b)
        aside = 0.7 * math.sin(2 * math.pi * 0.9 * at + c) + 0.7 * math.sin(2 * math.pi * 0.23 * at + d)
        heading = self.course(at) - math.radians(self._spec.yaw) + sway * aside
        return heading, math.radians(self._spec.pitch) + sway * up

    def camera(self, at: float) -> Camera:
        """The pinhole camera of the picture taken at a time."""
        (x, y), (heading, pitch), spec = self.place(at), self.aim(at), self._spec
        eye = (x, y, spec.height)
        ahead = math.cos(heading) * math.cos(pitch), math.sin(heading) * math.cos(pitch), math.sin(pitch)
        look = (eye[0] + 10 * ahead[0], eye[1] + 10 * ahead[1], eye[2] + 10 * ahead[2])
        return Camera(at=eye, look=look, fov=spec.fov, width=spec.width, height=spec.height_px)
