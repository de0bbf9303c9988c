"""Events of other networks: what their mapping files say becomes a report, everything else a sentence."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.city.city import City, load_city
from api.errors import CityError
from api.store.store import SqlStore
from tests.tree import ROOT
from tests.web_house import CITY, Browser, House

EXAMPLES = ROOT / "docs" / "networks"
NAMES = ("hotline", "iot", "housing", "dahua", "alibaba")
STRUCTURED = {"Content-Type": "application/cloudevents+json"}


def city_with(folder: Path, *networks: str) -> City:
    """The city of the tests, with these networks beside it."""
    lines = "".join(f"  - {{file: {name}.yaml}}\n" for name in networks)
    path = folder / "city.yaml"
    path.write_text(CITY.read_text(encoding="utf-8") + f"networks:\n{lines}", encoding="utf-8")
    return load_city(path)


@pytest.fixture
def house(house: House, tmp_path: Path) -> House:
    for name in NAMES:
        (tmp_path / f"{name}.yaml").write_bytes((EXAMPLES / f"{name}.yaml").read_bytes())
    return replace(house, city=city_with(tmp_path, *NAMES))


def event(name: str, **changed: object) -> dict[str, Any]:
    return json.loads((EXAMPLES / f"{name}.event.json").read_text(encoding="utf-8")) | changed


def send(browser: Browser, body: object) -> httpx.Response:
    return browser.post("/v1/events", content=json.dumps(body).encode(), headers=STRUCTURED)


@pytest.mark.parametrize(
    ("name", "source", "code", "address"),
    [
        ("hotline", "hotline", "0110", "人民路12号"),
        ("iot", "alarm", "0110", "集市街中段 17 号桶"),
        ("housing", "network", "0406", "东门路3号2号楼"),
        ("dahua", "alarm", "0406", "东门路口"),
        ("alibaba", "alarm", "0505", "东门路口"),
    ],
)
def test_each_example_becomes_a_case(
    house: House, browser: Browser, name: str, source: str, code: str, address: str
) -> None:
    answer = send(browser, event(name))
    assert answer.status_code == 201, answer.text
    case = house.store.dossier(answer.json()["case_id"]).case
    assert (case.source, case.code, case.address) == (source, code, address)
    again = send(browser, event(name)).json()
    assert (again["outcome"], again["case_id"]) == ("known", case.id)
    assert house.store.cases().total == 1


def test_an_alarm_without_a_place_has_that_of_its_camera(house: House, browser: Browser) -> None:
    case = house.store.dossier(send(browser, event("dahua")).json()["case_id"]).case
    assert case.place == house.city.view("east-gate").position


def test_a_caller_is_known_to_nobody_but_the_store(house: House, browser: Browser) -> None:
    case_id = send(browser, event("hotline")).json()["case_id"]
    assert "13800000000" not in browser.get(f"/v1/cases/{case_id}").text


def test_the_same_event_in_binary_form(house: House, browser: Browser) -> None:
    told = event("iot")
    headers = {f"ce-{name}": told[name] for name in ("specversion", "id", "source", "type", "time")}
    headers |= {"ce-subject": "%E4%B8%9C%E9%97%A8", "Content-Type": "application/json"}
    answer = browser.post("/v1/events", content=json.dumps(told["data"]).encode(), headers=headers)
    assert answer.status_code == 201, answer.text
    assert house.store.dossier(answer.json()["case_id"]).case.address == "东门"
    assert send(browser, told).json()["outcome"] == "known"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"type": "cn.hotline.praise"}, "maps no events of this type"),
        ({"source": "urn:somebody"}, "no network of the city file"),
        ({"specversion": "0.3"}, "specversion"),
        ({"id": ""}, "`id`"),
        ({"time": "yesterday"}, "`time`"),
        ({"data": {"category": "别的", "address": "x"}}, "means no event code"),
        ({"data": {"category": "环境卫生"}}, "neither a place nor an address"),
        ({"data": {"category": "环境卫生", "position": {"lat": 91, "lon": 1}}}, "degrees WGS84"),
        ({"data": {"category": "环境卫生", "position": {"lat": "NaN", "lon": 1}}}, "degrees WGS84"),
        ({"data": {"category": "环境卫生", "address": "x", "calledAt": "09:15"}}, "a time with its zone"),
        ({"data": {"category": "环境卫生", "address": "x", "content": ["a"]}}, "a text"),
        ({"data": {"category": "环境卫生", "address": "x", "content": "a" * 4001}}, "4000"),
        ({"data_base64": "AAAA"}, "data_base64"),
    ],
    ids=str,
)
def test_what_no_mapping_understands_is_refused(
    house: House, browser: Browser, changed: dict[str, object], words: str
) -> None:
    answer = send(browser, event("hotline", **changed))
    assert answer.status_code == 422
    assert words in answer.json()["detail"]
    assert house.store.cases().total == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b"[" * 60_000,
        b'{"a":' * 12_000,
        b"[" * 200_000,
        b'{"specversion":"1.0","id":"\\ud800","source":"urn:hotline:12345","type":"x"}',
        b'{"specversion":"1.0","id":"1","source":"urn:hotline:12345","type":"cn.hotline.complaint","data":NaN}',
        b'{"specversion":"1.0","id":"1","source":"urn:hotline:12345","type":"cn.hotline.complaint",'
        b'"data":{"category":"\xe7\x8e\xaf\xe5\xa2\x83\xe5\x8d\xab\xe7\x94\x9f","position":{"lat":1e999,"lon":1}}}',
        b"\xff\xfe",
    ],
    ids=lambda body: repr(body[:20]),
)
def test_broken_json_is_refused(house: House, browser: Browser, body: bytes) -> None:
    answer = browser.post("/v1/events", content=body, headers=STRUCTURED)
    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert house.store.cases().total == 0


@pytest.mark.parametrize("media_type", ["application/cloudevents-batch+json", "text/plain", "application/json"])
def test_other_forms_are_refused_in_words(browser: Browser, media_type: str) -> None:
    answer = browser.post("/v1/events", content=b"[]", headers={"Content-Type": media_type})
    assert (answer.status_code, "CloudEvent" in answer.json()["detail"]) == (415, True)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just("环境卫生"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["category", "position", "lat", "lon", "address", "content"]), inner)
    ),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=values, id=st.text(max_size=5))
def test_no_event_breaks_the_door(browser: Browser, data: object, id: str) -> None:
    answer = send(browser, event("hotline", data=data, id=id))
    assert answer.status_code == 201 or 400 <= answer.status_code < 500
    json.loads(answer.text, parse_constant=pytest.fail)


@pytest.mark.parametrize(
    ("written", "key", "words"),
    [
        ("  - {type: a, code: '9999'}", "events[0].code", "which no line of the duty list has"),
        ("  - {type: a, code: {at: data, codes: {a: '0110'}}}", "events[0].code", ""),
        ("  - {kind: a, code: '0110'}", "events[0]", "type"),
    ],
)
def test_a_wrong_mapping_is_refused_with_its_place(tmp_path: Path, written: str, key: str, words: str) -> None:
    text = (EXAMPLES / "iot.yaml").read_text(encoding="utf-8")
    (tmp_path / "bad.yaml").write_text(text.partition("events:")[0] + f"events:\n{written}\n", encoding="utf-8")
    with pytest.raises(CityError) as refused:
        city_with(tmp_path, "bad")
    problem = refused.value.problems[0]
    assert problem.file.endswith("bad.yaml")
    assert problem.key.startswith(key)
    assert words in str(refused.value)


def test_two_networks_cannot_claim_one_origin(tmp_path: Path) -> None:
    for name in ("a", "b"):
        text = (EXAMPLES / "iot.yaml").read_text(encoding="utf-8").replace("smart-bins", name)
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(CityError, match="claimed by network a already"):
        city_with(tmp_path, "a", "b")


def test_what_was_sent_outlives_the_process(house: House, browser: Browser) -> None:
    send(browser, event("iot"))
    with SqlStore(f"sqlite:///{house.folder / 'jiexun.db'}") as again:
        assert again.cases().total == 1
