"""By how many seconds the clock of a track is ahead of the clock of a recording.

The picture moves when the vehicle does: its flow follows the receiver's speed, and the shift at which both agree best
is the offset (cross-correlation of ranks, as the flow grows with the speed but not in proportion to it).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.frame import ImageLuma, SizeWH
from inference.patrol.track import Track
from inference.sources.video_container import opened_video, packets_of
from inference.sources.video_decoding import EveryPacketDecoder

STEP_SECONDS = 0.25
LARGEST_OFFSET = 30.0
"""Seconds that are searched on both sides."""
LONGEST_SECONDS = 240.0
"""Of a recording that are decoded for it, from where the vehicle's speed changes most."""
ASKED_EVERY = 240
"""Steps, a minute: where they are enough to tell, no more is decoded."""
LEAST_SECONDS = 12.0
LEAST_CORRELATION = 0.55
BETTER_BY = 0.08
"""By which the best shift must beat every other one that is more than `PEAK_SECONDS` away."""
PEAK_SECONDS = 4.0
LEAST_SPEED_CHANGE = 0.8
"""m/s, one standard deviation: a vehicle that drives steadily gives no sign."""
FLOW_WH: SizeWH = (160, 90)
CORNERS = 120
LEAST_CORNERS = 8
LARGEST_FLOW_PX = 24.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """What was found.

    Attributes:
        offset: seconds by which the track's clock is ahead: the picture of second t was taken where the track was at
            t + offset; 0 where it could not be estimated.
        correlation: of flow and speed at that shift, -1..1; None where there was nothing to compare.
        sure: whether the offset may be used.
        why: a sentence.
    """

    offset: float
    correlation: float | None
    sure: bool
    why: str


def estimated(path: Path, track: Track, started_at: datetime, length: float) -> Alignment:
    """The offset between a recording and a track.

    Args:
        path: of the recording.
        track: of the pass.
        started_at: aware UTC of the first picture, as far as known.
        length: seconds of the recording.

    Raises:
        SourceNotReadable: the recording cannot be read.
    """
    start = _liveliest(track, started_at, length)
    motion: list[tuple[float, float]] = []
    for one in picture_motion(path, start, min(length, start + LONGEST_SECONDS)):
        motion.append(one)
        if len(motion) % ASKED_EVERY == 0 and (found := aligned(motion, track, started_at)).sure:
            return found
    return aligned(motion, track, started_at)


def aligned(motion: list[tuple[float, float]], track: Track, started_at: datetime) -> Alignment:
    """The offset at which the motion of the pictures (second, flow) fits the speed of the track best."""
    if not motion or motion[-1][0] - motion[0][0] < LEAST_SECONDS:
        return _unsure(f"under {LEAST_SECONDS:.0f} s of pictures say too little", None)
    times = np.array([second for second, _ in motion])
    grid = np.arange(times[0], times[-1], STEP_SECONDS)
    flow = np.interp(grid, times, np.array([value for _, value in motion]))
    shifts = np.arange(-LARGEST_OFFSET, LARGEST_OFFSET + STEP_SECONDS / 2, STEP_SECONDS)
    pad = round(LARGEST_OFFSET / STEP_SECONDS)
    padded = np.concatenate([grid[0] + STEP_SECONDS * np.arange(-pad, 0), grid])
    padded = np.concatenate([padded, grid[-1] + STEP_SECONDS * np.arange(1, pad + 1)])
    speed = _speeds(track, started_at, padded)
    if np.nanstd(speed) < LEAST_SPEED_CHANGE if np.isfinite(speed).any() else True:
        return _unsure("the vehicle's speed changes too little to tell, or the two do not overlap", None)
    scores = np.array([_agreement(flow, speed[shift : shift + len(grid)]) for shift in range(len(shifts))])
    if not np.isfinite(scores).any():
        return _unsure("the recording and the track hardly overlap", None)
    best = int(np.nanargmax(scores))
    others = scores[np.abs(shifts - shifts[best]) > PEAK_SECONDS]
    second = float(np.nanmax(others)) if np.isfinite(others).any() else -1.0
    peak = float(scores[best])
    if peak < LEAST_CORRELATION or peak - second < BETTER_BY:
        return _unsure("no shift fits clearly better than all others", peak)
    offset = float(shifts[best]) + _between(scores, best) * STEP_SECONDS
    return Alignment(offset=round(offset, 2), correlation=round(peak, 3), sure=True, why="motion and speed agree")


def picture_motion(path: Path, start: float, end: float) -> Iterator[tuple[float, float]]:
    """Second and flow (pixels of the small picture a step) between pictures `STEP_SECONDS` apart.

    Raises:
        SourceNotReadable: the recording cannot be read.
    """
    before: ImageLuma | None = None
    at = start
    for second, luma in _pictures(path, start, end):
        if before is not None:
            yield (at + second) / 2, flow_between(before, luma)
        before, at = luma, second


def flow_between(before: ImageLuma, after: ImageLuma) -> float:
    """Median movement of what can be found again, in pixels; the largest where little can."""
    corners: NDArray[np.float32] | None = cv2.goodFeaturesToTrack(before, CORNERS, 0.02, 5)  # pyright: ignore[reportAssignmentType]
    if corners is None or len(corners) < LEAST_CORNERS:
        return 0.0
    found, status, _ = cv2.calcOpticalFlowPyrLK(before, after, corners, None, winSize=(15, 15), maxLevel=3)  # pyright: ignore[reportCallIssue, reportArgumentType]
    kept = status.ravel() == 1
    if int(kept.sum()) < LEAST_CORNERS:
        return LARGEST_FLOW_PX
    moved = np.hypot(*(found[kept] - corners[kept]).reshape(-1, 2).T)
    return float(min(LARGEST_FLOW_PX, np.median(moved)))


def _pictures(path: Path, start: float, end: float) -> Iterator[tuple[float, ImageLuma]]:
    with opened_video(path) as (container, stream):
        decoder = EveryPacketDecoder(stream)
        origin = float((stream.start_time or 0) * (stream.time_base or 1))
        if start > 0 and stream.time_base:
            container.seek(round((origin + start) / stream.time_base), stream=stream, backward=True)
        due = start
        for packet in packets_of(path, container, stream):
            for pts, picture in decoder.pictures(packet):
                second = pts - origin
                if second >= due - 1e-6:
                    due = second + STEP_SECONDS - 1e-3
                    yield second, picture.luma(FLOW_WH)
                if second > end:
                    return


def _liveliest(track: Track, started_at: datetime, length: float) -> float:
    """Where in a recording the speed changes most, by the clock that may be wrong."""
    if length <= LONGEST_SECONDS:
        return 0.0
    grid = np.arange(0.0, length, 1.0)
    speed = _speeds(track, started_at, grid)
    window = int(LONGEST_SECONDS)
    starts = range(0, max(1, len(grid) - window), 30)
    changes = [
        float(np.nanstd(part)) if np.isfinite(part := speed[s : s + window]).mean() > 0.8 else -1.0 for s in starts
    ]
    return float(list(starts)[int(np.argmax(changes))])


def _speeds(track: Track, started_at: datetime, seconds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Metres per second at seconds of the recording; NaN where the track says nothing."""
    poses = (track.at(started_at + timedelta(seconds=float(second))) for second in seconds)
    return np.array([np.nan if pose is None else pose.speed for pose in poses])


def _agreement(flow: NDArray[np.float64], speed: NDArray[np.float64]) -> float:
    known = np.isfinite(speed)
    if int(known.sum()) * STEP_SECONDS < LEAST_SECONDS or float(known.mean()) < 0.5:
        return float("nan")
    a, b = _ranks(flow[known]), _ranks(speed[known])
    spread = float(a.std() * b.std())
    return float(((a - a.mean()) * (b - b.mean())).mean()) / spread if spread > 0 else float("nan")


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ranks, of equal values (to a tenth) the mean: what stands is equally slow all the time."""
    _, inverse, counts = np.unique(np.round(values, 1), return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return (ends - (counts - 1) / 2)[inverse]


def _between(scores: NDArray[np.float64], best: int) -> float:
    """Where between the steps the peak lies, -0.5..0.5 (a parabola through three scores)."""
    if not 0 < best < len(scores) - 1 or not np.isfinite(scores[best - 1 : best + 2]).all():
        return 0.0
    left, middle, right = (float(v) for v in scores[best - 1 : best + 2])
    bend = left - 2 * middle + right
    return 0.5 * (left - right) / bend if bend < 0 else 0.0


def _unsure(why: str, correlation: float | None) -> Alignment:
    return Alignment(offset=0.0, correlation=correlation, sure=False, why=why)
