"""Frames of a patrol's recording, decoded only as far as somebody wants them.

A vehicle inspects its street by the metre, and its track says beforehand where each picture was taken. So which
pictures are wanted is decided for a whole group, from one key picture to the next: while the vehicle stands, nothing is
decoded; while it drives, a key picture alone where that is enough, else each group only up to its last wanted one. A
key picture costs no other one, and its packet is kept as the original.
"""

import logging
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import cast

from av.error import FFmpegError
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from inference.errors import SourceNotReadable
from inference.frame import Frame
from inference.patrol.pose import Pose
from inference.patrol.track import Track
from inference.sources.video_container import no_picture, opened_video, packets_of
from inference.sources.video_decoding import KeyPacketDecoder, VideoPacket, packet_seconds
from inference.sources.video_picture import DECODER_OPTIONS, VideoPicture

MOST_WAITING = 2_000
"""Packets that wait for the next key packet; where there are more, what is wanted is decided without it."""
JUMP_SECONDS = 5.0
"""By which the clock of a recording may go back from one picture to the next, as pictures are stored out of order."""
MOST_REORDERED = 32
"""Pictures by which a decoder may be behind: twice as many as H.264 and HEVC allow."""
SAME_MOMENT = 1e-6

logger = logging.getLogger(__name__)

Choice = Callable[[Sequence[Pose | None], Pose | None], int | None]
"""Which of the pictures ahead is wanted next, or None: see `PatrolInspector.choice`."""
Stamped = tuple[float, VideoPacket]
"""Seconds since the first picture, and the packet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Packets from one key packet to the next, or a part of them where there are very many.

    Attributes:
        packets: in the order in which they are decoded.
        then: the second of the next key packet; None at the end, or where it is not known yet.
        goes_on: more packets of the same group follow.
    """

    packets: Sequence[Stamped]
    then: float | None = None
    goes_on: bool = False


class PatrolRecording:
    """A recorded pass, as fast as it can be read.

    Args:
        path: the video.
        vehicle: identifier.
        track: the way.
        started_at: aware UTC of the first picture, by the track's clock.
        choice: which of the pictures ahead is wanted next; asked again once that one has been given.
        resume_after: seconds since the first picture; pictures up to there are not given again.
    """

    def __init__(
        self,
        path: Path,
        *,
        vehicle: str,
        track: Track,
        started_at: datetime,
        choice: Choice,
        resume_after: float | None = None,
    ) -> None:
        self.path = path
        self.damaged = 0
        self._vehicle = vehicle
        self._track = track
        self._started_at = started_at
        self._choice = choice
        self._last = -SAME_MOMENT if resume_after is None else resume_after
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
        with opened_video(self.path) as (container, stream):
            decoder = _GroupDecoder(stream)
            left: list[float] = []
            for group in _groups(self.path, packets_of(self.path, container, stream)):
                left = decoder.take(group, left)
                tail = left[-MOST_REORDERED:] if group.goes_on else []
                yield from self._wanted(left[: len(left) - len(tail)], group.then, decoder)
                left = tail
            self.damaged = decoder.damaged
        if self.damaged:
            logger.warning("%s: %d damaged pictures left out", self.path, self.damaged)

    def _wanted(self, ahead: Sequence[float], then: float | None, decoder: "_GroupDecoder") -> Iterator[Frame]:
        """The wanted ones of some pictures, which are told by their seconds."""
        seconds = [second for second in ahead if second > self._last]
        poses = [self._pose(second) for second in seconds]
        next_pose = None if then is None else self._pose(then)
        while seconds:
            chosen = self._choice(poses, next_pose)
            if chosen is None:
                return
            shown = decoder.picture(seconds[chosen])
            seconds, poses = seconds[chosen + 1 :], poses[chosen + 1 :]
            if shown is not None:
                second, picture = shown
                self._last = second
                at = self._started_at + timedelta(seconds=second)
                yield Frame(camera=self._vehicle, captured_at=at, pts=second, picture=picture)

    def _pose(self, second: float) -> Pose | None:
        return self._track.at(self._started_at + timedelta(seconds=second))


def _groups(path: Path, packets: Iterator[VideoPacket]) -> Iterator[_Group]:
    """All groups; what came before an error is given before it is raised."""
    origin: float | None = None
    latest = 0.0
    waiting: list[Stamped] = []
    try:
        for packet in packets:
            stamp = packet_seconds(packet)
            if not packet.size or stamp is None:
                continue
            origin = stamp if origin is None else origin
            second = stamp - origin
            if second < latest - JUMP_SECONDS:
                raise SourceNotReadable(
                    f"{path}: its clock jumps back at second {latest:.1f}; cut it there, give both parts."
                )
            latest = max(latest, second)
            if waiting and (packet.is_keyframe or len(waiting) >= MOST_WAITING):
                then = second if packet.is_keyframe else None
                yield _Group(packets=waiting, then=then, goes_on=not packet.is_keyframe)
                waiting = []
            waiting.append((second, packet))
    except SourceNotReadable:
        if waiting:
            yield _Group(packets=waiting)
        raise
    if origin is None:
        raise no_picture(path)
    yield _Group(packets=waiting)


class _GroupDecoder:
    """Decodes single pictures of one group after the other, in order, and no further than it must."""

    def __init__(self, stream: VideoStream) -> None:
        self._damaged = 0
        self._keys = KeyPacketDecoder(stream)
        self._context = stream.codec_context
        self._context.thread_count = 1
        self._context.options = DECODER_OPTIONS
        self._time_base = stream.time_base or Fraction(1)
        self._waiting = deque[Stamped]()
        self._shown = deque[tuple[float, VideoFrame]]()
        self._origin = 0.0
        self._delays = False
        self._broken = True
        self._goes_on = False

    @property
    def damaged(self) -> int:
        """Pictures that could not be decoded."""
        return self._damaged + self._keys.damaged

    def take(self, group: _Group, left: Sequence[float]) -> list[float]:
        """Go on with the next packets; the seconds of the pictures that can be had, in order.

        Args:
            group: the packets.
            left: seconds of pictures from the part before, of the same group.
        """
        first, packet = group.packets[0]
        shown = [second for second, _ in group.packets]
        if packet.is_keyframe:
            self._waiting.clear()
            self._shown.clear()
            self._broken = False
            self._origin = (packet_seconds(packet) or 0.0) - first
            self._context.flush_buffers()
            # What is shown before a key picture and decoded after it needs the group before as well.
            shown, left = [second for second in shown if second >= first], ()
        self._goes_on = group.goes_on
        if self._broken:
            return []
        self._waiting.extend(group.packets)
        return sorted([*left, *shown])

    def picture(self, wanted: float) -> tuple[float, VideoPicture] | None:
        """The picture of a second, or the first one after it, with its second; None if there is none."""
        if self._waiting and not self._broken:
            second, packet = self._waiting[0]
            if packet.is_keyframe and abs(second - wanted) < SAME_MOMENT:
                return self._alone(second, packet)
        while not self._broken:
            while self._shown:
                second, frame = self._shown.popleft()
                if second >= wanted - SAME_MOMENT:
                    return second, VideoPicture(frame=frame)
            if self._waiting:
                second, packet = self._waiting.popleft()
                # What no other picture refers to is decoded only where it is the wanted one.
                self._context.skip_frame = "DEFAULT" if abs(second - wanted) < SAME_MOMENT else "NONREF"
                self._decode(packet)
            elif self._goes_on:
                return None
            else:
                self._decode(None)
                self._broken = self._broken or not self._shown
        return None

    def _alone(self, second: float, packet: VideoPacket) -> tuple[float, VideoPicture] | None:
        """A key picture. A decoder that gives it at once can go on from there; another one has to start again."""
        copy = _copy(packet)  # to keep the packet as the original uses it up
        if not self._delays:
            self._waiting.popleft()
            self._context.skip_frame = "DEFAULT"
            self._decode(packet)
            if self._broken:
                return None
            if self._shown:
                _, frame = self._shown.popleft()
                return second, self._keys.picture_of(packet, frame)
            self._delays = True
            self._context.flush_buffers()
            self._waiting.appendleft((second, packet))
        self._waiting[0] = second, copy
        picture = next((picture for _, picture in self._keys.pictures(packet)), None)
        self._broken = picture is None
        return None if picture is None else (second, picture)

    def _decode(self, packet: "VideoPacket | None") -> None:
        try:
            frames = self._context.decode(packet)
        except EOFError:
            frames = []
        except FFmpegError:
            self._damaged += 1
            self._broken = True
            return
        for frame in frames:
            if frame.pts is not None:
                # Frames that come out at the end carry no time base of their own.
                self._shown.append((float(frame.pts * self._time_base) - self._origin, frame))


def _copy(packet: VideoPacket) -> VideoPacket:
    copy = Packet(bytes(packet))
    copy.pts, copy.dts, copy.time_base = packet.pts, packet.dts, packet.time_base
    copy.is_keyframe = packet.is_keyframe
    return cast(VideoPacket, copy)
