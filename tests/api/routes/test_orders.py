"""Direct orders, consultations and watching, as programs ask for them."""

from typing import Any

import pytest

from api.accounts.roles import Role
from cases.audit.verifier import verify
from cases.case import Case
from cases.timekeeper import Timekeeper
from tests.web_house import Browser, House

HELD, LATER = "2026-03-02T08:00:00+08:00", "2026-03-02T12:00:00+08:00"


@pytest.fixture
def case(house: House) -> Case:
    return house.confirmed(house.case())


def of(house: House, role: Role, *departments: str) -> Browser:
    return house.browser_of(house.person(role, name=f"{role}-{'-'.join(departments)}", departments=departments))


def post(house: House, browser: Browser, case: Case, path: str, **body: Any) -> Any:
    return browser.post(f"/v1/cases/{case.id}/{path}", json={"version": house.now(case).version, **body})


def abouts(browser: Browser) -> list[str]:
    return [one["about"] for one in browser.get("/v1/notices").json()["items"]]


def test_a_leader_orders_a_department_which_reads_and_answers(house: House, case: Case) -> None:
    leader, unit, other = (
        of(house, Role.LEADER),
        of(house, Role.HANDLER, "sanitation"),
        of(house, Role.HANDLER, "wardens"),
    )
    assert unit.get(f"/v1/cases/{case.id}").status_code == 404
    given = post(house, leader, case, "orders", unit="sanitation", text="wash the road", minutes=5)
    assert given.status_code == 201, given.text
    order = given.json()["order"]
    assert given.headers["etag"] == f'"{given.json()["case_version"]}"'
    assert unit.get(f"/v1/cases/{case.id}").json()["orders"] == [order]
    assert other.get("/v1/orders").json()["total"] == 0
    assert [one["order"]["id"] for one in unit.get("/v1/orders?unit=sanitation").json()["items"]] == [order["id"]]
    assert abouts(unit) == ["order_given"]
    path = f"orders/{order['id']}"
    assert post(house, other, case, f"{path}/receipt").status_code == 404
    assert post(house, leader, case, f"{path}/receipt").status_code == 403
    assert post(house, unit, case, f"{path}/receipt").json()["order"]["read_by"] == "handler-sanitation"
    assert post(house, unit, case, f"{path}/receipt").status_code == 409
    assert post(house, unit, case, f"{path}/reply", text="washed").json()["order"]["reply"] == "washed"
    assert abouts(leader) == ["order_answered"]
    assert unit.get("/v1/orders").json()["items"] == []
    assert unit.get("/v1/orders?unanswered=false").json()["total"] == 1
    bundle = house.folder / "case.zip"
    bundle.write_bytes(of(house, Role.SUPERVISOR).get(f"/v1/cases/{case.id}/bundle").content)
    assert verify(bundle).startswith("whole")


def test_an_order_is_answered_by_its_department_or_a_dispatcher_alone(house: House, case: Case) -> None:
    dispatcher, lead = of(house, Role.DISPATCHER), of(house, Role.HANDLER, "police")
    order = post(house, dispatcher, case, "orders", unit="sanitation", text="wash the road").json()["order"]
    refused = post(house, lead, case, f"orders/{order['id']}/receipt")
    assert refused.status_code == 403
    assert "another department" in refused.json()["detail"]
    assert post(house, lead, case, "orders", unit="police", text="no").status_code == 403
    assert post(house, dispatcher, case, f"orders/{order['id']}/receipt").status_code == 200


def test_an_unread_order_reaches_leaders_and_dispatchers_once(house: House, case: Case) -> None:
    post(house, of(house, Role.DISPATCHER), case, "orders", unit="sanitation", text="wash the road")
    leader = of(house, Role.LEADER)
    for _ in range(2):
        house.clock.forward(minutes=16)
        timekeeper = Timekeeper(house.store, house.doors.order, clock=house.clock)
        while timekeeper.tick():
            pass
    assert abouts(leader).count("order") == abouts(of(house, Role.DISPATCHER)).count("order") == 1


REFUSED: list[tuple[str, dict[str, Any], int, str]] = [
    ("orders", {"unit": "moon", "text": "shine"}, 409, "no department and no unit below one is called moon"),
    ("orders", {"unit": "police", "text": " "}, 409, "say what is to be done"),
    ("orders", {"unit": "police", "text": "go", "minutes": 0}, 422, "minutes"),
    ("orders", {"unit": "police", "text": "go", "version": 1}, 409, "has changed since version 1"),
    ("orders/none/receipt", {}, 404, "no such order"),
    ("orders/none/forget", {}, 404, "nothing at this address"),
    ("consultations", {"held_at": HELD, "participants": ["police"], "decision": "x"}, 422, "participants"),
    ("consultations", {"held_at": HELD, "participants": ["a", "a"], "decision": "x"}, 409, "at least two"),
    ("consultations", {"held_at": HELD[:-6], "participants": ["a", "b"], "decision": "x"}, 422, "held_at"),
    (
        "consultations",
        {"held_at": LATER, "participants": ["a", "b"], "decision": "x"},
        409,
        "ahead",
    ),
]


def test_what_cannot_be_is_refused_in_one_sentence(house: House, browser: Browser, case: Case) -> None:
    before = house.now(case)
    for path, body, status, says in REFUSED:
        answer = post(house, browser, case, path, **body)
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert says in answer.text
        assert house.now(case) == before


def test_a_consultation_is_written_down_and_exported(house: House, case: Case) -> None:
    supervisor = of(house, Role.SUPERVISOR)
    body = {"held_at": HELD, "participants": ["police", "Mr Li"], "decision": "close the lane"}
    written = post(house, supervisor, case, "consultations", **body)
    assert written.status_code == 201, written.text
    assert written.json()["held_at"] == "2026-03-02T00:00:00Z"
    assert supervisor.get(f"/v1/cases/{case.id}").json()["consultations"] == [written.json()]
    assert supervisor.get(f"/v1/cases/{case.id}").json()["history"][-1]["act"] == "consultation"
    bundle = house.folder / "case.zip"
    bundle.write_bytes(supervisor.get(f"/v1/cases/{case.id}/bundle").content)
    assert verify(bundle).startswith("whole")
    observer = of(house, Role.OBSERVER).get(f"/v1/cases/{case.id}")
    assert observer.json()["consultations"] == []
    assert "Mr Li" not in observer.text


def test_who_watches_is_told_of_every_step(house: House, case: Case) -> None:
    leader = of(house, Role.LEADER)
    assert leader.get("/v1/watched").json()["total"] == 0
    for _ in range(2):
        assert leader.ask("PUT", f"/v1/cases/{case.id}/watch").status_code == 204
    assert [one["id"] for one in leader.get("/v1/watched").json()["items"]] == [case.id]
    house.deliver()
    post(house, of(house, Role.HANDLER, "police"), case, "accept")
    assert abouts(leader) == ["accept", "dispatch"]
    for _ in range(2):
        assert leader.ask("DELETE", f"/v1/cases/{case.id}/watch").status_code == 204
    post(house, of(house, Role.HANDLER, "police"), case, "handle")
    assert abouts(leader) == ["accept", "dispatch"]
    assert leader.get("/v1/watched").json()["items"] == []
    assert of(house, Role.HANDLER, "wardens").ask("PUT", f"/v1/cases/{case.id}/watch").status_code == 404


def instruct(browser: Browser, **body: Any) -> Any:
    return browser.post("/v1/orders", json=body)


def test_an_order_without_a_case_is_read_and_answered_once(house: House) -> None:
    leader, unit, other = (
        of(house, Role.LEADER),
        of(house, Role.HANDLER, "sanitation"),
        of(house, Role.HANDLER, "wardens"),
    )
    given = instruct(leader, unit="sanitation", text="wash the square by six", minutes=5)
    assert given.status_code == 201, given.text
    path = f"/v1/orders/{given.json()['id']}"
    assert [one["case_id"] for one in unit.get("/v1/orders").json()["items"]] == [None]
    assert other.get("/v1/orders").json()["total"] == 0
    assert "wash the square" in unit.get("/inbox/sanitation").text
    assert "wash the square" in leader.get("/board").text
    assert abouts(unit) == ["order_given"]
    assert "/orders" in unit.get("/notices").text
    assert other.post(f"{path}/receipt", json={}).status_code == 404
    assert unit.post(f"{path}/reply", json={"text": ""}).status_code == 409
    assert unit.post(f"{path}/receipt", json={}).json()["read_by"] == "handler-sanitation"
    assert unit.post(f"{path}/receipt", json={}).status_code == 409
    assert unit.post(f"{path}/reply", json={"text": "washed"}).json()["reply"] == "washed"
    assert unit.post(f"{path}/reply", json={"text": "again"}).status_code == 409
    assert abouts(leader) == ["order_answered"]
    assert unit.get("/v1/orders").json()["total"] == 0
    logged = [entry.what for entry in house.store.audit_entries() if entry.what.startswith("instruction.")]
    assert logged == ["instruction.order_given", "instruction.order_read", "instruction.order_answered"]


def test_an_order_to_a_person_is_theirs_alone(house: House, case: Case) -> None:
    dispatcher, named = of(house, Role.DISPATCHER), of(house, Role.HANDLER, "sanitation")
    colleague = house.browser_of(house.person(Role.HANDLER, departments=["sanitation"], name="colleague"))
    free = instruct(dispatcher, person="handler-sanitation", text="come to the gate").json()
    about = post(house, dispatcher, case, "orders", person="handler-sanitation", text="wash the road").json()["order"]
    assert (free["department"], about["department"]) == ("sanitation", "sanitation")
    assert abouts(named) == ["order_given", "order_given"]
    assert abouts(colleague) == []
    assert colleague.post(f"/v1/orders/{free['id']}/receipt", json={}).status_code == 403
    assert post(house, colleague, case, f"orders/{about['id']}/receipt").status_code == 403
    assert named.post(f"/v1/orders/{free['id']}/receipt", json={}).status_code == 200
    assert post(house, named, case, f"orders/{about['id']}/receipt").status_code == 200
    for wrong in ({"person": "nobody"}, {"unit": "sanitation", "person": "colleague"}, {"unit": "moon"}, {}):
        assert instruct(dispatcher, text="go", **wrong).status_code == 409, wrong
    assert post(house, dispatcher, case, "orders", person="dispatcher-", text="go").status_code == 409


def test_who_gave_an_order_finds_it_and_whom_nobody_told_does_not(house: House) -> None:
    bound = house.browser_of(house.person(Role.LEADER, areas=["north"], name="street-leader"))
    stranger = house.browser_of(house.person(Role.DISPATCHER, areas=["north"], name="street-desk"))
    observer = house.browser_of(house.person(Role.OBSERVER, name="deputy"))
    order = instruct(bound, unit="sanitation", text="wash the square").json()
    assert bound.get("/v1/orders").json()["total"] == 1
    assert stranger.get("/v1/orders").json()["total"] == 0
    assert observer.get("/v1/orders").json()["total"] == 0
    assert stranger.post(f"/v1/orders/{order['id']}/receipt", json={}).status_code == 404


def test_the_same_key_gives_an_order_once(house: House) -> None:
    leader = of(house, Role.LEADER)
    body, key = {"unit": "sanitation", "text": "wash the square"}, {"Idempotency-Key": "k-1"}
    first = leader.post("/v1/orders", json=body, headers=key).json()
    unit = of(house, Role.HANDLER, "sanitation")
    assert unit.post(f"/v1/orders/{first['id']}/receipt", json={}).status_code == 200
    again = leader.post("/v1/orders", json=body, headers=key)
    assert (again.status_code, again.json()["id"], again.json()["read_by"]) == (201, first["id"], "handler-sanitation")
    assert leader.get("/v1/orders").json()["total"] == 1
    assert leader.post("/v1/orders", json=body | {"text": "other"}, headers=key).status_code == 422
