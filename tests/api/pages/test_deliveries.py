"""What people see of deliveries, and what they decide about them."""

from datetime import timedelta

import pytest

from cases.case import Case
from cases.errors import FilingFailed
from cases.states import Act
from tests.case_fakes import FakeFiler
from tests.web_house import Browser, House

DECISION = {"decision": "again", "reason": "their server is mended"}


@pytest.fixture
def dead(house: House) -> Case:
    case = house.confirmed(house.case())
    house.deliver(FakeFiler(FilingFailed("department police answered <410>", retry=False)))
    return case


@pytest.fixture
def form(house: House, dead: Case) -> str:
    return f"/cases/{dead.id}/filings/{house.last_filing(dead).id}"


def test_a_dead_delivery_is_shown_everywhere_and_can_be_sent_again(
    house: House, browser: Browser, dead: Case, form: str
) -> None:
    for path in ("/deliveries?lang=en", f"/cases/{dead.id}"):
        page = browser.get(path).text
        assert "answered &lt;410&gt;" in page
        assert f'action="{form}"' in page
    assert 'href="/deliveries"' in browser.get("/").text
    assert browser.post(form, data=DECISION).status_code == 303
    house.clock.forward(seconds=1)
    house.deliver()
    assert house.now(dead).state == "dispatched"
    assert [entry.actor for entry in house.dossier(dead).history if entry.act is Act.DELIVERY] == ["Chen Yu (chen.yu)"]
    assert form not in browser.get("/deliveries").text


@pytest.mark.parametrize("missing", ["decision", "reason"])
def test_a_decision_needs_who_what_and_why(browser: Browser, form: str, missing: str) -> None:
    given = {name: value for name, value in DECISION.items() if name != missing}
    assert browser.post(form, data=given, headers={"Accept": "text/html"}).status_code == 422


def test_a_decision_that_comes_too_late_is_refused(browser: Browser, form: str) -> None:
    assert browser.post(form, data=DECISION).status_code == 303
    late = browser.post(form, data=DECISION, headers={"Accept": "text/html"})
    assert late.status_code == 409
    assert "waits for a person" in late.text


def test_a_department_that_does_not_answer_is_named(house: House, browser: Browser) -> None:
    house.confirmed(house.case())
    house.deliver(FakeFiler(FilingFailed("busy <b>", retry=True, retry_after=timedelta(hours=1))))
    page = browser.get("/deliveries?lang=en").text
    assert "has not taken cases since" in page
    assert "busy &lt;b&gt;" in page
    assert "jiexun_departments_silent 1" in browser.get("/metrics").text
    [breaker] = browser.get("/v1/breakers").json()
    assert (breaker["state"], breaker["error"]) == ("open", "busy <b>")


def test_probes_are_told_from_attempts(house: House, browser: Browser) -> None:
    case = house.confirmed(house.case())
    busy = FilingFailed("busy", retry=True, retry_after=timedelta(hours=1))
    house.deliver(FakeFiler(busy))
    path = f"/cases/{case.id}?lang=en"
    assert "attempts: 1" in (page := browser.get(path).text)
    assert "only to see whether" not in page
    assert "the department has not answered since" in page
    for probes in (1, 2):
        house.clock.forward(hours=2)
        house.deliver(FakeFiler(busy))
        page = browser.get(path).text
        assert f"attempts: {1 + probes}, {probes} of them only to see whether the department answers again" in page
    [filing] = browser.get(f"/v1/cases/{case.id}").json()["filings"]
    assert (filing["attempts"], filing["probes"]) == (1, 2)
    house.clock.forward(hours=2)
    house.deliver()
    assert "the department has not answered since" not in browser.get(path).text


def test_programs_read_and_decide(house: House, browser: Browser, dead: Case) -> None:
    [waiting] = browser.get("/v1/deliveries").json()
    assert (waiting["case_id"], waiting["delivery"]["state"]) == (dead.id, "dead")
    path = f"/v1/cases/{dead.id}/filings/{waiting['delivery']['id']}"
    assert browser.post(f"{path}/burn", json={"reason": "b"}).status_code == 404
    assert browser.post(f"{path}/delivered", json={"reason": ""}).status_code == 422
    answer = browser.post(f"{path}/delivered", json={"reason": "rang them up", "reference": "PD-7"})
    assert (answer.status_code, answer.json()["state"], answer.json()["reference"]) == (200, "sent", "PD-7")
    assert browser.post(f"{path}/give_up", json={"reason": "b"}).status_code == 409
    assert browser.get("/v1/deliveries").json() == []
