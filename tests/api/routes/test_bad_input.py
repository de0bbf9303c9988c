"""What nobody should send (reliability D2): a 4xx with a sentence, never a 500, never an echo."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.accounts.roles import Role
from tests.web_house import Browser, House

JSON = {"Content-Type": "application/json"}
CANARY = "canary-7f3a"


@pytest.mark.parametrize(
    "body",
    [
        '{"version": NaN}',
        '{"version": Infinity}',
        '{"version": -Infinity}',
        '{"version": 1e999}',
        '{"version": 99999999999999999999}',
        '{"version": 1.5}',
        '{"version": true}',
        '{"version": 1, "by": "somebody else"}',
        '{"version": 1, "reason": NaN}',
        '{"version": 1, "reason": "\\ud800"}',
        '{"version": 1, "reason": "A\\u0000"}',
        '{"version": 1, "\\ud800": 1}',
        '{"version": 1, "picture": "***"}',
        '{"version": ' + "9" * 5000 + "}",
        "[" * 200_000,
        "null",
        "",
        "{",
    ],
)
def test_a_bad_move_is_refused_in_words(house: House, browser: Browser, body: str) -> None:
    case = house.case()
    answer = browser.post(f"/v1/cases/{case.id}/confirm", content=body.encode(), headers=JSON)
    # Of JSON that cannot be parsed at all the framework says 400.
    assert answer.status_code in ((400, 413) if len(body) > 1000 else (422,))
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]
    assert house.now(case) == case


@pytest.mark.parametrize("role", [Role.ADMIN, Role.SUPERVISOR, Role.DISPATCHER, Role.HANDLER, Role.OBSERVER])
def test_no_field_of_an_answer_can_be_written_by_sending_it_back(house: House, role: Role) -> None:
    case, somebody = house.case(), house.browser(role)
    shown = house.browser().get(f"/v1/cases/{case.id}").json()["case"]
    for field in sorted(shown.keys() - {"version", "department"}):
        for move in ("confirm", "verdict", "comments"):
            sent = {"version": 1, "ruling": "confirm", "text": "seen", field: shown[field]}
            answer = somebody.post(f"/v1/cases/{case.id}/{move}", json=sent)
            assert answer.status_code in (403, 404, 422), (move, field)
            assert (role, move) != (Role.SUPERVISOR, "confirm") or answer.status_code == 422, field
    draw = {"zones": [{"id": "a", "kind": "no_parking", "polygon": [[0, 0], [1, 0], [1, 1]], "edition": 7}]}
    assert somebody.post("/v1/cameras/east-gate/dry-run", json=draw).status_code in (403, 404, 422)
    assert house.now(case) == case


def test_what_was_sent_is_never_sent_back(house: House, browser: Browser) -> None:
    case = house.case()
    url = f"/v1/cases/{case.id}/confirm"
    for body in ({"version": CANARY}, {"version": 1, "reason": [CANARY]}, {"version": 1, "reason": CANARY * 200}):
        answer = browser.post(url, json=body)
        assert answer.status_code == 422
        assert CANARY not in answer.text
    assert CANARY not in browser.get(f"/v1/cases?state={CANARY}").text


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=201", "limit=NaN", "offset=-1", "offset=1e9", "kind=murder", "state=", "department=%00"],
)
def test_bad_questions_are_refused(browser: Browser, query: str) -> None:
    answer = browser.get(f"/v1/cases?{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"].startswith("query.")


@pytest.mark.parametrize("day", ["0", "1e-9", "1772409600", "2026-02-30", "today"])
def test_a_day_is_written_as_a_date_and_never_as_seconds(browser: Browser, day: str) -> None:
    assert browser.get(f"/v1/patrols.geojson?day={day}").status_code == 422


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.fixed_dictionaries({}, optional=dict.fromkeys(("version", "reason", "picture", "x"), values)))
def test_no_body_breaks_the_service(house: House, browser: Browser, body: dict[str, object]) -> None:
    case = house.store.cases(limit=1).items[0] if house.store.cases().total else house.case()
    content = json.dumps(body).encode()
    answer = browser.post(f"/v1/cases/{case.id}/accept", content=content, headers=JSON)
    assert 400 <= answer.status_code < 500
    json.loads(answer.text, parse_constant=pytest.fail)


@pytest.mark.parametrize(
    "body",
    ['{"version": 1, "version": 1}', '{"reason": "a", "version": 1, "reason": "b"}', '{"a": [{"b": 1, "b": 2}]}'],
)
def test_a_field_that_is_named_twice_is_refused(house: House, browser: Browser, body: str) -> None:
    case = house.case()
    headers = {"Content-Type": "application/json"}
    answer = browser.post(f"/v1/cases/{case.id}/confirm", content=body, headers=headers)
    assert (answer.status_code, "twice" in answer.json()["detail"]) == (422, True)
    assert house.now(case) == case
    once = '{"version": 1, "reason": "version version"}'
    assert browser.post(f"/v1/cases/{case.id}/confirm", content=once, headers=headers).status_code == 200
