from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from av.video.frame import VideoFrame

from inference.errors import EvidenceError
from inference.evidence.folder import FolderStore
from inference.evidence.kept import KeptPicture
from inference.evidence.panorama import develop, encode_jpeg
from inference.frame import ImageBGR
from inference.sources.video_file import VideoFile


def kept(store: FolderStore, data: bytes, media_type: str = "image/jpeg") -> KeptPicture:
    return KeptPicture(
        sha256=store.put(data),
        media_type=media_type,
        captured_at=datetime(2026, 5, 1, tzinfo=UTC),
        box=(0.0, 0.0, 10.0, 10.0),
        confidence=0.9,
    )


def test_a_senders_jpeg_is_used_byte_for_byte(
    store: FolderStore, picture: Callable[..., ImageBGR], as_jpeg: Callable[[ImageBGR], bytes]
) -> None:
    sent = as_jpeg(picture())
    panorama = develop(kept(store, sent), store)
    assert panorama.jpeg == sent
    assert panorama.original is None
    assert panorama.size_wh == (320, 192)


@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_a_key_packet_shows_the_pixels_that_the_stream_showed(
    store: FolderStore, key_packet: Callable[..., Any], codec: str
) -> None:
    packet = key_packet(codec)
    panorama = develop(kept(store, packet.data, packet.media_type), store)
    assert np.array_equal(panorama.pixels, packet.shown)
    assert panorama.original is not None
    assert panorama.original.data == packet.data
    assert panorama.size_wh == (1280, 720)


def test_a_kept_key_packet_of_a_file_shows_the_pixels_that_were_inspected(
    store: FolderStore, picture: Callable[..., ImageBGR], tmp_path: Path
) -> None:
    clip = tmp_path / "clip.mp4"
    with av.open(clip, "w") as output:
        stream = output.add_stream("libx264", rate=5, width=320, height=192, pix_fmt="yuv420p", options={"g": "5"})
        for seed in range(12):
            frame = VideoFrame.from_ndarray(picture(seed), format="bgr24")
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    looks = list(VideoFile(clip, camera="cam-1", started_at=datetime(2026, 5, 1, tzinfo=UTC)).frames())
    assert len(looks) == 3
    for look in looks:
        original = look.picture.original()
        assert original is not None
        panorama = develop(kept(store, original.data, original.media_type), store)
        assert np.array_equal(panorama.pixels, look.picture.bgr())


def test_a_developed_jpeg_has_full_size_and_looks_like_the_picture(
    store: FolderStore, key_packet: Callable[..., Any]
) -> None:
    packet = key_packet()
    file = develop(kept(store, packet.data, packet.media_type), store).jpeg
    again = cv2.imdecode(np.frombuffer(file, dtype=np.uint8), cv2.IMREAD_COLOR)
    assert again is not None
    assert again.shape == (720, 1280, 3)
    assert float(np.abs(again.astype(int) - packet.shown).mean()) < 10


def test_developing_twice_gives_the_same_file(store: FolderStore, key_packet: Callable[..., Any]) -> None:
    packet = key_packet()
    picture = kept(store, packet.data, packet.media_type)
    assert develop(picture, store).jpeg == develop(picture, store).jpeg


@pytest.mark.parametrize(
    ("data", "media_type"),
    [(b"", "image/jpeg"), (b"\xff\xd8 no picture", "image/jpeg"), (b"no packet", "video/h264"), (b"GIF89a", "text/x")],
)
def test_what_is_no_picture_is_refused_in_words(store: FolderStore, data: bytes, media_type: str) -> None:
    with pytest.raises(EvidenceError, match="cannot be developed"):
        develop(kept(store, data, media_type), store)


@pytest.mark.parametrize("shape", [(0, 10, 3), (10, 0, 3), (1, 70_000, 3)])
def test_a_size_that_no_jpeg_has_is_refused(shape: tuple[int, int, int]) -> None:
    with pytest.raises(EvidenceError, match="cannot be a JPEG"):
        encode_jpeg(np.zeros(shape, dtype=np.uint8))
