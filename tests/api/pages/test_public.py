"""Residents' pages: report, follow, answer; and what never leaves the house."""

import re
import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import cv2
import httpx
import numpy as np
import pytest
from fastapi import FastAPI

from api.accounts.roles import Role
from api.app import create_app
from api.city.city import City
from api.quotas import MOST_REMEMBERED
from cases.case import Case
from cases.history import Proof
from cases.states import CaseState
from inference.detections import Detections
from inference.findings import EvidenceRole, ViolationKind
from inference.frame import ImageBGR, SizeWH
from tests.web_house import WHERE, Browser, House, jpeg

CANARY = "canary-7f3a"


class SeesSomebody:
    """A detector for tests: one person in the lower right quarter of every picture."""

    names = ("person", "car")

    def input_wh_for(self, size_wh: SizeWH) -> SizeWH:
        return 64, 64

    def detect(self, picture: ImageBGR, full_wh: SizeWH | None = None) -> Detections:
        width, height = full_wh or (picture.shape[1], picture.shape[0])
        return Detections(
            xyxy=np.array([[width / 2, height / 2, width, height]], dtype=np.float32),
            confidence=np.array([0.9], dtype=np.float32),
            class_id=np.zeros(1, dtype=np.int64),
            names=self.names,
        )


def with_position(picture: bytes) -> bytes:
    """The picture with an EXIF block that names its phone and says where it was."""
    tiff = b"II*\x00\x08\x00\x00\x00\x01\x00\x10\x01\x02\x00\x0b\x00\x00\x00\x1a\x00\x00\x00\x00\x00\x00\x00"
    block = b"Exif\x00\x00" + tiff + CANARY.encode() + b"\x00"
    return picture[:2] + b"\xff\xe1" + (len(block) + 2).to_bytes(2, "big") + block + picture[2:]


@pytest.fixture
def app(house: House) -> FastAPI:
    return create_app(replace(house.doors, detector=SeesSomebody()))


@pytest.fixture
def resident(app: FastAPI) -> Browser:
    return Browser(app)


def form_of(resident: Browser) -> str:
    shown = resident.get(f"/public/report/what?lat={WHERE.lat}&lon={WHERE.lon}")
    return re.findall(r'name="form" value="(\w+)"', shown.text)[0]


def send(
    resident: Browser, *, photo: bytes = b"", headers: dict[str, str] | None = None, **fields: Any
) -> httpx.Response:
    filled = {"form": form_of(resident), "lat": WHERE.lat, "lon": WHERE.lon, "category": "0110"} | fields
    files = {"photo": ("a.jpg", photo, "image/jpeg")} if photo else {}
    return resident.post("/public/report", data={k: str(v) for k, v in filled.items()}, files=files, headers=headers)


def reported(resident: Browser, **more: Any) -> str:
    """The link that a report leads to."""
    answer = send(resident, **more)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].partition("?")[0]


def handled(house: House, case: Case) -> Case:
    case, desk = house.confirmed(house.now(case)), house.doors.desk
    case = desk.accept(case.id, version=case.version, by="Li")
    return handled_again(house, case)


def handled_again(house: House, case: Case) -> Case:
    proof = Proof(sha256=house.evidence.put(jpeg(9)), media_type="image/jpeg", size_bytes=1, taken_at=house.clock())
    return house.doors.desk.handle(case.id, version=case.version, by="Li", proofs=(proof,))


def the_case(house: House) -> Case:
    [case] = house.store.cases().items
    return case


def test_a_report_without_an_account_becomes_a_case_with_a_number_and_a_link(house: House, resident: Browser) -> None:
    link = reported(resident, words="bags beside the bin", photo=jpeg(3))
    case = the_case(house)
    assert (case.source, case.code, case.state) == ("resident", "0110", "candidate")
    page = resident.get(f"{link}?new=1&lang=en").text
    assert case.number in page
    assert "bags beside the bin" in page
    assert resident.get(f"/public/cases/{case.number}").status_code == 404
    house.confirmed(case)
    assert resident.get(f"/public/cases/{case.number}").status_code == 200


def test_the_same_form_sent_twice_is_one_report_with_one_link(house: House, resident: Browser) -> None:
    form = form_of(resident)
    assert reported(resident, form=form) == reported(resident, form=form)
    assert len(house.store.dossier(the_case(house).id).reports) == 1


def test_who_goes_back_and_says_something_else_has_reported_twice(house: House, resident: Browser) -> None:
    form = form_of(resident)
    first = reported(resident, form=form, words="bags beside the bin")
    other = reported(resident, form=form, words="and a mattress", photo=jpeg(3))
    assert first != other
    reports = house.dossier(the_case(house)).reports
    assert [(one.text, len(one.attachments)) for one in reports] == [("bags beside the bin", 0), ("and a mattress", 1)]


def test_camera_and_resident_make_one_case_with_two_sources(house: House, resident: Browser) -> None:
    case = house.case(kind=ViolationKind.EXPOSED_GARBAGE)
    link = reported(resident)
    assert the_case(house).id == case.id
    assert house.dossier(case).sources == ("camera", "resident")
    assert "已并入" in resident.get(f"{link}?new=1").text


def test_what_is_near_is_offered_before_it_is_reported_again(house: House, resident: Browser) -> None:
    near = house.confirmed(house.case(kind=ViolationKind.EXPOSED_GARBAGE))
    house.case(kind=ViolationKind.STALL_ENCROACHMENT, camera="market-street")
    north = f"/public/report/what?lat={WHERE.lat + 0.0003}&lon={WHERE.lon}&lang=en"
    page = resident.get(north).text
    assert page.count('href="/public/cases/') == 1
    assert f"{near.number} · North · about 30 m" in page
    assert "Already reported" not in resident.get(north.replace("31.23", "31.29")).text


def test_a_photo_keeps_nothing_of_its_phone_and_its_public_copy_nobody_in_it(house: House, resident: Browser) -> None:
    reported(resident, photo=with_position(jpeg(3)))
    [sent] = house.dossier(the_case(house)).reports[0].attachments
    assert CANARY.encode() not in b"".join(place.read_bytes() for place in house.folder.rglob("*") if place.is_file())
    assert sent.public_sha256 is not None
    plain, public = (
        cv2.imdecode(np.frombuffer(house.evidence.get(name), np.uint8), cv2.IMREAD_COLOR)
        for name in (sent.sha256, sent.public_sha256)
    )
    assert plain is not None
    assert public is not None
    assert np.abs(plain[:100].astype(int) - public[:100]).max() < 12
    assert np.abs(plain[185:300, 320:420].astype(int) - public[185:300, 320:420]).max() > 60


def test_pictures_are_public_once_the_case_is_and_only_as_copies(house: House, resident: Browser) -> None:
    reported(resident, photo=jpeg(3))
    [sent] = house.dossier(the_case(house)).reports[0].attachments
    copy = f"/public/pictures/{sent.public_sha256}"
    assert resident.get(copy).status_code == 404
    house.confirmed(the_case(house))
    assert resident.get(copy).headers["content-type"] == "image/jpeg"
    assert resident.get(f"/public/pictures/{sent.sha256}").status_code == 404


def test_without_a_model_that_knows_people_a_photo_is_shown_to_nobody(house: House) -> None:
    resident = house.stranger()
    reported(resident, photo=jpeg(3))
    [sent] = house.dossier(the_case(house)).reports[0].attachments
    assert sent.public_sha256 is None


def test_nothing_personal_and_nothing_of_the_inside_is_public(house: House, resident: Browser) -> None:
    finding = house.finding(kind=ViolationKind.EXPOSED_GARBAGE)
    case = house.take_in(finding)
    words = {"words": CANARY, "address": CANARY, "name": CANARY, "phone": "13800004321"}
    link = reported(resident, photo=jpeg(3), **words)
    desk = house.doors.desk
    case = desk.confirm(case.id, version=house.now(case).version, by=CANARY, reason=CANARY)
    case = desk.accept(case.id, version=case.version, by=CANARY)
    case = desk.ask_extension(case.id, version=case.version, by=CANARY, reason=CANARY)
    case = desk.refuse_extension(case.id, version=case.version, by=CANARY, reason=CANARY)
    assert desk.send_back(case.id, version=case.version, by=CANARY, reason=CANARY).state is CaseState.RETURNED
    originals = [ref.sha256 for ref in finding.evidence if ref.role is not EvidenceRole.PUBLIC]
    hidden = [CANARY, "13800004321", case.id, finding.key, *originals]
    open_pages = ["/public", "/public/cases", f"/public/cases/{case.number}", "/public/map.svg"]
    open_pages += [f"/public/find?number={case.number}", f"/public/report/what?lat={WHERE.lat}&lon={WHERE.lon}"]
    for path in open_pages:
        for language in ("zh", "en"):
            text = resident.get(f"{path}{'&' if '?' in path else '?'}lang={language}").text
            assert [word for word in hidden if word in text] == [], path
    own = resident.get(link).text
    assert CANARY in own
    assert "13800004321" not in own
    assert case.id not in own


def test_private_kinds_are_taken_and_shown_to_nobody(house: House, resident: Browser) -> None:
    link = reported(resident, category="0901", words="about a neighbour")
    case = house.confirmed(the_case(house))
    assert resident.get(f"/public/cases/{case.number}").status_code == 404
    assert case.number not in resident.get("/public/cases").text
    assert case.number in resident.get(link).text
    observer = house.browser(Role.OBSERVER)
    assert observer.get(f"/cases/{case.id}").status_code == 404


def test_places_are_rounded_where_the_city_says_so(house: House) -> None:
    residents = replace(house.doors.order.residents, rounded_metres=500.0)
    order = replace(house.doors.order, residents=residents)
    case = house.confirmed(house.case(kind=ViolationKind.EXPOSED_GARBAGE))
    rounded: City = replace(house.city, order=order)
    shown = residents.shown(case.place)
    assert shown is not None
    assert case.place is not None
    assert 5 < shown.metres_to(case.place) < 360
    resident = Browser(create_app(replace(house.doors, city=rounded)))
    at = f"/public/report/what?lat={shown.lat}&lon={shown.lon}&lang=en"
    assert "about 10 m" in resident.get(at).text


def test_a_closed_city_has_no_such_pages(house: House) -> None:
    order = replace(house.doors.order, residents=replace(house.doors.order.residents, open=False))
    house.confirmed(house.case())
    resident = Browser(create_app(replace(house.doors, city=replace(house.city, order=order))))
    for path in ("/public", "/public/report", "/public/cases", "/public/map.svg"):
        assert resident.get(path).status_code == 404, path
    assert resident.post("/public/report", data={"form": "0" * 32}).status_code == 404
    assert house.store.public.cases(order.residents.public).total == 0


def test_an_answer_is_asked_for_once_the_work_is_done_and_counted(house: House, resident: Browser) -> None:
    link = reported(resident)
    assert "satisfied" not in resident.get(link).text
    handled(house, the_case(house))
    assert 'name="satisfied"' in resident.get(link).text
    assert resident.post(link, data={"satisfied": "yes", "rating": "4"}).status_code == 303
    case = the_case(house)
    assert (case.state, case.satisfied) == (CaseState.HANDLED, True)
    assert resident.post(link, data={"satisfied": "no", "rating": "1", "words": "no"}).status_code == 409
    assert 'name="satisfied"' not in resident.get(link).text
    month = house.doors.appraisal.this_month()
    table = house.browser(Role.SUPERVISOR).get(f"/v1/appraisal/{month}").json()
    assert table["standings"][0]["indicators"]["satisfaction_rate"] == 1.0


def test_what_is_not_done_goes_back_to_its_department_and_may_be_answered_again(
    house: House, resident: Browser
) -> None:
    link = reported(resident)
    case = handled(house, the_case(house))
    house.doors.desk.close(case.id, version=case.version, by="Chen Yu")
    assert resident.post(link, data={"satisfied": "no", "rating": "1"}).status_code == 409
    assert resident.post(link, data={"satisfied": "no", "rating": "1", "words": CANARY}).status_code == 303
    case = the_case(house)
    assert (case.state, case.rework_count, case.satisfied) == (CaseState.REWORK, 1, False)
    assert CANARY not in resident.get(f"/public/cases/{case.number}").text
    last = [(entry.actor, entry.act.value) for entry in house.dossier(case).history[-2:]]
    assert last == [("resident", "answer"), ("resident", "reopen")]
    handled_again(house, case)
    assert resident.post(link, data={"satisfied": "yes", "rating": "5"}).status_code == 303
    assert the_case(house).satisfied is True


def test_an_answer_comes_in_time_or_not_at_all(house: House, resident: Browser) -> None:
    link = reported(resident)
    handled(house, the_case(house))
    house.clock.now += house.doors.order.residents.answer_within + timedelta(seconds=1)
    assert resident.post(link, data={"satisfied": "yes", "rating": "4"}).status_code == 409
    assert the_case(house).satisfied is None


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"category": ""}, 422),
        ({"category": "9999"}, 422),
        ({"lat": "", "lon": ""}, 422),
        ({"lat": "nan"}, 422),
        ({"lat": "91"}, 422),
        ({"form": "guess"}, 422),
        ({"words": "x" * 2001}, 422),
        ({"words": "a\x00b"}, 422),
        ({"phone": "call me"}, 422),
        ({"photo": b"GIF89a"}, 422),
        ({"photo": jpeg()[:-200]}, 422),
    ],
)
def test_bad_reports_are_refused_and_nothing_is_kept(
    house: House, resident: Browser, fields: dict[str, Any], status: int
) -> None:
    assert send(resident, **fields).status_code == status
    assert house.store.cases().total == 0


def test_words_go_out_as_words(house: House, resident: Browser) -> None:
    link = reported(resident, words="<script>alert(1)</script>", address='"><img src=x>')
    page = resident.get(link).text
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_a_quota_holds_whatever_address_a_stranger_says_it_has(house: House, resident: Browser) -> None:
    hourly = house.doors.order.residents.reports_per_hour
    for n in range(hourly):
        assert (
            send(resident, headers={"X-Forwarded-For": f"203.0.113.{n}", "Forwarded": "for=1.1.1.1"}).status_code == 303
        )
    refused = send(resident, headers={"X-Forwarded-For": "198.51.100.7", "X-Real-IP": "198.51.100.7"})
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    assert len(house.dossier(the_case(house)).reports) == hourly


def test_a_flood_is_turned_away_before_a_byte_of_its_photo_is_read(house: House, app: FastAPI) -> None:
    knocking = Browser(app)
    answers = [knocking.post("/public/report", data={"form": "x"}).status_code for _ in range(22)]
    assert answers[:20] == [422] * 20
    assert set(answers[20:]) == {429}
    assert house.browser_of(house.person(*Role), app).get("/cases").status_code == 200
    for n in range(30_000):
        app.state.quotas[next(iter(app.state.quotas))].take(f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}")
    assert all(len(quota) <= MOST_REMEMBERED for quota in app.state.quotas.values())


def test_too_many_photos_at_once_are_told_to_come_back(house: House, app: FastAPI, resident: Browser) -> None:
    slots: threading.BoundedSemaphore = app.state.photos
    while slots.acquire(blocking=False):
        pass
    answer = send(resident, photo=jpeg(3))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "3")


def test_a_click_on_the_map_comes_closer_and_ends_at_the_place(resident: Browser) -> None:
    there = f"lat={WHERE.lat}&lon={WHERE.lon}"
    first = resident.get(f"/public/report?{there}&metres=5000&at.x=160&at.y=160").headers["location"]
    assert "metres=1000" in first
    assert f"lat={WHERE.lat}" in first
    north = resident.get(f"/public/report?{there}&metres=1000&at.x=160&at.y=0").headers["location"]
    assert float(re.findall(r"lat=([\d.]+)", north)[0]) == pytest.approx(WHERE.lat + 1000 / 111_195, abs=1e-5)
    assert "/public/report/what?lat=" in resident.get(first).text
    assert resident.get("/public/report/what").headers["location"] == "/public/report"
    svg = resident.get(f"/public/map.svg?{there}&metres=300&mark=1")
    assert svg.headers["content-type"].startswith("image/svg+xml")
    assert 'class="pin"' in svg.text
