"""A decoded video frame as a picture, and the key packet it came from as bytes that stand alone."""

from dataclasses import dataclass
from typing import cast
from zlib import crc32

import numpy as np
from av.codec import CodecContext
from av.error import FFmpegError
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame

from inference.errors import PictureRefused
from inference.frame import ImageBGR, ImageLuma, Original, SizeWH, fit_scale
from inference.sources.picture_header import MAX_PIXELS

DECODER_OPTIONS = {"err_detect": "explode", "max_pixels": str(MAX_PIXELS)}
"""A damaged picture is an error, not a picture with grey blocks."""

KEY_PACKET_TYPES = {"h264": "video/h264", "hevc": "video/hevc"}
"""Codecs whose key packets stand alone once the parameter sets are in front."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VideoPicture:
    """A decoded frame, kept as the decoder gave it and scaled only to the size asked for.

    Attributes:
        frame: the decoded frame.
        key_packet: the packet it was decoded from, with parameter sets, if it stands alone.
    """

    frame: VideoFrame
    key_packet: Original | None = None

    @property
    def size_wh(self) -> SizeWH:
        """Width and height in pixels, as a person should see it."""
        return _turned_wh((self.frame.width, self.frame.height), self._quarter_turns)

    def luma(self, size_wh: SizeWH) -> ImageLuma:
        """The whole picture in grey, stretched to `size_wh`."""
        return self._scaled(size_wh, "gray")

    def bgr(self, fit_wh: SizeWH | None = None) -> ImageBGR:
        """Colour, full size or shrunk into `fit_wh`."""
        width, height = self.size_wh
        scale = fit_scale((width, height), fit_wh) if fit_wh else 1.0
        return self._scaled((max(1, round(width * scale)), max(1, round(height * scale))), "bgr24")

    def original(self) -> Original | None:
        """The key packet (Annex B, parameter sets in front), or None for any other frame."""
        return self.key_packet

    def digest(self) -> int:
        """A checksum of every fourth line of brightness, to tell whether two pictures are equal bit by bit."""
        plane = self.frame.planes[0]
        lines = np.frombuffer(cast(memoryview, plane), dtype=np.uint8).reshape(plane.height, plane.line_size)
        return crc32(lines[::4, : plane.width].tobytes())

    @property
    def _quarter_turns(self) -> int:
        """Counter-clockwise quarter turns that the file asks for."""
        return round(self.frame.rotation / 90) % 4

    def _scaled(self, size_wh: SizeWH, pixel_format: str) -> ImageBGR:
        turns = self._quarter_turns
        width, height = _turned_wh(size_wh, turns)
        small = self.frame.reformat(width=width, height=height, format=pixel_format, interpolation="AREA")
        pixels = np.asarray(small.to_ndarray(), dtype=np.uint8)
        return np.ascontiguousarray(np.rot90(pixels, turns)) if turns else pixels


def decode_key_packet(original: Original) -> ImageBGR:
    """The full picture of a kept key packet.

    Raises:
        PictureRefused: the bytes are not a key packet of the codec they claim to be.
    """
    media_type, _, turned = original.media_type.partition(";rotation=")
    codec = {name: codec for codec, name in KEY_PACKET_TYPES.items()}.get(media_type)
    if codec is None:
        raise PictureRefused(f"{original.media_type} is no key packet; only {', '.join(KEY_PACKET_TYPES.values())} are")
    decoder = cast(VideoCodecContext, CodecContext.create(codec, "r"))
    decoder.thread_count = 1
    decoder.options = DECODER_OPTIONS
    try:
        frames = [*decoder.decode(Packet(original.data)), *decoder.decode(None)]
    except FFmpegError:
        frames = []
    if len(frames) != 1:
        raise PictureRefused(f"the kept {media_type} packet is damaged; fetch the evidence again from its source")
    picture = VideoPicture(frame=frames[0])
    turns = 0 if frames[0].rotation else int(turned or 0) // 90
    return np.ascontiguousarray(np.rot90(picture.bgr(), turns))


def _turned_wh(size_wh: SizeWH, quarter_turns: int) -> SizeWH:
    width, height = size_wh
    return (height, width) if quarter_turns % 2 else (width, height)
