"""One connection to an RTSP camera: the only place that knows what FFmpeg says when it fails."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import av
from av.error import ConnectionRefusedError as RefusedError
from av.error import ExitError, FFmpegError, HTTPForbiddenError, HTTPUnauthorizedError

from inference.errors import SourceError, SourceNotReadable, SourceUnreachable
from inference.frame import Picture
from inference.sources.picture_header import MAX_PIXELS
from inference.sources.video_decoding import KeyPacketDecoder

OPEN_SECONDS = 2.5
"""Leaves a command two of the 5 s within which it must say that a camera is mute."""

READ_SECONDS = 4.5
"""A little under the 5 s within which a reader must have stopped."""

PROTOCOLS = {"rtsp": "rtsp,tcp", "rtsps": "rtsps,rtsp,tls,tcp"}
OPTIONS = {"rtsp_transport": "tcp", "allowed_media_types": "video", "analyzeduration": "500000"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A key picture.

    Attributes:
        pts: when it was taken, in seconds of the stream's own clock.
        picture: its pixels.
        digest: equal only for pictures that are equal bit by bit.
    """

    pts: float
    picture: Picture
    digest: int


class RtspSession:
    """An open connection; close it.

    Args:
        url: `rtsp://` or `rtsps://`, with user and password if the camera wants them.
        rests: asked at each key packet whether its picture may be passed over undecoded.

    Raises:
        SourceUnreachable: no answer, refused, unknown path.
        SourceNotReadable: wrong password, or a stream that cannot be decoded.
    """

    def __init__(self, url: str, rests: Callable[[], bool] = lambda: False) -> None:
        self._host = _host(url)
        self._rests = rests
        options = {**OPTIONS, "protocol_whitelist": PROTOCOLS[urlsplit(url).scheme.lower()]}
        started = time.monotonic()
        failure: SourceError | None = None
        try:
            self._container = av.open(url, options=options, timeout=(OPEN_SECONDS, READ_SECONDS))
        except (FFmpegError, ValueError) as error:
            failure = _failure(self._host, error, time.monotonic() - started)
        if failure is not None:
            # Raised out here, because the library's exception holds the password and would travel along as context.
            raise failure
        self._stream = next((stream for stream in self._container.streams.video if stream.codec_context), None)
        if self._stream is None or not 0 < self._stream.width * self._stream.height <= MAX_PIXELS:
            self._container.close()
            raise SourceNotReadable(
                f"The camera at {self._host} sends no picture we can decode; set it to H.264 or H.265."
            )
        self._decoder = KeyPacketDecoder(self._stream)
        self._packets = self._container.demux(self._stream)

    @property
    def damaged(self) -> int:
        """Key packets of this connection that could not be decoded."""
        return self._decoder.damaged

    def read(self) -> list[Look] | None:
        """Wait for the next packet and decode it if it is a key packet; None when nothing came for `READ_SECONDS`.

        Raises:
            SourceUnreachable: the connection is over.
        """
        silent = ended = False
        try:
            packet = next(self._packets)
            if packet.size and packet.is_keyframe and self._rests():
                return []
            if packet.size:
                return [
                    Look(pts=pts, picture=picture, digest=picture.digest())
                    for pts, picture in self._decoder.pictures(packet)
                ]
            ended = True
        except ExitError:
            silent = True
        except (FFmpegError, StopIteration):
            ended = True
        if ended:
            raise SourceUnreachable(f"The camera at {self._host} ended the connection; it will be tried again.")
        if silent and self._stream is not None:
            self._packets = self._container.demux(self._stream)
        return None

    def close(self) -> None:
        """End the connection."""
        self._container.close()


def _failure(host: str, error: Exception, seconds: float) -> SourceError:
    """Our error for the library's, which must not be passed on."""
    if isinstance(error, HTTPUnauthorizedError | HTTPForbiddenError):
        return SourceNotReadable(
            f"The camera at {host} refuses the user name or password; correct them in its address."
        )
    if isinstance(error, RefusedError):
        return SourceUnreachable(f"The camera at {host} refuses the connection; check that it is on, and the port.")
    if isinstance(error, ExitError) or seconds >= OPEN_SECONDS:
        return SourceUnreachable(
            f"The camera at {host} does not answer within {OPEN_SECONDS} s; check that it is on, and its address."
        )
    return SourceUnreachable(
        f"The camera at {host} gives no stream ({type(error).__name__}); check the path in its address."
    )


def _host(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or (322 if parts.scheme.lower() == 'rtsps' else 554)}"
