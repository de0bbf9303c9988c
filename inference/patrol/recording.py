"""Frames of a patrol's recording, decoded only as far as somebody wants them.

A vehicle inspects its street by the metre: while it stands, nothing is decoded; while it drives, each group of pictures
only up to the last one that is wanted. A key picture costs no other one, and its packet is kept as the original.
"""

import logging
from collections.abc import Callable, Generator, Iterator
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import cast

from av.error import FFmpegError
from av.packet import Packet
from av.video.stream import VideoStream

from inference.errors import SourceNotReadable
from inference.frame import Frame
from inference.sources.video_container import no_picture, opened_video, packets_of
from inference.sources.video_decoding import KeyPacketDecoder, VideoPacket, packet_seconds
from inference.sources.video_picture import DECODER_OPTIONS, VideoPicture

MOST_WAITING = 2_000
"""Packets since the last key packet that wait to be wanted; where there are more they are decoded and let go."""
JUMP_SECONDS = 5.0
"""By which the clock of a recording may go back from one picture to the next, as pictures are stored out of order."""

logger = logging.getLogger(__name__)

Wants = Callable[[datetime, bool], bool]
"""Whether a picture taken at a time is wanted; the second argument says that it is a key picture, decoded alone."""


class PatrolRecording:
    """A recorded pass, as fast as it can be read.

    Args:
        path: the video.
        vehicle: identifier.
        started_at: aware UTC of the first picture, by the track's clock.
        wants: whether a picture taken at a time is wanted; asked once for every picture, and again only after the last
            wanted one has been given.
        resume_after: seconds since the first picture; pictures up to there are not given again.
    """

    def __init__(
        self, path: Path, *, vehicle: str, started_at: datetime, wants: Wants, resume_after: float | None = None
    ) -> None:
        self.path = path
        self.damaged = 0
        self._vehicle = vehicle
        self._started_at = started_at
        self._wants = wants
        self._last = -1e-6 if resume_after is None else resume_after
        self._running: Generator[Frame] | None = None

    def frames(self) -> Generator[Frame]:
        """The frames that are wanted.

        Raises:
            SourceNotReadable: as `VideoFile.frames`; or the second at which the recording's clock jumps back.
        """
        self._running = self._read()
        return self._running

    def close(self) -> None:
        """Close the file; to be called by the thread that reads it."""
        if self._running is not None:
            self._running.close()
            self._running = None

    def _read(self) -> Generator[Frame]:
        origin: float | None = None
        latest = 0.0
        with opened_video(self.path) as (container, stream):
            group = _Group(stream)
            for packet in packets_of(self.path, container, stream):
                stamp = packet_seconds(packet)
                if packet.size and stamp is not None:
                    origin = stamp if origin is None else origin
                    seconds = stamp - origin
                    if seconds < latest - JUMP_SECONDS:
                        raise SourceNotReadable(
                            f"{self.path}: its clock jumps back at second {latest:.1f}; cut it there, give both parts."
                        )
                    latest = max(latest, seconds)
                    yield from self._given(
                        group.with_packet(packet, self._is_wanted(group, packet, seconds), seconds), origin
                    )
            if origin is None:
                raise no_picture(self.path)
            yield from self._given(group.rest(), origin)
            self.damaged = group.damaged
        if self.damaged:
            logger.warning("%s: %d damaged pictures left out", self.path, self.damaged)

    def _is_wanted(self, group: "_Group", packet: VideoPacket, seconds: float) -> bool:
        if group.waits or seconds <= self._last:
            return False
        return self._wants(self._started_at + timedelta(seconds=seconds), packet.is_keyframe)

    def _given(self, shown: Iterator[tuple[float, VideoPicture]], origin: float) -> Iterator[Frame]:
        for stamp, picture in shown:
            seconds = stamp - origin
            if seconds > self._last:
                self._last = seconds
                at = self._started_at + timedelta(seconds=seconds)
                yield Frame(camera=self._vehicle, captured_at=at, pts=seconds, picture=picture)


class _Group:
    """One group of pictures: its packets wait until one of them is wanted."""

    def __init__(self, stream: VideoStream) -> None:
        self._damaged = 0
        self._keys = KeyPacketDecoder(stream)
        self._context = stream.codec_context
        self._context.thread_count = 1
        self._context.options = DECODER_OPTIONS
        self._time_base = stream.time_base or Fraction(1)
        self._waiting: list[VideoPacket] = []
        self._broken = True
        self._wanted: float | None = None

    @property
    def damaged(self) -> int:
        """Pictures that could not be decoded."""
        return self._damaged + self._keys.damaged

    @property
    def waits(self) -> bool:
        """Whether a picture is wanted that the decoder has not given yet."""
        return self._wanted is not None

    def with_packet(self, packet: VideoPacket, wanted: bool, seconds: float) -> Iterator[tuple[float, VideoPicture]]:
        """The wanted pictures that are ready once a packet has come (at most one), with their own time stamps."""
        if packet.is_keyframe:
            yield from self.rest()
            self._waiting, self._broken = [], False
            self._context.flush_buffers()
        if self._broken:
            return
        if wanted and packet.is_keyframe:
            self._waiting.append(_copy(packet))  # the decoder of key packets uses up what it is given
            damaged = self._keys.damaged
            yield from self._keys.pictures(packet)
            self._broken = self._keys.damaged > damaged
            return
        self._waiting.append(packet)
        if wanted:
            stamp = packet_seconds(packet)
            self._wanted = seconds if stamp is None else stamp
        if self._wanted is not None or len(self._waiting) > MOST_WAITING:
            waiting, self._waiting = self._waiting, []
            for one in waiting:
                yield from self._ready(one)

    def rest(self) -> Iterator[tuple[float, VideoPicture]]:
        """The wanted picture that the decoder still holds at the end of a group."""
        if self._wanted is not None:
            yield from self._ready(None)
            self._wanted = None

    def _ready(self, packet: "VideoPacket | None") -> Iterator[tuple[float, VideoPicture]]:
        try:
            # What no other picture refers to is decoded only where it is the wanted one.
            self._context.skip_frame = "DEFAULT" if packet is None or self._is_the_wanted(packet) else "NONREF"
            frames = [] if self._broken else self._context.decode(packet)
        except FFmpegError:
            self._damaged += 1
            self._broken, self._wanted = True, None
            return
        for frame in frames:
            if self._wanted is not None and frame.pts is not None:
                stamp = float(frame.pts * self._time_base)
                if stamp >= self._wanted - 1e-6:
                    self._wanted = None
                    yield stamp, VideoPicture(frame=frame)

    def _is_the_wanted(self, packet: VideoPacket) -> bool:
        return self._wanted is not None and packet_seconds(packet) == self._wanted


def _copy(packet: VideoPacket) -> VideoPacket:
    copy = Packet(bytes(packet))
    copy.pts, copy.dts, copy.time_base = packet.pts, packet.dts, packet.time_base
    copy.is_keyframe = packet.is_keyframe
    return cast(VideoPacket, copy)
