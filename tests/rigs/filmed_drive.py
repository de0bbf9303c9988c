"""A drive through the drawn street as a film, with a detector that knows each picture again by a number drawn in it."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import av

from inference.detections import Detections
from inference.frame import Frame, ImageBGR, SizeWH
from inference.sources.pictures import ArrayPicture
from tests.patrol_drive import Drive, Town

BITS, SIDE = 10, 8
"""Of the number: how many, and pixels of each."""


@dataclass(kw_only=True)
class Remembering(Town):
    """A town whose pictures may be looked at in any order, by any process, and after any compression."""

    seen: list[Detections] = field(default_factory=list[Detections])

    def numbered(self, drive: Drive, vehicle: str) -> list[Frame]:
        """The pictures of a drive, each with its number in a corner."""
        frames: list[Frame] = []
        for frame in self.frames(drive, vehicle):
            assert self.shown is not None
            pixels = frame.picture.bgr().copy()
            for bit in range(BITS):
                pixels[:SIDE, SIDE * bit : SIDE * bit + SIDE] = 255 if len(self.seen) >> bit & 1 else 0
            self.seen.append(self.shown)
            frames.append(replace(frame, picture=ArrayPicture(pixels=pixels)))
        return frames

    def detect(self, picture: ImageBGR, full_wh: SizeWH | None = None) -> Detections:
        """What the picture of this number shows."""
        if picture.shape[1::-1] != self.size:
            return self.seen[0]  # a quarter of a picture, in which people and vehicles are looked for
        cells = [float(picture[:SIDE, SIDE * bit : SIDE * bit + SIDE].mean()) > 127 for bit in range(BITS)]
        return self.seen[sum(1 << bit for bit, on in enumerate(cells) if on)]


def filmed(frames: list[Frame], path: Path, *, fps: int, size: SizeWH) -> bytes:
    """Pictures as a video, with a key picture every fourth."""
    with av.open(path, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=fps)
        stream.width, stream.height = size
        stream.options = {"crf": "18", "g": "4"}
        for frame in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame.picture.bgr(), format="bgr24")))
        container.mux(stream.encode(None))
    return path.read_bytes()


def gpx(town: Town, drive: Drive) -> bytes:
    """The way of a drive, a fix each second."""
    points = "".join(
        f'<trkpt lat="{f.where.lat}" lon="{f.where.lon}"><time>{f.at:%Y-%m-%dT%H:%M:%S.%fZ}</time></trkpt>'
        for f in town.track(drive, hz=1.0).fixes
    )
    head = '<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1"><trk><trkseg>'
    return f"{head}{points}</trkseg></trk></gpx>".encode()
