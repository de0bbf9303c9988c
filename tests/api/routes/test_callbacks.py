"""What a department's own system tells us, over HTTP: signed, taken once, and never more than its people may do."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

import httpx
import pytest
from standardwebhooks import Webhook

from api.app import create_app
from api.outgoing.web import OutgoingClient
from cases.case import Case
from cases.channels.signature import Secret
from cases.filing import FilingState
from cases.states import Act
from tests.rigs.listening import listening, read_request
from tests.web_house import Browser, House, jpeg

OLD = "whsec_" + "b2xkIHNlY3JldCBmb3IgdGVzdHMgb25seSEhISE="
NEW = "whsec_" + "bmV3IHNlY3JldCBmb3IgdGVzdHMgb25seSEhISE="


class Department:
    """The traffic police's own system."""

    def __init__(self, house: House, allowed: frozenset[str] = frozenset()) -> None:
        self.house = house
        doors = replace(
            house.doors,
            callback_secrets={"police": (Secret(NEW), Secret(OLD)), "wardens": (Secret(OLD),)},
            pictures=OutgoingClient(allowed, most_bytes=1_000_000),
        )
        self.browser = Browser(create_app(doors))

    def say(
        self,
        case: Case,
        answer: str,
        *,
        id: str = "m-1",
        secret: str = OLD,
        at: datetime | None = None,
        department: str = "police",
        **more: str,
    ) -> httpx.Response:
        body = json.dumps({"case": case.id, "answer": answer, **more})
        return self.send(body, id=id, secret=secret, at=at, department=department)

    def send(
        self, body: str, *, id: str = "m-1", secret: str = OLD, at: datetime | None = None, department: str = "police"
    ) -> httpx.Response:
        at = at or self.house.clock()
        headers = {
            "webhook-id": id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Webhook(secret).sign(id, at, body),
            "content-type": "application/json",
        }
        return self.browser.post(f"/v1/departments/{department}/callbacks", content=body, headers=headers)


@pytest.fixture
def department(house: House) -> Department:
    return Department(house)


@pytest.fixture
def case(house: House) -> Case:
    filed = house.confirmed(house.case())
    house.deliver()
    return house.now(filed)


def test_a_department_accepts_a_case_once_however_often_it_says_so(
    house: House, department: Department, case: Case
) -> None:
    first, again = department.say(case, "accepted", by="Wang"), department.say(case, "accepted", by="Wang")
    assert (first.status_code, first.json()["state"], first.json()["repeated"]) == (200, "accepted", False)
    assert (again.status_code, again.json()["state"], again.json()["repeated"]) == (200, "accepted", True)
    assert [entry.actor for entry in house.dossier(case).history if entry.act is Act.ACCEPT] == ["Wang"]
    assert house.last_filing(case).state is FilingState.ACKNOWLEDGED
    other_name = department.say(case, "accepted", id="m-2")
    assert (other_name.status_code, other_name.json()["state"]) == (200, "accepted")


def test_a_department_returns_a_case_with_a_reason(house: House, department: Department, case: Case) -> None:
    assert department.say(case, "returned").status_code == 422
    assert department.say(case, "returned", reason="not our road").json()["state"] == "returned"
    entry = house.dossier(case).history[-1]
    assert (entry.actor, entry.reason) == ("police", "not our road")


def test_a_department_handles_a_case_and_shows_it(house: House, case: Case) -> None:
    picture = jpeg(7)

    def serve(connection: object, _: object) -> None:
        read_request(connection)  # pyright: ignore[reportArgumentType]
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(picture)}\r\n\r\n".encode()
        connection.sendall(head + picture)  # pyright: ignore[reportAttributeAccessIssue]

    with listening(serve) as port:
        department = Department(house, frozenset({f"127.0.0.1:{port}"}))
        url = f"http://127.0.0.1:{port}/after.jpg"
        answer = department.say(case, "handled", picture_url=url, reason="towed")
        assert (answer.status_code, answer.json()["state"]) == (200, "handled")
        assert department.say(case, "handled", picture_url=url, reason="towed").json()["repeated"]
    entry = house.dossier(case).history[-1]
    assert (entry.act, entry.reason) == (Act.HANDLE, "towed")
    assert house.evidence.get(entry.proofs[0].sha256) == picture


@pytest.mark.parametrize("url", ["http://127.0.0.1/x.jpg", "http://169.254.169.254/latest", "file:///etc/passwd"])
def test_a_picture_is_not_fetched_from_inside(house: House, department: Department, case: Case, url: str) -> None:
    assert department.say(case, "handled", picture_url=url).status_code == 422
    assert house.now(case) == case


def test_both_secrets_are_good_while_one_is_replaced(department: Department, case: Case) -> None:
    assert department.say(case, "accepted", secret=NEW).status_code == 200
    assert department.say(case, "accepted", secret=OLD, id="m-2").status_code == 200


@pytest.mark.parametrize("minutes", [-6, 6])
def test_an_old_or_early_message_is_refused(house: House, department: Department, case: Case, minutes: int) -> None:
    at = house.clock() + timedelta(minutes=minutes)
    assert department.say(case, "accepted", at=at).status_code == 401
    assert house.now(case) == case


def test_whoever_is_not_the_department_is_refused(house: House, department: Department, case: Case) -> None:
    stranger = "whsec_" + "c3RyYW5nZXIgc3RyYW5nZXIgc3RyYW5nZXIgISE="
    assert department.say(case, "accepted", secret=stranger).status_code == 401
    assert department.say(case, "accepted", department="sanitation").status_code == 401
    assert department.say(case, "accepted", department="nobody").status_code == 401
    assert department.say(case, "accepted", department="wardens").status_code == 404
    assert department.browser.post("/v1/departments/police/callbacks", json={}).status_code == 401
    assert house.now(case) == case


def test_another_message_under_a_known_name_is_refused(department: Department, case: Case) -> None:
    assert department.say(case, "accepted").status_code == 200
    other = department.say(case, "returned", reason="no")
    assert (other.status_code, "webhook-id of its own" in other.text) == (409, True)


def test_what_the_state_does_not_allow_is_refused(house: House, department: Department) -> None:
    candidate = house.case()
    assert department.say(candidate, "accepted").status_code == 404  # it has no department yet
    returned = house.confirmed(candidate)
    assert department.say(returned, "returned", reason="no").status_code == 200
    assert department.say(returned, "handled", id="m-2").status_code == 409


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{}",
        '{"case": "x", "answer": "burnt"}',
        '{"case": "x", "answer": "accepted", "state": "closed"}',
        '{"case": "../x", "answer": "accepted"}',
        '{"case": "x", "answer": "accepted", "picture_url": "https://x.example/y.jpg"}',
        '{"case": "x", "answer": "accepted", "reason": "\\u0000"}',
        '{"case": NaN, "answer": "accepted"}',
    ],
)
def test_a_wrong_message_is_a_problem_not_a_fault(department: Department, body: str) -> None:
    answer = department.send(body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"]
