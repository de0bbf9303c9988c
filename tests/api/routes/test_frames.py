import base64
import hashlib
from datetime import UTC, datetime

import pytest

from inference.sources.pushed import Mailbox
from tests.web_house import House, jpeg

URL = "/v1/cameras/east-gate/frames"
JPEG = {"Content-Type": "image/jpeg"}


def digest(data: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(data).digest()).decode()}:"


@pytest.fixture
def mailbox(house: House) -> Mailbox:
    house.mailboxes["east-gate"] = Mailbox()
    return house.mailboxes["east-gate"]


def test_a_frame_reaches_the_worker_with_both_clocks(house: House, mailbox: Mailbox) -> None:
    headers = {**JPEG, "X-Captured-At": "2026-03-02T09:29:58+08:00", "Content-Digest": digest(jpeg())}
    answer = house.camera("east-gate").post(URL, content=jpeg(), headers=headers)
    assert answer.status_code == 202
    assert answer.json()["sha256"] == hashlib.sha256(jpeg()).hexdigest()
    frame = mailbox.take(0)
    assert frame is not None
    assert frame.captured_at == house.clock()
    assert frame.sender_time == datetime(2026, 3, 2, 1, 29, 58, tzinfo=UTC)
    original = frame.picture.original()
    assert original is not None
    assert original.data == jpeg()


@pytest.mark.parametrize(("said", "skew"), [("09:29:58", None), ("09:32:00", 120.0), ("09:29:00", -60.0)])
def test_whose_clock_is_wrong_is_told_so(house: House, mailbox: Mailbox, said: str, skew: float | None) -> None:
    headers = {**JPEG, "X-Captured-At": f"2026-03-02T{said}+08:00"}
    answer = house.camera("east-gate").post(URL, content=jpeg(), headers=headers)
    assert (answer.json()["clock_skew"], mailbox.counts.offered) == (skew, 1)


def test_the_newest_frame_wins_and_the_answer_says_what_was_shed(house: House, mailbox: Mailbox) -> None:
    browser = house.camera("east-gate")
    shed = [browser.post(URL, content=jpeg(seed), headers=JPEG).json()["shed"] for seed in (1, 2, 3)]
    assert shed == [0, 1, 2]
    frame = mailbox.take(0)
    assert frame is not None
    assert frame.picture.original() is not None
    assert mailbox.counts.taken == 1


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Digest": digest(b"something else")}, 422),
        ({"Content-Digest": "md5=:abc:"}, 422),
        ({"Content-Digest": "sha-256=:" + "=" * 44 + ":"}, 422),
        ({"X-Captured-At": "2026-03-02T09:29:58"}, 422),
        ({"X-Captured-At": "0001-01-01T00:00:00+14:00"}, 422),
        ({"X-Captured-At": "yesterday"}, 422),
        ({"Content-Type": "image/png"}, 415),
    ],
)
def test_a_doubtful_frame_is_refused_and_not_kept(
    house: House, mailbox: Mailbox, headers: dict[str, str], status: int
) -> None:
    answer = house.camera("east-gate").post(URL, content=jpeg(), headers={**JPEG, **headers})
    assert answer.status_code == status
    assert mailbox.counts.offered == 0


def test_one_flipped_bit_is_seen_where_a_digest_comes_along(house: House, mailbox: Mailbox) -> None:
    damaged = bytearray(jpeg())
    damaged[-40] ^= 1
    headers = {**JPEG, "Content-Digest": digest(jpeg())}
    assert house.camera("east-gate").post(URL, content=bytes(damaged), headers=headers).status_code == 422
    assert mailbox.counts.offered == 0


def test_a_camera_that_nobody_knows_and_one_that_nobody_watches(house: House) -> None:
    unknown = house.camera("no-such").post("/v1/cameras/no-such/frames", content=jpeg(), headers=JPEG)
    assert (unknown.status_code, "no camera" in unknown.json()["detail"]) == (404, True)
    unwatched = house.camera("east-gate").post(URL, content=jpeg(), headers=JPEG)
    assert (unwatched.status_code, "no worker" in unwatched.json()["detail"]) == (503, True)
