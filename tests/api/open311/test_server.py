"""The Open311 server: what it takes and shows, in XML and JSON, and our own client as the contract."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

import httpx
import pytest

from api.accounts.roles import Right
from api.app import create_app
from api.outgoing.web import OutgoingClient
from cases.case import Case
from cases.channels.open311.answers import Format, entries
from cases.channels.open311.filer import Open311Filer
from cases.channels.open311.server import Server
from cases.channels.wording import marker
from cases.dossier import Dossier
from cases.filing import Channel, Filing, FilingState
from cases.states import CaseState
from inference.findings import ViolationKind
from tests.case_builders import a_case
from tests.web_house import WHERE, Browser, House

V2 = "/open311/v2"
HEAP: dict[str, Any] = {
    "service_code": "0110",
    "lat": WHERE.lat,
    "long": WHERE.lon,
    "description": "bags beside the bin",
}


@pytest.fixture
def key(house: House) -> str:
    return house.accounts.make_key("neighbour city", rights=[Right.REPORT])[1]


@pytest.fixture
def anybody(house: House) -> Browser:
    return house.stranger()


def post(anybody: Browser, key: str, form: str = "json", **fields: Any) -> httpx.Response:
    given = {"api_key": key, **HEAP, **fields}
    body = "&".join(f"{quote(name)}={quote(str(value))}" for name, value in given.items() if value is not None)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return anybody.post(f"{V2}/requests.{form}", content=body, headers=headers)


def shown(anybody: Browser, path: str) -> list[dict[str, str]]:
    """What the server answers, read by our client's own reader, the same in both forms."""
    name, _, asked = path.partition("?")
    in_both = [entries(anybody.get(f"{V2}/{name}.{form}?{asked}").content, form) for form in (Format.JSON, Format.XML)]
    without_empty = [[{k: v for k, v in one.items() if v} for one in some] for some in in_both]
    assert without_empty[0] == without_empty[1]
    return without_empty[0]


def the_case(house: House) -> Case:
    [case] = house.store.cases().items
    return case


def test_a_request_is_filed_and_followed(house: House, anybody: Browser, key: str) -> None:
    answer = post(anybody, key, media_url="https://elsewhere.example/1.jpg", email="li@example.org")
    assert answer.status_code == 201
    case = the_case(house)
    assert answer.json()[0]["service_request_id"] == case.number
    assert (case.source, case.code, case.place) == ("network", "0110", WHERE)
    [before] = shown(anybody, f"requests/{case.number}")
    assert before.keys() & {"lat", "long", "address", "agency_responsible", "media_url"} == set()
    assert before["status"] == "open"
    case = house.confirmed(case)
    [filed] = shown(anybody, f"requests/{case.number}")
    assert (filed["agency_responsible"], filed["service_code"]) == ("环卫所", "0110")
    assert float(filed["lat"]) == pytest.approx(WHERE.lat)
    assert datetime.fromisoformat(filed["expected_datetime"]) == case.deadline_at
    assert datetime.fromisoformat(filed["requested_datetime"]).tzinfo is not None
    case = house.doors.desk.void(case.id, version=case.version, by="Chen Yu", reason="not ours")
    assert [one["status"] for one in shown(anybody, f"requests/{case.number}")] == ["closed"]
    assert shown(anybody, "requests?status=open") == []
    assert len(shown(anybody, "requests?status=closed,open")) == 1


def test_a_resident_a_camera_and_another_system_make_one_case(house: House, anybody: Browser, key: str) -> None:
    case = house.case(kind=ViolationKind.EXPOSED_GARBAGE)
    assert post(anybody, key).json()[0]["service_request_id"] == case.number
    assert house.dossier(case).sources == ("camera", "network")


def test_the_same_key_of_a_request_gets_the_same_answer(house: House, anybody: Browser, key: str) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Idempotency-Key": "7f"}
    body = f"api_key={key}&service_code=0110&address_string=Main+Street"
    numbers = {anybody.post(f"{V2}/requests.json", content=body, headers=headers).text for _ in range(3)}
    assert len(numbers) == 1
    other = anybody.post(f"{V2}/requests.json", content=f"{body}+2", headers=headers)
    assert other.status_code == 422
    assert house.store.cases().total == 1


def test_nothing_that_people_wrote_is_shown_but_the_senders_own_reference(
    house: House, anybody: Browser, key: str
) -> None:
    reference = f"[hotline {'a' * 32}]"
    words = {"description": f"Mr Canary {reference} 13800004321", "last_name": "Canary", "phone": "13800004321"}
    post(anybody, key, address_string="Canary Lane", **words)
    case = house.confirmed(the_case(house))
    for path in ("requests.json", "requests.xml", f"requests/{case.number}.xml", f"requests/{case.number}.json"):
        text = anybody.get(f"{V2}/{path}").text
        assert reference in text
        assert "Canary" not in text
        assert "4321" not in text
        assert case.id not in text


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"api_key": None}, 403, "api_key"),
        ({"api_key": "jx_a_b"}, 403, "api_key"),
        ({"service_code": None}, 400, "service_code"),
        ({"service_code": "9999"}, 400, "service_code"),
        ({"lat": None}, 400, "lat, long"),
        ({"lat": None, "long": None}, 400, "say where"),
        ({"lat": "NaN"}, 400, "lat"),
        ({"lat": "1e999"}, 400, "lat"),
        ({"long": "181"}, 400, "long"),
        ({"description": "x" * 4001}, 400, "description"),
        ({"description": "a\x00b"}, 400, "description"),
        ({"media_url": "file:///etc/passwd"}, 400, "media_url"),
        ({"phone": "call me"}, 400, "phone"),
        ({"attribute[seen_at]": "yesterday"}, 400, "seen_at"),
        ({"attribute[quality]": "good"}, 400, "quality"),
    ],
)
def test_a_bad_request_is_refused_in_the_form_that_was_asked_for(
    house: House, anybody: Browser, key: str, fields: dict[str, Any], status: int, words: str
) -> None:
    in_json = post(anybody, key, **fields)
    assert (in_json.status_code, in_json.json()[0]["code"]) == (status, status)
    assert words in in_json.json()[0]["description"]
    in_xml = ElementTree.fromstring(post(anybody, key, "xml", **fields).content)
    assert (in_xml.tag, in_xml.findtext("error/code")) == ("errors", str(status))
    assert house.store.cases().total == 0


def test_a_key_that_may_only_look_files_nothing(house: House, anybody: Browser) -> None:
    looking = house.accounts.make_key("reader", rights=[Right.SEE_CASES])[1]
    assert post(anybody, looking).status_code == 403


def test_services_and_what_may_be_sent_with_them(anybody: Browser) -> None:
    services = shown(anybody, "services")
    assert [one["service_code"] for one in services[:3]] == ["0110", "0406", "0505"]
    assert {one["type"] for one in services} == {"realtime"}
    definition = anybody.get(f"{V2}/services/0110.json").json()
    assert [one["code"] for one in definition["attributes"]] == ["seen_at", "quality"]
    in_xml = ElementTree.fromstring(anybody.get(f"{V2}/services/0110.xml").content)
    assert [one.text for one in in_xml.findall("attributes/attribute/values/value/key")] == [
        "exact",
        "approximate",
        "unit",
    ]
    assert anybody.get(f"{V2}/services/none.json").status_code == 404


def test_the_discovery_document_leads_to_the_service(anybody: Browser) -> None:
    found = anybody.get(f"{V2}/discovery.json").json()
    assert [one["url"] for one in found["endpoints"]] == ["http://localhost/open311/v2"]
    in_xml = ElementTree.fromstring(anybody.get(f"{V2}/discovery.xml").content)
    formats = [one.text for one in in_xml.findall("endpoints/endpoint/formats/format")]
    assert formats == ["text/xml", "application/json"]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("", 200),
        ("start_date=2026-01-01T00:00:00Z", 200),
        ("end_date=2026-03-03T00:00:00%2B08:00", 200),
        ("start_date=2026-01-01T00:00:00Z&end_date=2026-04-01T00:00:00Z", 200),
        ("start_date=2026-01-01T00:00:00Z&end_date=2026-04-02T00:00:00Z", 400),
        ("start_date=2026-01-01", 400),
        ("start_date=soon", 400),
        ("status=half", 400),
    ],
)
def test_at_most_ninety_days_are_asked_about(anybody: Browser, asked: str, status: int) -> None:
    assert anybody.get(f"{V2}/requests.json?{asked}").status_code == status


def test_a_list_ends_after_ninety_days_and_names_what_was_asked_for(house: House, anybody: Browser, key: str) -> None:
    post(anybody, key)
    old = the_case(house).number
    house.clock.forward(days=91)
    post(anybody, key)
    numbers = [one["service_request_id"] for one in shown(anybody, "requests")]
    assert old not in numbers
    assert len(numbers) == 1
    assert [one["service_request_id"] for one in shown(anybody, f"requests?service_request_id={old},none")] == [old]
    assert shown(anybody, "requests?service_code=0505,0406") == []
    assert len(shown(anybody, "requests?service_code=0505,0110")) == 1


def test_a_closed_city_has_no_such_server(house: House) -> None:
    order = replace(house.doors.order, residents=replace(house.doors.order.residents, open=False))
    stranger = Browser(create_app(replace(house.doors, city=replace(house.city, order=order))))
    assert stranger.get(f"{V2}/services.xml").status_code == 404


FILING = Filing(
    id="5" * 32,
    case_id="case-1",
    department="neighbour",
    channel=Channel.OPEN311,
    state=FilingState.SENDING,
    created_at=datetime(2026, 3, 2, 1, 30, tzinfo=UTC),
    next_try_at=datetime(2026, 3, 2, 1, 30, tzinfo=UTC),
    tried_at=datetime(2026, 3, 2, 1, 30, tzinfo=UTC),
    attempts=1,
)
DOSSIER = Dossier(
    case=replace(a_case(), place=WHERE, department="neighbour"), findings=(), history=(), filings=(FILING,)
)


@pytest.fixture(params=list(Format))
def filer(house: House, address: str, key: str, request: pytest.FixtureRequest) -> Open311Filer:
    """Our own channel, as a neighbouring city has it."""
    house.clock.now = datetime.now(UTC).replace(microsecond=0)
    form: Format = request.param
    server = Server(url=f"{address}{V2}", api_key=key, services={"0110": "0110"}, jurisdiction="any.example", form=form)
    return Open311Filer(
        {"neighbour": server},
        OutgoingClient(frozenset({urlsplit(address).netloc})),
        base_url="https://neighbour.example",
        code_of=lambda case: "0110",
        clock=lambda: datetime.now(UTC),
        timeout=timedelta(seconds=10),
    )


def test_our_own_channel_files_here_follows_and_finds_what_it_filed(house: House, filer: Open311Filer) -> None:
    now = house.clock.now
    filing = replace(FILING, created_at=now, next_try_at=now, tried_at=now)
    dossier = replace(DOSSIER, filings=(filing,))
    assert filer.find(dossier, filing) is None
    receipt = filer.file(dossier, filing)
    case = the_case(house)
    assert receipt.reference == case.number
    assert marker(filing) in house.dossier(case).reports[0].text
    assert filer.find(dossier, filing) == receipt
    sent = replace(filing, reference=receipt.reference)
    assert (filer.tidings(sent).state, filer.tidings(sent).is_over) == ("open", False)
    case = house.confirmed(case)
    assert "环卫所" in filer.tidings(sent).said
    case = house.doors.desk.void(case.id, version=case.version, by="Chen Yu", reason="not ours")
    assert case.state is CaseState.VOID
    assert (filer.tidings(sent).state, filer.tidings(sent).is_over) == ("closed", True)


def test_a_report_is_a_token_for_the_number_of_its_case(house: House, anybody: Browser, key: str) -> None:
    post(anybody, key)
    case = the_case(house)
    [report] = house.dossier(case).reports
    assert re.fullmatch(r"[0-9a-f]{32}", report.key)
    assert shown(anybody, f"tokens/{report.key}") == [{"service_request_id": case.number, "token": report.key}]
    assert anybody.get(f"{V2}/tokens/none.json").status_code == 404
