"""The source of one camera, opened the way it is best read."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from api.city.cameras import PUSH
from inference.sources.address import SourceKind, parse_address
from inference.sources.picture_folder import PictureFolder
from inference.sources.rtsp import Rtsp
from inference.sources.source import Source
from inference.sources.video_file import KEY_INTERVAL_LIMIT, VideoFile

FULL_DECODE_SECONDS = 1.0
"""One picture so often, where a recording's key pictures are too rare."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a source is to be read.

    Attributes:
        started_at: aware UTC of the first picture; for a live camera, now.
        every: seconds from one picture to the next, everything decoded; None takes key pictures where they are
            frequent enough. For a folder: the time between two pictures that carry none themselves.
        hold_end: seconds for which a recording's last picture is held.
        resume_after: seconds of the source's clock that have been dealt with already.
        rests: of a live camera, asked at each key picture whether it may be passed over undecoded.
        reconnect: go on with a live camera that fails, instead of letting the failure through.
    """

    started_at: datetime
    every: float | None = None
    hold_end: float = 0.0
    resume_after: float | None = None
    rests: Callable[[], bool] = lambda: False
    reconnect: bool = True


def is_live(address: str) -> bool:
    """Whether pictures come as they are taken, so that there is no going back to where one stopped.

    Raises:
        SourceNotReadable: not an address that is read.
    """
    return address == PUSH or parse_address(address).kind is SourceKind.RTSP


def recorded_seconds(address: str) -> float:
    """How long a recording is; 0 for pictures in a folder, which carry their own time.

    Raises:
        SourceNotReadable: it cannot be read.
    """
    parsed = parse_address(address)
    if parsed.kind is not SourceKind.VIDEO_FILE:
        return 0.0
    return VideoFile(Path(parsed.text), camera="", started_at=datetime.now(UTC)).facts.seconds


def open_camera(address: str, camera: str, reading: Reading) -> Source:
    """The source behind `address`; nothing is decoded yet.

    Raises:
        SourceNotReadable: no such source, or not one that is read.
    """
    parsed = parse_address(address)
    if parsed.kind is SourceKind.RTSP:
        return Rtsp(
            parsed.text, camera=camera, started_at=reading.started_at, rests=reading.rests, reconnect=reading.reconnect
        )
    if parsed.kind is SourceKind.PICTURE_FOLDER:
        return PictureFolder(Path(parsed.text), camera=camera, started_at=reading.started_at, interval=reading.every)
    return _recording(Path(parsed.text), camera, reading)


def _recording(path: Path, camera: str, reading: Reading) -> VideoFile:
    every = reading.every
    if every is None:
        interval = VideoFile(path, camera=camera, started_at=reading.started_at).key_interval
        if interval > KEY_INTERVAL_LIMIT:
            every = FULL_DECODE_SECONDS
            logger.warning(
                "%s has a key picture only every %.1f s: everything is decoded and one picture a second inspected,"
                " which is slower; --every chooses another pace",
                path,
                interval,
            )
    return VideoFile(
        path,
        camera=camera,
        started_at=reading.started_at,
        every=every,
        hold_end=reading.hold_end,
        resume_after=reading.resume_after,
    )
