"""A real clip encoded again, with something about it changed that must change no finding."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]


def recode(
    clip: Path,
    path: Path,
    *,
    scale: float = 1.0,
    change: Callable[[Pixels], Pixels] = lambda pixels: pixels,
    key_every: float = 2.0,
    hold_end: float = 0.0,
) -> Path:
    """Write `clip` as H.264 at its own pace, with about ten pictures a second: encoding them is what takes the time.

    Args:
        clip: the video.
        path: the new one.
        scale: of its sides.
        change: of each BGR picture.
        key_every: seconds from one key picture to the next.
        hold_end: seconds for which the last picture is repeated.
    """
    with av.open(str(clip)) as source, av.open(str(path), "w") as written:
        shown = source.streams.video[0]
        every = max(1, round((shown.average_rate or 25) / 10))
        fps = Fraction(shown.average_rate or 25) / every
        track = written.add_stream("libx264", rate=fps)
        assert isinstance(track, av.VideoStream)
        track.width, track.height = (int(side * scale) // 2 * 2 for side in (shown.width, shown.height))
        track.pix_fmt = "yuv420p"
        track.codec_context.gop_size = round(fps * key_every)
        track.codec_context.time_base = 1 / fps
        track.options = {"preset": "ultrafast", "crf": "18", "sc_threshold": "0"}
        pictures = (
            change(frame.reformat(track.width, track.height, "bgr24").to_ndarray().astype(np.uint8, copy=False))
            for frame in islice(source.decode(shown), 0, None, every)
        )
        for number, pixels in enumerate(_held(pictures, round(hold_end * fps))):
            frame = av.VideoFrame.from_ndarray(pixels, format="bgr24")
            frame.pts, frame.time_base = number, 1 / fps
            written.mux(track.encode(frame))
        written.mux(track.encode(None))
    return path


def brighter(pixels: Pixels) -> Pixels:
    """40 grey levels more, white at most."""
    return np.where(pixels > 215, 255, pixels + 40).astype(np.uint8)


def darker(pixels: Pixels) -> Pixels:
    """As if little more than half the light fell in."""
    return (pixels * 0.6).astype(np.uint8)


def _held(pictures: Iterator[Pixels], more: int) -> Iterator[Pixels]:
    last: Pixels | None = None
    for last in pictures:
        yield last
    if last is not None:
        yield from (last for _ in range(more))
