"""A short clip with exact truth, brought to what a street camera sends: 1080p, 25 pictures a second, noise."""

import json
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import cv2
import numpy as np

import inference
from api.bench.street_clip import BIT_RATE, CAMERA_NOISE, FPS, KEY_SECONDS, SIZE_WH
from api.bench.street_events import Event

NOISES = 3
DEMO_CITY = Path(inference.__file__).parents[1] / "datasets" / "demo" / "city.yaml"


def truth_of(clip: Path, seconds: float) -> tuple[Event, ...]:
    """What is due by then, from the truth beside a rendered clip (`kerb-day.json` beside `kerb-day.mp4`)."""
    said = json.loads(clip.with_suffix(".json").read_text(encoding="utf-8"))
    return tuple(Event(finding["kind"], finding["zone"]) for finding in said["findings"] if finding["due"] <= seconds)


def write_full_size(source: Path, path: Path, told: Callable[[float], None], *, seconds: float) -> Path:
    """Encode the beginning of `source` again, each picture held until the next one, under a sensor's noise.

    Args:
        source: a rendered clip.
        path: where to, an mp4.
        told: is told the share that is done, 0..1.
        seconds: of the clip.
    """
    random = np.random.default_rng(7)
    noises = [random.integers(0, CAMERA_NOISE, (SIZE_WH[1], SIZE_WH[0], 3), dtype=np.uint8) for _ in range(NOISES)]
    number = 0
    with av.open(str(source)) as read, av.open(str(path), "w") as written:
        stream = written.add_stream("libx264", rate=FPS)
        stream.width, stream.height = SIZE_WH
        stream.pix_fmt, stream.bit_rate = "yuv420p", BIT_RATE
        stream.codec_context.gop_size = FPS * KEY_SECONDS
        stream.options = {"preset": "ultrafast", "sc_threshold": "0"}
        for shown, following in pairwise(read.decode(video=0)):
            if shown.time >= seconds:
                break
            large = cv2.resize(shown.to_ndarray(format="bgr24"), SIZE_WH, interpolation=cv2.INTER_CUBIC)
            while number / FPS < following.time:
                noisy = np.asarray(cv2.add(large, noises[number % NOISES]), np.uint8)
                frame = av.VideoFrame.from_ndarray(noisy, format="bgr24").reformat(format="yuv420p")
                frame.pts, frame.time_base = number, Fraction(1, FPS)
                written.mux(stream.encode(frame))
                number += 1
            told(min(1.0, following.time / seconds))
        written.mux(stream.encode(None))
    return path
