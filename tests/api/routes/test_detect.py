import struct
from dataclasses import replace

import cv2
import numpy as np
import pytest

from api.accounts.roles import Role
from api.app import create_app
from tests.web_house import Browser, House, jpeg

JPEG = {"Content-Type": "image/jpeg"}


def claiming(width: int, height: int) -> bytes:
    """A JPEG whose header claims another size than it has."""
    data = bytearray(jpeg())
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def png() -> bytes:
    return cv2.imencode(".png", np.zeros((8, 8, 3), dtype=np.uint8))[1].tobytes()


def test_objects_come_back_in_pixels_of_the_picture(browser: Browser) -> None:
    answer = browser.post("/v1/detect", content=jpeg(), headers=JPEG)
    assert answer.json() == {
        "width": 640,
        "height": 360,
        "detections": [{"name": "car", "confidence": 0.875, "box": [160.0, 90.0, 480.0, 270.0]}],
    }


@pytest.mark.parametrize(
    ("content", "headers", "status", "words"),
    [
        (jpeg(), {"Content-Type": "multipart/form-data"}, 415, "Content-Type: image/jpeg"),
        (jpeg(), {}, 415, "Content-Type: image/jpeg"),
        (png(), JPEG, 415, "no JPEG"),
        (b"", JPEG, 422, "empty"),
        (jpeg()[:900], JPEG, 422, "cut off"),
        (claiming(32_000, 32_000), JPEG, 422, "at most 40 megapixels"),
        (jpeg() + bytes(100_000), JPEG, 422, "follow the end"),
        (b"\xff\xd8" + bytes(8 * 1024 * 1024), JPEG, 413, "at most 8 MB"),
        (b"\xff\xd8" + bytes(13 * 1024 * 1024), JPEG, 413, "at most"),
    ],
)
def test_what_is_no_fit_picture_gets_one_sentence(
    browser: Browser, content: bytes, headers: dict[str, str], status: int, words: str
) -> None:
    answer = browser.post("/v1/detect", content=content, headers=headers)
    assert answer.status_code == status
    assert words in answer.json()["detail"]


def test_without_a_model_it_says_so(house: House) -> None:
    browser = house.browser_of(house.person(*Role), create_app(replace(house.doors, detector=None)))
    answer = browser.post("/v1/detect", content=jpeg(), headers=JPEG)
    assert answer.status_code == 503
    assert "no model" in answer.json()["detail"]
