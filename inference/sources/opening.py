"""From an address to the source that reads it."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from inference.sources.address import Address, SourceKind, parse_address
from inference.sources.picture_folder import PictureFolder
from inference.sources.rtsp import Rtsp
from inference.sources.source import Source
from inference.sources.video_file import VideoFile

Opener = Callable[[Address, str, datetime], Source]

OPENERS: dict[SourceKind, Opener] = {
    SourceKind.VIDEO_FILE: lambda address, camera, started_at: VideoFile(
        Path(address.text), camera=camera, started_at=started_at
    ),
    SourceKind.PICTURE_FOLDER: lambda address, camera, started_at: PictureFolder(
        Path(address.text), camera=camera, started_at=started_at
    ),
    SourceKind.RTSP: lambda address, camera, started_at: Rtsp(address.text, camera=camera, started_at=started_at),
}
"""One line for each kind of source."""


def open_source(address: str, camera: str, *, started_at: datetime) -> Source:
    """The source behind an address, with the usual settings; nothing is opened before `frames` is called.

    Args:
        address: a video file, a folder of pictures, `rtsp://…` or `rtsps://…`.
        camera: identifier of the camera.
        started_at: aware UTC; of a recording's first picture, or now for a camera.

    Raises:
        SourceNotReadable: the address is none of these.
    """
    parsed = parse_address(address)
    return OPENERS[parsed.kind](parsed, camera, started_at)
