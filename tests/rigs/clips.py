"""Short clips and stills, made when a test needs them."""

import struct
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]


def street(number: int, size_wh: tuple[int, int] = (320, 180)) -> Pixels:
    """A grey street with a bright block that moves to the right, BGR."""
    width, height = size_wh
    pixels = np.full((height, width, 3), 90, dtype=np.uint8)
    left = number * 4 % (width - 40)
    pixels[height // 3 : height // 2, left : left + 40] = (60, 60, 220)
    return pixels


def make_clip(
    path: Path,
    *,
    seconds: float = 6.0,
    fps: int = 10,
    key_every: float = 2.0,
    codec: str = "libx264",
    size_wh: tuple[int, int] = (320, 180),
    pixels: Callable[[int], Pixels] | None = None,
    first_pts: int = 0,
    options: dict[str, str] | None = None,
) -> Path:
    """Encode a clip; an mp4 gets its index in front, so that it can be cut."""
    container_options = {"movflags": "faststart"} if path.suffix == ".mp4" else {}
    with av.open(str(path), "w", options=container_options) as container:
        stream = container.add_stream(codec, rate=fps)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height = size_wh
        stream.pix_fmt = "rgb8" if codec == "gif" else "yuv420p"
        stream.codec_context.gop_size = max(1, round(fps * key_every))
        stream.codec_context.time_base = Fraction(1, fps)
        stream.options = {"sc_threshold": "0", "preset": "ultrafast", "bf": "2", **(options or {})}
        for number in range(round(seconds * fps)):
            image = street(number, size_wh) if pixels is None else pixels(number)
            frame = av.VideoFrame.from_ndarray(image, format="bgr24")
            frame.pts, frame.time_base = number + first_pts, Fraction(1, fps)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def make_sound(path: Path) -> Path:
    """A file with a sound track and no pictures."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=16000)
        assert isinstance(stream, av.AudioStream)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 16000), dtype=np.float32), format="fltp", layout="mono")
        frame.sample_rate = 16000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def turn_clip(path: Path) -> Path:
    """Rewrite the display matrix of an mp4's picture track: to be shown turned clockwise by a quarter."""
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 4 + 40  # version 0: 40 bytes lie in front of the matrix
    one, minus_one = 0x00010000, 0xFFFF0000
    data[at : at + 36] = struct.pack(">9I", 0, one, 0, minus_one, 0, 0, 0, 0, 0x40000000)
    path.write_bytes(data)
    return path


def jpeg(pixels: Pixels, *, exif: bytes | None = None, progressive: bool = False) -> bytes:
    """A JPEG file, with an EXIF block right behind its first marker if one is given."""
    data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_PROGRESSIVE, int(progressive)])[1].tobytes()
    if exif is None:
        return data
    block = b"Exif\0\0" + exif
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + data[2:]


def png(pixels: Pixels) -> bytes:
    """A PNG file."""
    return cv2.imencode(".png", pixels)[1].tobytes()


def exif_block(
    *, taken_at: str | None = None, offset: str | None = None, orientation: int = 1, order: str = ">"
) -> bytes:
    """A TIFF structure with orientation and, in the EXIF directory, `YYYY:MM:DD HH:MM:SS` and a UTC offset."""
    texts = [(tag, text.encode() + b"\0") for tag, text in ((0x9003, taken_at), (0x9011, offset)) if text]
    details_at = 8 + 2 + 2 * 12 + 4
    content_at = details_at + 2 + 12 * len(texts) + 4
    details, content = struct.pack(order + "H", len(texts)), b""
    for tag, text in texts:
        details += struct.pack(order + "HHII", tag, 2, len(text), content_at + len(content))
        content += text
    head = (b"MM" if order == ">" else b"II") + struct.pack(order + "HI", 42, 8)
    main = struct.pack(order + "H", 2)
    main += struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0)
    main += struct.pack(order + "HHII", 0x8769, 4, 1, details_at) + bytes(4)
    return head + main + details + bytes(4) + content
