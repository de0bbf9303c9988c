"""Frames with their place, and recordings in parts: kept before the answer, once, and refused in words."""

import base64
import hashlib
import os
from datetime import timedelta
from typing import Any

import httpx
import pytest

from api.patrols.inlet import GIVEN_UP_AFTER, MOST_OPEN, Plan, announced
from api.quotas import Quota
from cases.patrolling.passes import Pass, PassKind, TrackPoint
from cases.patrolling.recording import RecordingState
from inference.geo import LatLon
from tests.web_house import MORNING, Browser, House, jpeg

FRAMES, RECORDINGS = "/v1/patrols/patrol-7/frames", "/v1/patrols/patrol-7/recordings"
NOW = MORNING.isoformat()
HERE = {"X-Captured-At": NOW, "X-Lat": "31.23", "X-Lon": "121.47"}
JPEG = {"Content-Type": "image/jpeg"}
VIDEO, TRACK = bytes(range(256)) * 40, b"<gpx/>"


def digest(data: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(data).digest()).decode()}:"


def push(car: Browser, headers: dict[str, str], ask: str = "") -> httpx.Response:
    return car.post(f"{FRAMES}?{ask}" if ask else FRAMES, content=jpeg(), headers={**JPEG, **headers})


def test_a_frame_is_on_the_disk_with_its_place_before_the_answer(house: House) -> None:
    car = house.camera("patrol-7")
    answer = push(
        car, {**HERE, "X-Speed": "8.5", "X-Heading": "90", "X-Accuracy": "4", "Content-Digest": digest(jpeg())}
    )
    assert answer.status_code == 202, answer.text
    assert (answer.json()["known"], answer.json()["waiting"]) == (False, 1)
    [read] = house.patrols.frames.oldest("patrol-7", 10)
    frame = read()
    assert frame.data == jpeg()
    assert frame.fix.at == MORNING
    assert (frame.fix.speed, frame.fix.heading, frame.fix.accuracy) == (8.5, 90.0, 4.0)
    assert push(car, HERE).json()["known"]
    assert house.patrols.frames.waiting("patrol-7") == 1


def test_the_address_may_say_it_and_map_coordinates_become_wgs84(house: House) -> None:
    asked = f"captured_at={NOW.replace('+', '%2B')}&lat=39.908722&lon=116.397499&coordinates=gcj02"
    answer = push(house.camera("patrol-7"), {}, asked)
    assert answer.status_code == 202, answer.text
    place = LatLon(lat=answer.json()["lat"], lon=answer.json()["lon"])
    assert place.metres_to(LatLon(lat=39.9073, lon=116.3913)) < 10


@pytest.mark.parametrize(
    ("headers", "sentence"),
    [
        ({"X-Lat": "31.23", "X-Lon": "121.47"}, "say when"),
        ({"X-Captured-At": NOW}, "say where"),
        ({"X-Captured-At": NOW, "X-Lat": "31.23"}, "say both"),
        ({**HERE, "X-Captured-At": (MORNING + timedelta(hours=1)).isoformat()}, "within the last day"),
        ({**HERE, "X-Captured-At": (MORNING - timedelta(days=2)).isoformat()}, "within the last day"),
        ({**HERE, "X-Lat": "nan"}, "not what is expected"),
        ({**HERE, "X-Lat": "91"}, "not what is expected"),
        ({**HERE, "X-Heading": "360"}, "not what is expected"),
        ({**HERE, "X-Captured-At": "2026-03-02T09:30:00"}, "not what is expected"),
        ({**HERE, "Content-Digest": digest(b"other")}, "Content-Digest"),
    ],
)
def test_a_doubtful_frame_is_refused_and_not_kept(house: House, headers: dict[str, str], sentence: str) -> None:
    answer = push(house.camera("patrol-7"), headers)
    assert (answer.status_code, sentence in answer.json()["detail"]) == (422, True), answer.text
    assert house.patrols.frames.waiting("patrol-7") == 0


def test_a_fixed_camera_and_another_s_key_are_refused(house: House) -> None:
    fixed = house.camera("east-gate").post("/v1/patrols/east-gate/frames", content=jpeg(), headers={**JPEG, **HERE})
    assert (fixed.status_code, "moving" in fixed.json()["detail"]) == (404, True)
    assert house.camera("east-gate").post(FRAMES, content=jpeg(), headers={**JPEG, **HERE}).status_code == 403


def test_what_was_looked_at_is_known_and_what_comes_too_late_is_refused(house: House) -> None:
    car, sha256 = house.camera("patrol-7"), hashlib.sha256(jpeg()).hexdigest()
    begun = Pass(id="p", vehicle="patrol-7", kind=PassKind.LIVE, started_at=MORNING, last_at=MORNING)
    seen = TrackPoint(at=MORNING, place=LatLon(lat=31.23, lon=121.47), off_metres=3, frame=sha256)
    with house.store.transaction() as book:
        book.keep_pass(begun.further([seen], 0, 0), None)
        book.add_track("p", [seen])
    again = push(car, HERE)
    assert (again.status_code, again.json()["known"]) == (202, True)
    late = push(car, {**HERE, "X-Captured-At": (MORNING - timedelta(seconds=1)).isoformat()})
    assert (late.status_code, "in order of time" in late.json()["detail"]) == (409, True)
    assert house.patrols.frames.waiting("patrol-7") == 0


def test_another_picture_of_the_same_moment_is_not_called_known(house: House) -> None:
    car = house.camera("patrol-7")
    begun = Pass(id="p", vehicle="patrol-7", kind=PassKind.LIVE, started_at=MORNING, last_at=MORNING)
    seen = TrackPoint(at=MORNING, place=LatLon(lat=31.23, lon=121.47), off_metres=3, frame="0" * 64)
    with house.store.transaction() as book:
        book.keep_pass(begun.further([seen], 0, 0), None)
        book.add_track("p", [seen])
    other = push(car, HERE)
    assert (other.status_code, "to the millisecond" in other.json()["detail"]) == (409, True)


def plan(video: bytes = VIDEO, track: bytes | None = TRACK, **more: Any) -> dict[str, Any]:
    said = {"video": {"name": "a.MP4", "size_bytes": len(video), "sha256": hashlib.sha256(video).hexdigest()}, **more}
    if track is not None:
        said["track"] = {"name": "a.gpx", "size_bytes": len(track), "sha256": hashlib.sha256(track).hexdigest()}
    return said


def send(car: Browser, id: str, part: str, offset: int, data: bytes, **headers: str) -> httpx.Response:
    sent = {"Upload-Offset": str(offset), "Content-Digest": digest(data), **headers}
    return car.ask("PATCH", f"{RECORDINGS}/{id}/{part}", content=data, headers=sent)


def test_a_recording_comes_in_parts_and_goes_on_after_a_break(house: House) -> None:
    car = house.camera("patrol-7")
    opened = car.post(RECORDINGS, json=plan())
    assert opened.status_code == 201, opened.text
    id = opened.json()["id"]
    assert send(car, id, "video", 0, VIDEO[:6000]).json()["video"]["offset"] == 6000
    skipped = send(car, id, "video", 7000, VIDEO[7000:])
    assert (skipped.status_code, "6000" in skipped.json()["detail"]) == (409, True)
    assert car.get(f"{RECORDINGS}/{id}").json()["video"] == {"offset": 6000, "size_bytes": len(VIDEO)}
    assert send(car, id, "track", 0, TRACK).json()["state"] == "receiving"
    assert send(car, id, "video", 6000, VIDEO[6000:]).json()["state"] == "waiting"
    again = car.post(RECORDINGS, json=plan())
    assert (again.json()["id"], again.json()["state"]) == (id, "waiting")
    [waiting] = house.store.patrols.recordings(state=RecordingState.WAITING)
    assert house.patrols.files.place(waiting, "video").read_bytes() == VIDEO
    assert house.patrols.files.place(waiting, "track").name == "track.gpx"
    assert send(car, id, "video", 0, VIDEO[:10]).json()["video"]["offset"] == len(VIDEO)


def test_a_damaged_part_and_a_damaged_whole_have_to_be_sent_again(house: House) -> None:
    car = house.camera("patrol-7")
    id = car.post(RECORDINGS, json=plan(track=None)).json()["id"]
    flipped = bytes([VIDEO[0] ^ 1]) + VIDEO[1:]
    one = car.ask(
        "PATCH",
        f"{RECORDINGS}/{id}/video",
        content=flipped,
        headers={"Upload-Offset": "0", "Content-Digest": digest(VIDEO)},
    )
    assert one.status_code == 422
    assert send(car, id, "video", 0, flipped[:100]).status_code == 200
    whole = send(car, id, "video", 100, flipped[100:])
    assert (whole.status_code, "from byte 0" in whole.json()["detail"]) == (409, True)
    assert car.get(f"{RECORDINGS}/{id}").json()["video"]["offset"] == 0
    assert send(car, id, "video", 0, VIDEO).json()["state"] == "waiting"


def test_what_was_left_out_at_first_can_be_announced_until_the_recording_is_whole(house: House) -> None:
    car = house.camera("patrol-7")
    first = car.post(RECORDINGS, json=plan(track=None)).json()
    assert send(car, first["id"], "video", 0, VIDEO[:6000]).json()["track"] is None
    again = car.post(RECORDINGS, json=plan()).json()
    assert (again["id"], again["created_at"]) == (first["id"], first["created_at"])
    assert (again["video"]["offset"], again["track"]["offset"]) == (6000, 0)
    assert send(car, again["id"], "video", 6000, VIDEO[6000:]).json()["state"] == "receiving"
    assert send(car, again["id"], "track", 0, TRACK).json()["state"] == "waiting"
    assert car.post(RECORDINGS, json=plan(track=None)).json()["track"] is not None


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (plan(video=VIDEO) | {"video": {"name": "a.exe", "size_bytes": 5, "sha256": "0" * 64}}, 409),
        (plan() | {"video": {"name": "a.mp4", "size_bytes": 2**60, "sha256": "0" * 64}}, 409),
        (plan() | {"video": {"name": "../a.mp4", "size_bytes": 5, "sha256": "0" * 64}}, 422),
        (plan(coordinates="utm"), 422),
        (plan(started_at="2026-03-02T09:30:00"), 422),
    ],
)
def test_what_cannot_be_a_recording_is_refused(house: House, said: dict[str, Any], status: int) -> None:
    assert house.camera("patrol-7").post(RECORDINGS, json=said).status_code == status
    assert house.store.patrols.recordings() == ()


def test_more_bytes_than_announced_a_part_that_is_none_and_a_foreign_recording(house: House) -> None:
    car = house.camera("patrol-7")
    id = car.post(RECORDINGS, json=plan(track=None)).json()["id"]
    assert send(car, id, "video", 0, VIDEO + b"!").status_code == 409
    assert send(car, id, "track", 0, TRACK).status_code == 404
    assert car.get(f"{RECORDINGS}/no-such").status_code == 404
    assert car.ask("PATCH", f"{RECORDINGS}/{id}/video", content=b"x").status_code == 422


def test_a_recording_that_is_announced_anew_with_another_track_takes_that_one(house: House) -> None:
    inlet, video = house.patrols, announced("a.mp4", 3, hashlib.sha256(b"mp4").hexdigest())
    for track in (b"<gpx>1</gpx>", b"<gpx>two</gpx>"):
        part = announced("a.gpx", len(track), hashlib.sha256(track).hexdigest(), track=True)
        recording = inlet.announce("patrol-7", Plan(name="a.mp4", video=video, track=part))
        assert inlet.files.offset(recording, "track") == 0
        recording, _ = inlet.append(recording, "track", 0, track)
        assert inlet.files.place(recording, "track").read_bytes() == track


def test_recordings_nobody_goes_on_with_do_not_block_the_vehicle_for_ever(house: House) -> None:
    car = house.camera("patrol-7")
    ids = [car.post(RECORDINGS, json=plan(bytes([k]) * 90)).json()["id"] for k in range(MOST_OPEN)]
    eleventh = car.post(RECORDINGS, json=plan())
    assert (eleventh.status_code, "a.MP4; send" in eleventh.json()["detail"]) == (409, True)
    house.clock.forward(days=GIVEN_UP_AFTER.days, seconds=1)
    send(car, ids[3], "video", 0, b"\3")
    [going_on] = [one for one in house.store.patrols.recordings() if one.id == ids[3]]
    there = house.patrols.files.place(going_on, "video").with_name("video.part")
    os.utime(there, times=(house.clock().timestamp(), house.clock().timestamp()))
    assert car.post(RECORDINGS, json=plan()).status_code == 201
    kept = {one.id: one for one in house.store.patrols.recordings()}
    assert kept[ids[3]].state is RecordingState.RECEIVING
    assert there.exists()
    given_up = [kept[id] for id in ids if id != ids[3]]
    assert {one.state for one in given_up} == {RecordingState.REFUSED}
    assert "no byte came for 3 days" in given_up[0].reason
    again = car.post(RECORDINGS, json=plan(bytes([0]) * 90)).json()
    assert (again["id"], again["state"]) == (ids[0], "receiving")


def test_a_worker_that_starts_frees_the_disk_of_recordings_nobody_goes_on_with(house: House) -> None:
    car = house.camera("patrol-7")
    id = car.post(RECORDINGS, json=plan()).json()["id"]
    send(car, id, "video", 0, VIDEO[:500])
    [here] = house.store.patrols.recordings()
    os.utime(
        house.patrols.files.place(here, "video").with_name("video.part"),
        times=(MORNING.timestamp(), MORNING.timestamp()),
    )
    house.patrols.tidy()
    assert house.patrols.files.offset(here, "video") == 500
    house.clock.forward(days=GIVEN_UP_AFTER.days, seconds=1)
    house.patrols.tidy()
    assert house.patrols.files.offset(here, "video") == 0
    [here] = house.store.patrols.recordings()
    assert here.state is RecordingState.REFUSED


def a_plan() -> dict[str, Any]:
    file = {"name": "a.mp4", "size_bytes": len(VIDEO), "sha256": hashlib.sha256(VIDEO).hexdigest()}
    return {"video": file}


def test_a_vehicle_that_sends_too_fast_is_told_when_to_come_again_and_others_are_not(house: House) -> None:
    car = house.camera("patrol-7")
    id = car.post(RECORDINGS, json=a_plan()).json()["id"]
    for door in ("patrol frames", "patrol recordings", "parts of recordings"):
        car.app.state.quotas[door] = Quota(burst=1, every=30.0)
    part = f"{RECORDINGS}/{id}/video"
    asked = [
        lambda: push(car, HERE),
        lambda: car.post(RECORDINGS, json=a_plan()),
        lambda: car.ask("PATCH", part, content=VIDEO[:100], headers={"Upload-Offset": "0"}),
    ]
    assert [ask().status_code for ask in asked] == [202, 201, 200]
    for ask in asked:
        answer = ask()
        assert (answer.status_code, 0 < int(answer.headers["Retry-After"]) <= 30) == (429, True), answer.text
    assert house.patrols.frames.waiting("patrol-7") == 1
    assert car.app.state.quotas["patrol frames"].take("patrol-8") == 0
