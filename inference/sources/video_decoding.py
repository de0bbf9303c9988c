"""From packets to pictures: key packets alone, or every packet where key packets are too rare."""

from collections.abc import Iterator
from fractions import Fraction
from typing import TypeAlias

from av.bitstream import BitStreamFilterContext
from av.error import FFmpegError
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from inference.frame import Original
from inference.sources.video_picture import DECODER_OPTIONS, KEY_PACKET_TYPES, VideoPicture

VideoPacket: TypeAlias = "Packet[VideoStream]"


class KeyPacketDecoder:
    """Decodes key packets and nothing else, each for itself: no damage is carried from one to the next.

    Every key packet is pushed through an otherwise empty decoder, so a decoder that reorders gives its picture at once.
    """

    def __init__(self, stream: VideoStream) -> None:
        self.damaged = 0
        self._context = stream.codec_context
        self._context.thread_count = 1
        self._context.options = DECODER_OPTIONS
        self._media_type = KEY_PACKET_TYPES.get(self._context.name)
        self._annex_b = (
            BitStreamFilterContext(f"{self._context.name}_mp4toannexb,dump_extra=freq=k", stream)
            if self._media_type
            else None
        )

    def pictures(self, packet: VideoPacket) -> Iterator[tuple[float, VideoPicture]]:
        """The picture of a key packet; nothing for other packets and for damaged ones."""
        seconds = packet_seconds(packet)
        if not packet.is_keyframe or seconds is None:
            return
        try:
            frames = [] if packet.is_corrupt else [*self._context.decode(packet), *self._context.decode(None)]
        except FFmpegError:
            frames = []
        self._context.flush_buffers()
        if len(frames) != 1:
            self.damaged += 1
            return
        yield seconds, self.picture_of(packet, frames[0])

    def picture_of(self, packet: VideoPacket, frame: VideoFrame) -> VideoPicture:
        """A key picture that has been decoded, with its packet as the original. Uses the packet up."""
        return VideoPicture(frame=frame, key_packet=self._stand_alone(packet, frame))

    def _stand_alone(self, packet: VideoPacket, frame: VideoFrame) -> Original | None:
        if self._annex_b is None or self._media_type is None:
            return None
        data = b"".join(bytes(part) for part in self._annex_b.filter(packet))
        turned = f";rotation={frame.rotation % 360}" if frame.rotation else ""
        return Original(data=data, media_type=self._media_type + turned)


class EveryPacketDecoder:
    """Decodes everything; after damage it gives nothing until the next key packet."""

    def __init__(self, stream: VideoStream) -> None:
        self.damaged = 0
        self._context = stream.codec_context
        self._context.thread_count = 1
        self._context.options = DECODER_OPTIONS
        self._time_base = stream.time_base or Fraction(1)
        self._waiting_for_key = True

    def pictures(self, packet: VideoPacket) -> Iterator[tuple[float, VideoPicture]]:
        """The pictures that are ready; an empty packet at the end gives what the decoder still holds."""
        if packet.size and self._waiting_for_key and not packet.is_keyframe:
            return
        try:
            frames = self._context.decode(packet if packet.size else None)
            self._waiting_for_key = False
        except FFmpegError:
            self.damaged += 1
            self._context.flush_buffers()
            self._waiting_for_key = True
            return
        for frame in frames:
            if frame.pts is not None:
                # Frames that come out at the end carry no time base of their own.
                yield float(frame.pts * self._time_base), VideoPicture(frame=frame)


def packet_seconds(packet: VideoPacket) -> float | None:
    """When the packet is shown (or, for want of that, decoded), in seconds of the stream's own clock."""
    ticks = packet.pts if packet.pts is not None else packet.dts
    return None if ticks is None else float(ticks * packet.time_base)
