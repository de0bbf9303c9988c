"""Pushing by GA/T 1400, as a device does it."""

import base64
import hashlib
from datetime import UTC, datetime
from typing import Any
from urllib.request import parse_http_list, parse_keqv_list

import httpx
import pytest

from api.image_library.digest import Credentials, DigestGate
from api.image_library.library import ImageLibrary, ImageSender
from api.image_library.registrations import Registrations
from inference.sources.pushed import Mailbox
from tests.web_house import Browser, House, jpeg

PLATFORM, CAMERA, STRANGE = "34020000001190000001", "34020000001320000001", "34020000001320000009"
REGISTER, KEEPALIVE, IMAGES = "/VIID/System/Register", "/VIID/System/Keepalive", "/VIID/Images"
BODY = {"RegisterObject": {"DeviceID": PLATFORM}}
CHALLENGE = 'Digest realm="jiexun", qop="auth", algorithm=MD5, nonce="1-2.3"'


@pytest.fixture
def device(house: House) -> Browser:
    """A device before a library that knows one platform, which pushes for the east gate."""
    house.image_library = ImageLibrary(
        id="34020000005030000001",
        senders={
            PLATFORM: ImageSender(
                credentials=Credentials(user="platform", password="right"), cameras={CAMERA: "east-gate"}
            )
        },
        gate=DigestGate(key=b"k" * 32, clock=house.clock),
        registrations=Registrations(house.clock),
    )
    house.mailboxes["east-gate"] = Mailbox(capacity=5)
    return house.stranger()


def answer(challenge: str, password: str, *, method: str = "POST", uri: str = REGISTER, user: str = "platform") -> str:
    """What a device makes of a challenge, worked out here once more from RFC 7616."""
    said = parse_keqv_list(parse_http_list(challenge.partition(" ")[2]))
    ha1 = hashlib.md5(f"{user}:{said['realm']}:{password}".encode()).hexdigest()
    ha2 = hashlib.md5(f"{method}:{uri}".encode()).hexdigest()
    response = hashlib.md5(f"{ha1}:{said['nonce']}:00000001:c0ffee:auth:{ha2}".encode()).hexdigest()
    return (
        f'Digest username="{user}", realm="{said["realm"]}", nonce="{said["nonce"]}", uri="{uri}", '
        f'qop=auth, nc=00000001, cnonce="c0ffee", algorithm=MD5, response="{response}"'
    )


def challenged(device: Browser) -> str:
    refused = device.post(REGISTER, json=BODY)
    assert refused.status_code == 401
    return refused.headers["WWW-Authenticate"]


def register(device: Browser) -> httpx.Response:
    return device.post(REGISTER, json=BODY, headers={"Authorization": answer(challenged(device), "right")})


def image(data: bytes, **info: Any) -> dict[str, Any]:
    about = {"ImageID": "1", "DeviceID": CAMERA, "ShotTime": "20260302092958", "FileFormat": "Jpeg", "EventSort": 4}
    return {"ImageInfo": {**about, **info}, "Data": base64.b64encode(data).decode()}


def push(device: Browser, *images: dict[str, Any], sender: str = PLATFORM) -> httpx.Response:
    headers = {"User-Identify": sender, "Content-Type": "application/VIID+JSON;charset=utf-8"}
    return device.post(IMAGES, json={"ImageListObject": {"Image": list(images)}}, headers=headers)


def statuses(answered: httpx.Response) -> list[tuple[str, int]]:
    assert answered.status_code == 200
    assert answered.headers["Content-Type"] == "application/VIID+JSON"
    found = answered.json()["ResponseStatusListObject"]["ResponseStatusObject"]
    return [(one["Id"], one["StatusCode"]) for one in found]


def test_a_registered_sender_pushes_a_picture_to_its_camera(house: House, device: Browser) -> None:
    registered = register(device).json()["ResponseStatusObject"]
    assert (registered["StatusCode"], registered["Id"]) == (0, PLATFORM)
    assert registered["LocalTime"] == "20260302093000"
    assert statuses(push(device, image(jpeg(), FileHash=hashlib.md5(jpeg()).hexdigest().upper()))) == [("1", 0)]
    frame = house.mailboxes["east-gate"].take(0)
    assert frame is not None
    assert frame.captured_at == house.clock()
    assert frame.sender_time == datetime(2026, 3, 2, 1, 29, 58, tzinfo=UTC)
    original = frame.picture.original()
    assert original is not None
    assert original.data == jpeg()


def test_each_picture_of_a_message_is_judged_by_itself(house: House, device: Browser) -> None:
    register(device)
    wrong: list[dict[str, Any]] = [
        image(jpeg(), ImageID="strange", DeviceID=STRANGE),
        image(jpeg(), ImageID="hash", FileHash="0" * 32),
        image(jpeg(), ImageID="png", FileFormat="Png"),
        image(jpeg(), ImageID="time", ShotTime="20261345999999"),
        image(b"no picture", ImageID="bytes"),
        image(b"", ImageID="base64") | {"Data": "!"},
    ]
    taken = push(device, image(jpeg(1)), *wrong, image(jpeg(2), ImageID="2"))
    refused = [(one["ImageInfo"]["ImageID"], 1) for one in wrong]
    assert statuses(taken) == [("1", 0), *refused, ("2", 0)]
    assert house.mailboxes["east-gate"].counts.offered == 2


@pytest.mark.parametrize("path", [IMAGES, KEEPALIVE])
def test_who_is_not_registered_is_turned_away_before_a_byte_is_read(device: Browser, path: str) -> None:
    headers = {"User-Identify": PLATFORM, "Content-Type": "application/json"}
    assert device.post(path, content=b"{", headers=headers).status_code == 401
    register(device)
    assert device.post(path, content=b"{", headers=headers).status_code == 422


def test_what_carries_no_picture_is_small(device: Browser) -> None:
    assert device.post(REGISTER, content=b" " * 100_000).status_code == 413


def wrong_proofs(challenge: str) -> dict[str, str]:
    right = answer(challenge, "right")
    return {
        "password": answer(challenge, "wrong"),
        "user": answer(challenge, "right", user="admin"),
        "path": answer(challenge, "right", uri="/VIID/System/UnRegister"),
        "method": answer(challenge, "right", method="GET"),
        "qop": right.replace("qop=auth", "qop=auth-int"),
        "nonce": answer(challenge.replace('nonce="', 'nonce="0'), "right"),
        "empty nonce": answer('Digest realm="jiexun", nonce=".", qop="auth"', "right"),
        "nothing": "Digest",
        "scheme": right.replace("Digest", "Basic"),
        "grammar": 'Digest username="platform", =, nonce',
    }


@pytest.mark.parametrize("wrong", wrong_proofs(CHALLENGE))
def test_who_cannot_prove_itself_is_not_registered(device: Browser, wrong: str) -> None:
    proof = wrong_proofs(challenged(device))[wrong]
    assert device.post(REGISTER, json=BODY, headers={"Authorization": proof}).status_code == 401
    assert push(device, image(jpeg())).status_code == 401


def test_a_proof_is_good_once_and_for_a_minute(house: House, device: Browser) -> None:
    proof = {"Authorization": answer(challenged(device), "right")}
    assert device.post(REGISTER, json=BODY, headers=proof).status_code == 200
    assert device.post(REGISTER, json=BODY, headers=proof).status_code == 401
    late = {"Authorization": answer(challenged(device), "right")}
    house.clock.forward(seconds=90)
    assert device.post(REGISTER, json=BODY, headers=late).status_code == 401


def test_a_registration_lasts_as_long_as_its_sender_is_heard(house: House, device: Browser) -> None:
    register(device)
    alive = {"KeepaliveObject": {"DeviceID": PLATFORM}}
    for _ in range(3):
        house.clock.forward(minutes=4)
        assert device.post(KEEPALIVE, json=alive, headers={"User-Identify": PLATFORM}).status_code == 200
    house.clock.forward(minutes=6)
    silent = device.post(KEEPALIVE, json=alive, headers={"User-Identify": PLATFORM})
    assert (silent.status_code, "register first" in silent.json()["detail"]) == (401, True)
    assert silent.headers["WWW-Authenticate"].startswith("Digest ")


def test_a_sender_leaves_by_proving_itself_once_more(device: Browser) -> None:
    register(device)
    leave, body = "/VIID/System/UnRegister", {"UnRegisterObject": {"DeviceID": PLATFORM}}
    assert device.post(leave, json=body).status_code == 401
    proof = answer(challenged(device), "right", uri=leave)
    assert device.post(leave, json=body, headers={"Authorization": proof}).status_code == 200
    assert push(device, image(jpeg())).status_code == 401


def test_a_number_is_believed_from_the_address_that_registered_it_alone() -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    known = Registrations(lambda: now)
    known.register(PLATFORM, "10.0.0.5")
    assert known.hear(PLATFORM, "10.0.0.5")
    assert not known.hear(PLATFORM, "10.0.0.6")
    assert not known.hear(CAMERA, "10.0.0.5")


def test_our_clock_is_told_in_the_city_s_time_zone(device: Browser) -> None:
    told = device.get("/VIID/System/Time").json()["SystemTimeObject"]
    assert (told["LocalTime"], told["TimeZone"]) == ("20260302093000", "Asia/Shanghai")
