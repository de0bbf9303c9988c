"""Damaged pictures and impossible zones at the doors (reliability D1, D2): an answer in words, never a 500.

`JIEXUN_TEST_MUTANTS` says how many of each; before a release, 20000. The same number makes the same damage.
"""

import json
import os
import random
from typing import Any

import cv2
import numpy as np
import pytest

from inference.sources.decoding import Children, decoded_apart
from inference.sources.pushed import Mailbox
from tests.rigs.fragile_decoder import ABORT, COMMAND, GREEDY, with_comment
from tests.web_house import Browser, House, jpeg

MUTANTS = int(os.environ.get("JIEXUN_TEST_MUTANTS", "150"))
FORMATS = (".jpg", ".png", ".webp", ".bmp", ".tiff", ".gif")
NUMBERS = (
    "NaN", "Infinity", "-Infinity", "1e999", "-1e999", '"5"', "true", "null", "[]", "{}", '"\\ud800"', "9" * 400,
    "0", "-0.0", "1", "0.5", "1.0000001", "-1e-9", "180", "-180.0001", "91", "1e-320",
)  # fmt: skip
TAILS = (b"", b"PK\x03\x04" * 300, b"<script>", bytes(4000), b"\xff\xd9")


@pytest.fixture
def mailbox(house: House) -> Mailbox:
    house.mailboxes["east-gate"] = Mailbox()
    return house.mailboxes["east-gate"]


def pictures() -> list[bytes]:
    noise = np.random.default_rng(3).integers(0, 255, (48, 64, 3), dtype=np.uint8)
    encoded = [cv2.imencode(form, noise)[1].tobytes() for form in FORMATS]
    return [*encoded, *encoded[:1] * 5]  # half of them JPEG, which alone is taken


def damaged(data: bytes, dice: random.Random) -> bytes:
    parts = bytearray(data)
    for _ in range(dice.choice((0, 1, 3, 10, 60))):
        parts[dice.randrange(len(parts) if dice.random() < 0.5 else min(700, len(parts)))] = dice.randrange(256)
    if dice.random() < 0.2:
        del parts[dice.randrange(len(parts)) :]
    return bytes(parts) + dice.choice(TAILS)


def test_a_damaged_picture_is_taken_or_refused_and_costs_nothing_else(house: House, mailbox: Mailbox) -> None:
    dice, camera, seeds, told = random.Random(11), house.camera("east-gate"), pictures(), dict[int, int]()
    for _ in range(MUTANTS):
        data = damaged(dice.choice(seeds), dice)
        answer = camera.post(
            "/v1/cameras/east-gate/frames", content=data, headers={"Content-Type": "image/jpeg"}, raise_errors=False
        )
        told[answer.status_code] = told.get(answer.status_code, 0) + 1
        assert answer.status_code == 202 or answer.json()["detail"]
    assert told.keys() == {202, 415, 422}, told
    assert mailbox.counts.offered == told[202]


@pytest.mark.parametrize("killer", [ABORT, GREEDY])
def test_a_picture_that_kills_its_decoder_costs_its_sender_only(house: House, killer: bytes) -> None:
    browser, headers = house.browser(), {"Content-Type": "image/jpeg"}
    with decoded_apart(lambda: Children(COMMAND, at_once=1)):
        told = [
            browser.post("/v1/detect", content=data, headers=headers, raise_errors=False)
            for data in (jpeg(), with_comment(jpeg(), killer), jpeg())
        ]
    assert [answer.status_code for answer in told] == [200, 422, 200]
    assert "stopped the program" in told[1].json()["detail"]


def polygon(dice: random.Random) -> str:
    """JSON of a polygon of which nobody knows whether it is one."""
    how = dice.randrange(6)
    if how == 0:
        points = [[dice.random(), dice.random()] for _ in range(dice.choice((0, 1, 2, 3, 4, 8)))]
    elif how == 1:
        points = [[0.5, 0.5]] * dice.choice((3, 4, 100))
    elif how == 2:
        points = [[0, 0], [1, 1], [1, 0], [0, 1]]
    elif how == 3:
        points = [[dice.random(), dice.random()] for _ in range(dice.choice((65, 1000)))]
    else:
        corners = [[dice.choice(NUMBERS) for _ in range(dice.choice((2, 2, 2, 1, 3)))] for _ in range(4)]
        return "[" + ",".join(f"[{','.join(corner)}]" for corner in corners) + "]"
    return json.dumps(points)


def drawing(dice: random.Random) -> str:
    zone: dict[str, Any] = {"id": "road", "kind": dice.choice(["no_parking", "fire_lane", "", "no_parking", "\u202e"])}
    if dice.random() < 0.3:
        zone["dwell"] = "DWELL"
    text = json.dumps({**zone, "polygon": "POLYGON"})
    return text.replace('"DWELL"', dice.choice(NUMBERS)).replace('"POLYGON"', polygon(dice))


def test_an_impossible_zone_is_refused_in_words(house: House, browser: Browser) -> None:
    dice, told, edition = random.Random(12), dict[int, int](), 0
    for _ in range(MUTANTS):
        body = f'{{"instead_of": {edition}, "drawing": {{"zones": [{drawing(dice)}]}}}}'
        answer = browser.ask(
            "PUT",
            "/v1/cameras/east-gate/drawing",
            content=body.encode(),
            headers={"Content-Type": "application/json"},
            raise_errors=False,
        )
        told[answer.status_code] = told.get(answer.status_code, 0) + 1
        said = json.loads(answer.text, parse_constant=pytest.fail)
        assert answer.is_success or said["detail"]
        edition = said["edition"] if answer.is_success else edition
    assert told.keys() <= {200, 201, 400, 422}, told
    assert told[422] > 0
    assert edition == sum(told.get(status, 0) for status in (200, 201))


def test_what_lies_200_000_deep_and_has_10_000_corners_is_refused(browser: Browser) -> None:
    json_type = {"Content-Type": "application/json"}
    deep = f'{{"zones": [{{"id": "a", "kind": "no_parking", "polygon": {"[" * 200_000}'
    corners = json.dumps({"zones": [{"id": "a", "kind": "no_parking", "polygon": [[0.1, 0.2]] * 10_000}]})
    for body in (deep, corners):
        answer = browser.post("/v1/cameras/east-gate/dry-run", content=body.encode(), headers=json_type)
        assert 400 <= answer.status_code < 500
        assert answer.json()["detail"]
