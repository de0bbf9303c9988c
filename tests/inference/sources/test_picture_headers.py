import os
import random
import struct
import subprocess
import sys
import time
import zlib

import numpy as np
import pytest

from inference.errors import PictureRefused
from inference.sources.jpeg_header import MAX_JPEG_BYTES, jpeg_header
from inference.sources.png_header import png_header
from inference.sources.still_picture import still_picture
from tests.rigs.clips import exif_block, jpeg, png, street


def claiming(width: int, height: int) -> bytes:
    data = jpeg(street(0))
    at = data.index(b"\xff\xc0")
    return data[: at + 5] + struct.pack(">HH", height, width) + data[at + 9 :]


def png_claiming(width: int, height: int) -> bytes:
    data = png(street(0))
    header = b"IHDR" + struct.pack(">II", width, height) + data[24:29]
    return data[:12] + header + struct.pack(">I", zlib.crc32(header)) + data[33:]


def scans(count: int) -> bytes:
    data = jpeg(street(0))
    scan = data[data.index(b"\xff\xda") : -2]
    return data[:-2] + scan * (count - 1) + data[-2:]


def test_reads_size_and_exif() -> None:
    block = exif_block(taken_at="2026:05:01 08:00:00")
    header = jpeg_header(jpeg(street(0), exif=block))
    assert (header.media_type, header.size_wh, header.exif) == ("image/jpeg", (320, 180), block)
    assert png_header(png(street(0))).size_wh == (320, 180)


@pytest.mark.parametrize("data", [claiming(32000, 32000), png_claiming(32000, 32000)])
def test_a_gigapixel_header_is_refused_in_milliseconds(data: bytes) -> None:
    started = time.thread_time()  # of this thread's own work, however busy the machine is
    with pytest.raises(PictureRefused, match="32000x32000 pixels; send at most 40 megapixels"):
        still_picture(data)
    assert time.thread_time() - started < 0.1


def test_the_decoder_itself_refuses_a_gigapixel_header_too() -> None:
    script = (
        "import sys, inference, cv2, numpy\n"
        "try: cv2.imdecode(numpy.frombuffer(sys.stdin.buffer.read(), numpy.uint8), 1)\n"
        "except cv2.error as error: sys.exit(0 if 'CV_IO_MAX_IMAGE_PIXELS' in str(error) else 2)\n"
        "sys.exit(1)"
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENCV")}
    run = subprocess.run(
        [sys.executable, "-c", script], input=claiming(32000, 32000), env=environment, timeout=60, check=False
    )
    assert run.returncode == 0


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "no JPEG"),
        (b"GIF89a", "no JPEG"),
        (b"\xff\xd8", "cut off"),
        (b"\xff\xd8\xff\xd9", "holds no picture"),
        (jpeg(street(0))[:-2], "cut off"),
        (jpeg(street(0))[:200], "cut off"),
        (jpeg(street(0)) + b"PK\x03\x04" * 2000, "8000 bytes follow"),
        (claiming(0, 180), "0x180"),
        (claiming(320, 0), "320x0"),
        (scans(65), "over 64 scans"),
        (jpeg(street(0)).replace(b"\xff\xc0", b"\xff\xc3"), "kind of JPEG"),
        (jpeg(street(0)) + bytes(MAX_JPEG_BYTES), "send at most 8388608"),
        (png(street(0))[:-12], "cut off"),
        (png(street(0))[:20], "cut off"),
        (png(street(0)) + bytes(5000), "5000 bytes follow"),
        (png_claiming(0, 7), "0x7"),
    ],
)
def test_what_must_not_be_decoded_is_refused(data: bytes, sentence: str) -> None:
    with pytest.raises(PictureRefused, match=sentence):
        still_picture(data)


def test_what_cameras_do_is_accepted() -> None:
    padded = jpeg(street(0)) + bytes(512)
    filled = jpeg(street(0)).replace(b"\xff\xdb", b"\xff\xff\xff\xdb", 1)
    for data in (padded, filled, scans(64), jpeg(street(0), progressive=True)):
        assert still_picture(data).size_wh == (320, 180)


@pytest.mark.parametrize("make", [jpeg, png])
def test_400_mutants_give_a_picture_or_a_refusal_and_nothing_else(make: object) -> None:
    noise = np.random.default_rng(3).integers(0, 255, (48, 64, 3), dtype=np.uint8)
    seeds = [jpeg(noise), jpeg(noise, progressive=True), jpeg(noise, exif=exif_block(orientation=6))]
    if make is png:
        seeds = [png(noise)]
    dice = random.Random(11)
    outcomes = {"picture": 0, "refused": 0}
    for _ in range(400):
        data = bytearray(dice.choice(seeds))
        for _ in range(dice.choice([0, 1, 3, 10, 60])):
            place = dice.randrange(len(data) if dice.random() < 0.5 else min(700, len(data)))
            data[place] = dice.choice([0, 0xFF, 0xD8, 0xD9, 0xC0, 0xDA, dice.randrange(256)])
        if dice.random() < 0.2:
            del data[dice.randrange(len(data)) :]
        try:
            picture = still_picture(bytes(data))
            assert picture.bgr((32, 32)).shape[2] == 3
            picture.luma((16, 16))
            outcomes["picture"] += 1
        except PictureRefused:
            outcomes["refused"] += 1
    assert min(outcomes.values()) > 3, outcomes
