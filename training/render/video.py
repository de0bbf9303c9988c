"""Clean pictures in, the finished clip out: CCTV look, clock, H.264 with a key picture every two seconds."""

from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from training.render.cctv import Look, cctv, overlay
from training.render.clip import frame_path
from training.render.errors import RenderError
from training.render.scenario import Scenario

KEY_SECONDS = 2  # what street cameras are usually set to


def encode(scenario: Scenario, out: Path, report: Callable[[int, int], None], *, quality: int = 28) -> Path:
    """Write `<name>.mp4` beside the truth; returns its path.

    Args:
        scenario: what was rendered into `out`.
        out: the folder that `render_frames` filled.
        report: called with pictures done and pictures in all.
        quality: constant rate factor of x264; lower is better and larger.

    Raises:
        RenderError: a picture is missing.
    """
    target, part = out / f"{scenario.name}.mp4", out / f"{scenario.name}.part.mp4"
    look = Look(noise=scenario.camera.noise)
    with av.open(str(part), "w", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=scenario.fps)
        stream.width, stream.height, stream.pix_fmt = scenario.camera.width, scenario.camera.height, "yuv420p"
        stream.options = {"crf": str(quality), "preset": "veryslow"}
        stream.codec_context.gop_size = KEY_SECONDS * scenario.fps
        stream.codec_context.time_base = Fraction(1, scenario.fps)
        for number in range(scenario.frames()):
            clean = cv2.imread(str(frame_path(out, number)))
            if clean is None:
                raise RenderError(f"Picture {number} of {scenario.name} is missing in {out}: render it first.")
            picture = cctv(np.asarray(clean, dtype=np.uint8), look, seed=scenario.seed * 100_003 + number)
            picture = overlay(picture, scenario.camera.label, scenario.start + timedelta(seconds=number / scenario.fps))
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
            frame.pts = number
            container.mux(stream.encode(frame))
            report(number + 1, scenario.frames())
        container.mux(stream.encode(None))
    part.replace(target)
    return target
