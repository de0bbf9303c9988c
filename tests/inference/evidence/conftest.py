"""Pictures, key packets and finding facts to make evidence from."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from av.video.frame import VideoFrame

from inference.detections import Box
from inference.evidence.dossier import FindingFacts
from inference.evidence.folder import FolderStore
from inference.evidence.kept import KeptPicture
from inference.evidence.overlay import Outline
from inference.findings import ViolationKind
from inference.frame import ImageBGR
from inference.geo import LatLon

T0 = datetime(2026, 5, 1, 0, 30, 15, tzinfo=UTC)
TARGET: Box = (60.0, 40.0, 140.0, 110.0)


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "evidence")


def street(seed: int = 0, width: int = 320, height: int = 192) -> ImageBGR:
    """Something with detail everywhere, different for every seed."""
    coarse = np.random.default_rng(seed).integers(0, 256, (height // 8, width // 8, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), dtype=np.uint8)


@pytest.fixture
def picture() -> Callable[..., ImageBGR]:
    return street


@pytest.fixture
def as_jpeg() -> Callable[[ImageBGR], bytes]:
    return lambda pixels: cv2.imencode(".jpg", pixels)[1].tobytes()


@dataclass(frozen=True)
class KeyPacket:
    """What a stream's key packet looks like, and what a player shows for it."""

    data: bytes
    media_type: str
    shown: ImageBGR


@pytest.fixture
def key_packet() -> Callable[..., KeyPacket]:
    def make(codec: str = "h264", width: int = 1280, height: int = 720) -> KeyPacket:
        encoder = av.VideoCodecContext.create({"h264": "libx264", "hevc": "libx265"}[codec], "w")
        assert isinstance(encoder, av.VideoCodecContext)
        encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
        encoder.time_base = Fraction(1, 25)
        encoder.options = {"tune": "zerolatency", "preset": "ultrafast", "x265-params": "log-level=none"}
        if codec == "hevc":
            encoder.options = {"preset": "ultrafast", "x265-params": "log-level=none:repeat-headers=1"}
        frame = VideoFrame.from_ndarray(street(3, width, height), format="bgr24").reformat(format="yuv420p")
        data = b"".join(bytes(packet) for packet in (*encoder.encode(frame), *encoder.encode(None)))
        player = av.VideoCodecContext.create(codec, "r")
        assert isinstance(player, av.VideoCodecContext)
        [shown] = [*player.decode(av.Packet(data)), *player.decode(None)]
        return KeyPacket(data, f"video/{codec}", np.asarray(shown.to_ndarray(format="bgr24"), dtype=np.uint8))

    return make


@dataclass
class Case:
    """Builds the facts of a finding on pictures that lie in `store`."""

    store: FolderStore

    def keep(self, data: bytes, *, after: float, media_type: str = "image/jpeg", box: Box = TARGET) -> KeptPicture:
        return KeptPicture(
            sha256=self.store.put(data),
            media_type=media_type,
            captured_at=T0 + timedelta(seconds=after),
            box=box,
            confidence=0.8,
        )

    def street(self, seed: int, *, after: float, box: Box = TARGET) -> KeptPicture:
        return self.keep(cv2.imencode(".jpg", street(seed))[1].tobytes(), after=after, box=box)

    def facts(self, first: KeptPicture, best: KeptPicture, last: KeptPicture) -> FindingFacts:
        return FindingFacts(
            key="cam-1/kerb/0001",
            kind=ViolationKind.ILLEGAL_PARKING,
            camera="cam-1",
            device_name="人民路东口球机",
            place_name="人民路 128 号",
            where=LatLon(lat=31.230416, lon=121.473701),
            rule="no_parking 3, dwell 12 s",
            seen_for=92.0,
            zone=Outline(points=((0.1, 0.9), (0.1, 0.3), (0.9, 0.3), (0.9, 0.9))),
            first=first,
            best=best,
            last=last,
            private_boxes=(TARGET, (200.0, 20.0, 230.0, 100.0)),
            timezone=timezone(timedelta(hours=8)),
        )

    def parked_car(self) -> FindingFacts:
        return self.facts(self.street(1, after=0), self.street(2, after=15), self.street(3, after=30))


@pytest.fixture
def case(store: FolderStore) -> Case:
    return Case(store)


@pytest.fixture
def parked_car(case: Case) -> FindingFacts:
    return case.parked_car()
