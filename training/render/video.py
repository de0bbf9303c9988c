"""Clean pictures in, the finished clip out: camera look, clock, H.264 with a key picture every two seconds."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from training.render.cctv import Look, Picture, cctv, overlay
from training.render.drive import Drive, Pass
from training.render.errors import RenderError
from training.render.scenario import Conditions, Scenario
from training.render.weather import conditioned

KEY_SECONDS = 2  # what street cameras are usually set to
PATROL_KEY_SECONDS = 1  # a moving camera sees something else every second


@dataclass(frozen=True, slots=True, kw_only=True)
class Reel:
    """What becomes one clip.

    Attributes:
        pictures: clean pictures in order.
        fps: pictures a second.
        label: written into each of them, with the time that began with `start`.
        noise: of the sensor, 1 is full scale.
        seed: of the noise.
        key_seconds: a picture that stands alone at least so often.
        conditions: light and rain.
    """

    pictures: list[Path]
    fps: int
    label: str
    start: datetime
    noise: float
    seed: int
    key_seconds: int = KEY_SECONDS
    conditions: Conditions = field(default_factory=Conditions)


def reel_of(scenario: Scenario, pictures: list[Path]) -> Reel:
    """The clip of a fixed camera."""
    camera = scenario.camera
    return Reel(
        pictures=pictures,
        fps=scenario.fps,
        label=camera.label,
        start=scenario.start,
        noise=camera.noise,
        seed=scenario.seed * 100_003,
        conditions=scenario.conditions,
    )


def reel_of_pass(drive: Drive, run: Pass, pictures: list[Path]) -> Reel:
    """The clip of one pass of a patrol vehicle."""
    return Reel(
        pictures=pictures,
        fps=drive.fps,
        label=drive.camera.label,
        start=drive.start + timedelta(seconds=run.starts),
        noise=drive.camera.noise,
        seed=drive.seed * 100_003 + round(run.starts) * 1_009,
        key_seconds=PATROL_KEY_SECONDS,
    )


def encode(reel: Reel, target: Path, report: Callable[[int, int], None], *, quality: int = 28) -> Path:
    """Write the clip; returns its path.

    Args:
        reel: what it shows.
        target: MP4 file; it appears only when it is whole.
        report: called with pictures done and pictures in all.
        quality: constant rate factor of x264; lower is better and larger.

    Raises:
        RenderError: a picture is missing.
    """
    part = target.with_suffix(".part.mp4")
    look, first = Look(noise=reel.noise), _read(reel.pictures[0])
    with av.open(str(part), "w", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=reel.fps)
        stream.height, stream.width = first.shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.options = {"crf": str(quality), "preset": "veryslow"}
        stream.codec_context.gop_size = reel.key_seconds * reel.fps
        stream.codec_context.time_base = Fraction(1, reel.fps)
        for number, path in enumerate(reel.pictures):
            rng = np.random.default_rng((reel.seed, number))
            lit = conditioned(_read(path), reel.conditions, number / reel.fps, rng)
            picture = cctv(lit, look, seed=reel.seed + number)
            picture = overlay(picture, reel.label, reel.start + timedelta(seconds=number / reel.fps))
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
            frame.pts = number
            container.mux(stream.encode(frame))
            report(number + 1, len(reel.pictures))
        container.mux(stream.encode(None))
    part.replace(target)
    return target


def _read(path: Path) -> Picture:
    clean = cv2.imread(str(path))
    if clean is None:
        raise RenderError(f"The picture {path} is missing: render it first.")
    return np.asarray(clean, dtype=np.uint8)
