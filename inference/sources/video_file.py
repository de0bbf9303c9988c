"""Frames from a recorded video."""

import logging
from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from math import ceil
from pathlib import Path
from statistics import median

from inference.errors import SourceNotReadable
from inference.frame import Frame, Picture, SizeWH
from inference.sources.capture_time import Timeline
from inference.sources.video_container import no_picture, opened_video, packets_of
from inference.sources.video_decoding import EveryPacketDecoder, KeyPacketDecoder, packet_seconds
from inference.sources.video_picture import VideoPicture

logger = logging.getLogger(__name__)

KEY_INTERVAL_LIMIT = 4.0
"""Seconds. Where key packets are further apart, ask for `every=1.0`, and say so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoFacts:
    """What a file is, found without decoding it.

    Attributes:
        codec: e.g. `h264`.
        size_wh: pixels, before any rotation.
        seconds: from the first picture to the end of the last.
        key_interval: seconds, the longest time without a new key packet.
    """

    codec: str
    size_wh: SizeWH
    seconds: float
    key_interval: float


class VideoFile:
    """A recorded video, as fast as it can be read.

    Args:
        path: the file.
        camera: identifier of the camera.
        started_at: aware UTC of the first picture.
        every: None decodes key packets only. A number decodes everything and gives a frame every so many seconds, for
            files whose key packets are rare (see `key_interval`); these frames have no original bytes.
        hold_end: seconds for which the last frame is repeated after the end, as if nothing moved any more.
        resume_after: seconds since the first picture; frames up to there are not given again.
    """

    def __init__(
        self,
        path: Path,
        *,
        camera: str,
        started_at: datetime,
        every: float | None = None,
        hold_end: float = 0.0,
        resume_after: float | None = None,
    ) -> None:
        if every is not None and not every > 0:
            raise ValueError(f"every must be a positive number of seconds, not {every}")
        self.path = path
        self._camera = camera
        self._started_at = started_at
        self._every = every
        self._hold_end = hold_end
        self._resume_after = -1.0 if resume_after is None else resume_after
        self._running: Generator[Frame] | None = None

    @cached_property
    def facts(self) -> VideoFacts:
        """Codec, size, length and key interval, by reading the packets once.

        Raises:
            SourceNotReadable: as `frames`; but a file that breaks off is measured up to there.
        """
        with opened_video(self.path) as (container, stream):
            shown: list[float] = []
            keys: list[float] = []
            with suppress(SourceNotReadable):
                for packet in packets_of(self.path, container, stream):
                    seconds = packet_seconds(packet)
                    if packet.size and seconds is not None:
                        shown.append(seconds)
                        if packet.is_keyframe:
                            keys.append(seconds)
            if not keys:
                raise no_picture(self.path)
            end = max(shown) + (1 / float(stream.average_rate) if stream.average_rate else 0.0)
            gaps = [after - before for before, after in zip(keys, [*keys[1:], end], strict=True)]
            return VideoFacts(
                codec=stream.codec_context.name,
                size_wh=(stream.width, stream.height),
                seconds=end - min(shown),
                key_interval=max(gaps),
            )

    @property
    def key_interval(self) -> float:
        """Seconds, the longest time without a new key packet."""
        return self.facts.key_interval

    def frames(self) -> Generator[Frame]:
        """The frames, then those of the held end.

        Raises:
            SourceNotReadable: missing, empty, not a video, no picture track, too large; or, after the frames that could
                be read, the second at which the file breaks off.
        """
        self._running = self._read()
        return self._running

    def close(self) -> None:
        """Close the file; to be called by the thread that reads it."""
        if self._running is not None:
            self._running.close()
            self._running = None

    def _read(self) -> Generator[Frame]:
        last: Frame | None = None
        steps: list[float] = []
        for seconds, picture in self._pictures():
            if last is not None:
                steps.append(seconds - last.pts)
            last = self._frame(seconds, picture)
            if seconds > self._resume_after:
                yield last
        if last is None:
            raise no_picture(self.path)
        step = self._every or (median(steps) if steps else 1.0)
        for number in range(1, ceil(self._hold_end / step - 1e-9) + 1):
            seconds = last.pts + min(number * step, self._hold_end)
            if seconds > self._resume_after:
                yield self._frame(seconds, last.picture)

    def _pictures(self) -> Generator[tuple[float, VideoPicture]]:
        """Seconds since the first picture, and the picture."""
        with opened_video(self.path) as (container, stream):
            decoder = EveryPacketDecoder(stream) if self._every else KeyPacketDecoder(stream)
            timeline: Timeline | None = None
            due = 0.0
            for packet in packets_of(self.path, container, stream):
                timeline = timeline or Timeline(origin=packet_seconds(packet) or 0.0)
                for pts, picture in decoder.pictures(packet):
                    seconds = timeline.seconds(pts)
                    if seconds >= due - 1e-6:
                        yield seconds, picture
                        due = self._next_due(seconds)
            if decoder.damaged:
                logger.warning("%s: %d damaged pictures left out", self.path, decoder.damaged)

    def _next_due(self, seconds: float) -> float:
        return (int((seconds + 1e-6) / self._every) + 1) * self._every if self._every else 0.0

    def _frame(self, seconds: float, picture: Picture) -> Frame:
        captured_at = self._started_at + timedelta(seconds=seconds)
        return Frame(camera=self._camera, captured_at=captured_at, pts=seconds, picture=picture)
