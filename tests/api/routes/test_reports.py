"""The door for reports: good ones become cases, all others a sentence."""

import base64
import hashlib
import json

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web_house import Browser, House, jpeg

JSON = {"Content-Type": "application/json"}
HEAP = {"code": "0110", "text": "bags beside the bin", "place": {"lat": 31.2304, "lon": 121.4737}}


def report(browser: Browser, body: object, key: str | None = None) -> httpx.Response:
    headers = {"Idempotency-Key": key} if key else {}
    return browser.post("/v1/reports", json=body, headers=headers)


def test_a_report_opens_a_case_and_the_next_one_joins_it(house: House, browser: Browser) -> None:
    first = report(browser, HEAP)
    assert first.status_code == 201
    assert first.json()["outcome"] == "opened"
    second = report(browser, HEAP | {"source": "hotline", "text": "来电", "contact": {"phone": "138 0000 0000"}}).json()
    assert (second["outcome"], second["case_id"]) == ("merged", first.json()["case_id"])
    dossier = browser.get(f"/v1/cases/{second['case_id']}").json()
    assert [said["text"] for said in dossier["reports"]] == ["bags beside the bin", "来电"]
    assert dossier["case"]["code"] == "0110"
    assert "138 0000" not in json.dumps(dossier)


def test_a_picture_is_sent_first_and_named(house: House, browser: Browser) -> None:
    data = jpeg(3)
    digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
    headers = {"Content-Type": "image/jpeg", "Content-Digest": f"sha-256=:{digest}:"}
    sent = browser.post("/v1/attachments", content=data, headers=headers)
    assert sent.status_code == 201
    assert browser.post("/v1/attachments", content=data, headers=headers).json() == sent.json()
    case_id = report(browser, HEAP | {"attachments": [sent.json()["sha256"]]}).json()["case_id"]
    [attached] = browser.get(f"/v1/cases/{case_id}").json()["reports"][0]["attachments"]
    assert browser.get(attached["url"]).content == data
    assert browser.get(f"/v1/attachments/{'0' * 64}").status_code == 404
    looks = [entry for entry in house.store.audit_entries() if entry.what == "evidence.viewed"]
    assert [(look.actor, look.object) for look in looks] == [("Chen Yu (chen.yu)", sent.json()["sha256"])]


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        (b"", "image/jpeg", 422),
        (b"GIF89a", "image/jpeg", 415),
        (jpeg()[:-200], "image/jpeg", 422),
        (jpeg(), "image/gif", 415),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 40, "image/png", 422),
    ],
)
def test_what_is_no_picture_is_refused(browser: Browser, content: bytes, media_type: str, status: int) -> None:
    answer = browser.post("/v1/attachments", content=content, headers={"Content-Type": media_type})
    assert answer.status_code == status
    assert answer.json()["detail"]


def test_a_picture_that_was_changed_on_its_way_is_refused(browser: Browser) -> None:
    headers = {"Content-Type": "image/jpeg", "Content-Digest": f"sha-256=:{'A' * 43}=:"}
    answer = browser.post("/v1/attachments", content=jpeg(), headers=headers)
    assert (answer.status_code, "Content-Digest" in answer.json()["detail"]) == (422, True)


def test_the_same_key_gets_the_same_answer(house: House, browser: Browser) -> None:
    first = report(browser, HEAP, "abc")
    again = report(browser, dict(reversed(HEAP.items())), "abc")
    assert (again.status_code, again.json()) == (201, first.json())
    other = report(browser, HEAP | {"text": "something else"}, "abc")
    assert (other.status_code, "Idempotency-Key" in other.json()["detail"]) == (422, True)
    assert house.store.cases().total == 1


def test_a_name_from_elsewhere_is_one_report(browser: Browser) -> None:
    named = HEAP | {"origin": "12345", "external_id": "2026-77"}
    assert [report(browser, named).json()["outcome"] for _ in range(3)] == ["opened", "known", "known"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"place": {"lat": 31, "lon": 121}}, "say what is the matter"),
        ({"text": "dirty"}, "say where"),
        (HEAP | {"code": "9999"}, "no line of the duty list has the event code 9999"),
        (HEAP | {"kind": "illegal_parking"}, "does not mean illegal_parking"),
        (HEAP | {"attachments": ["0" * 64]}, "/v1/attachments"),
        (HEAP | {"seen_at": "2026-03-01T08:00:00"}, "timezone"),
        (HEAP | {"seen_at": "0001-01-01T00:00:00+14:00"}, "time of our years"),
        (HEAP | {"place": {"lat": 91, "lon": 0}}, "place.lat"),
    ],
)
def test_a_report_that_cannot_be_used_is_refused_in_words(
    house: House, browser: Browser, body: dict[str, object], words: str
) -> None:
    answer = report(browser, body)
    assert answer.status_code == 422
    assert words in json.dumps(answer.json())
    assert house.store.cases().total == 0


BROKEN = [
    '{"text": "a", "place": {"lat": NaN, "lon": 1}}',
    '{"text": "a", "place": {"lat": 1e999, "lon": 1}}',
    '{"text": "a", "place": {"lat": "Infinity", "lon": 1}}',
    '{"text": "\\ud800", "address": "b"}',
    '{"text": "a", "address": "b\\u0000"}',
    '{"text": "a", "address": "b", "\\ud800": 1}',
    '{"text": "a", "address": "b", "external_id": "\\udfff"}',
    '{"a":' * 200_000,
    "[" * 200_000,
    "[" * 20_000,
    "null",
    "",
    "{",
]


@pytest.mark.parametrize("body", BROKEN, ids=lambda body: str(body)[:24])
def test_broken_json_is_refused(house: House, browser: Browser, body: str) -> None:
    answer = browser.post("/v1/reports", content=body.encode(), headers=JSON)
    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert house.store.cases().total == 0


@pytest.mark.parametrize("key", ["", "a b", "é", "x" * 129])
def test_a_key_that_is_none_is_refused(browser: Browser, key: str) -> None:
    headers = [(b"Idempotency-Key", key.encode())]
    assert browser.post("/v1/reports", json=HEAP, headers=headers).status_code == 422


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
FIELDS = ("source", "kind", "code", "text", "address", "place", "seen_at", "contact", "attachments", "x")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, values)))
def test_no_body_breaks_the_door(browser: Browser, body: dict[str, object]) -> None:
    answer = browser.post("/v1/reports", content=json.dumps(body).encode(), headers=JSON)
    assert answer.status_code == 201 or 400 <= answer.status_code < 500
    json.loads(answer.text, parse_constant=pytest.fail)
