"""Opening a video file so that it can do no harm, and reading its packets to the end or to where it breaks off."""

from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.video.stream import VideoStream

from inference.errors import SourceNotReadable
from inference.sources.picture_header import MAX_PIXELS
from inference.sources.video_decoding import VideoPacket, packet_seconds

OPEN_OPTIONS = {
    "protocol_whitelist": "file",
    "format_whitelist": "mov,matroska,webm,avi,mpegts,mpeg,flv,asf,ogg,gif,h264,hevc",
    "max_pixels": str(MAX_PIXELS),
}
"""Playlists are formats too, and would open whatever they name."""

TRAILER_BYTES = 16
"""A GIF ends with a semicolon; some writers pad after it."""

BREAK_TOLERANCE = 1.0
"""Seconds by which a complete file may end before the length it announces."""


@contextmanager
def opened_video(path: Path) -> Generator[tuple[InputContainer, VideoStream]]:
    """The container and its first picture track; closed at the end whatever happens.

    Raises:
        SourceNotReadable: missing, a folder, empty, not a video, without pictures, or with pictures over 40 megapixels.
    """
    _check_file(path)
    try:
        container = av.open(str(path.resolve()), options=dict(OPEN_OPTIONS))
    except (FFmpegError, ValueError) as error:
        raise SourceNotReadable(
            f"{path} cannot be read as a video; check that it is one (mp4, mov, mkv, avi, gif) and was copied whole."
        ) from error
    with closing(container):
        yield container, _picture_track(path, container)


def packets_of(path: Path, container: InputContainer, stream: VideoStream) -> Generator[VideoPacket]:
    """All packets of `stream`, at the end an empty one.

    Raises:
        SourceNotReadable: after the last packet that can be read, the second at which the file breaks off.
    """
    first = last = None
    broken = False
    try:
        for packet in container.demux(stream):
            seconds = packet_seconds(packet)
            if packet.size and seconds is not None:
                first = seconds if first is None else first
                last = seconds if last is None else max(last, seconds)
            yield packet
    except FFmpegError:
        broken = True
    if first is None or last is None:
        raise no_picture(path)
    announced = _announced_seconds(container, stream)
    # Some formats count the length they announce from 0, some from the first picture: 0 gives no false alarm.
    too_short = announced is not None and last + _step_seconds(stream) < announced - BREAK_TOLERANCE
    if broken or too_short or _gif_without_end(path, container):
        raise SourceNotReadable(
            f"{path} breaks off after {last - first:.1f} s; copy it again, what came before could be read."
        )


def no_picture(path: Path) -> SourceNotReadable:
    """The error for a file in which nothing can be seen."""
    return SourceNotReadable(f"{path} holds no picture that can be decoded; give a file that a video player can show.")


def _check_file(path: Path) -> None:
    if path.is_dir():
        raise SourceNotReadable(f"{path} is a folder, not a video file; give the path of a file.")
    if not path.exists():
        raise SourceNotReadable(f"{path} does not exist; check the path.")
    if not path.is_file():
        raise SourceNotReadable(f"{path} is a device or pipe, not a file that can be read again; copy it to a file.")
    if path.stat().st_size == 0:
        raise SourceNotReadable(f"{path} is empty; copy it again.")


def _picture_track(path: Path, container: InputContainer) -> VideoStream:
    if not container.streams.video:
        raise SourceNotReadable(f"{path} has no picture track, only sound or data; give a video file.")
    stream = container.streams.video[0]
    if not 0 < stream.width * stream.height <= MAX_PIXELS:
        raise SourceNotReadable(
            f"{path} has pictures over {MAX_PIXELS // 1_000_000} megapixels or of no stated size; scale it down first."
        )
    return stream


def _announced_seconds(container: InputContainer, stream: VideoStream) -> float | None:
    """The length of the picture track that the file's header promises."""
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    if container.duration is not None and len(container.streams) == 1:
        return container.duration / av.time_base
    return None


def _step_seconds(stream: VideoStream) -> float:
    return 1 / float(stream.average_rate) if stream.average_rate else 0.0


def _gif_without_end(path: Path, container: InputContainer) -> bool:
    """Whether a GIF lacks its trailer: the only sign that it was cut, as it announces no length."""
    if container.format.name != "gif":
        return False
    with path.open("rb") as file:
        file.seek(-16, 2) if path.stat().st_size > 16 else None
        file.seek(max(0, path.stat().st_size - TRAILER_BYTES))
        return b";" not in file.read()
