"""Joint cases as programs see them: from filing to closed, with every part reported."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from api.accounts.roles import Role
from api.city.city import load_city
from cases.audit.verifier import verify
from cases.case import Case
from inference.findings import ViolationKind
from tests.web_house import CITY, Browser, House, build_house, jpeg

LINE = '          code: "0110"\n          department: sanitation\n'


@dataclass
class Town:
    """A house whose duty list lets the wardens help with garbage, and a filed case of it."""

    house: House
    case: Case

    def browser(self, role: Role, *departments: str) -> Browser:
        person = self.house.person(role, name=f"{role}-{'-'.join(departments)}", departments=departments)
        return self.house.browser_of(person)

    def step(self, browser: Browser, path: str, **body: Any) -> Any:
        version = self.house.now(self.case).version
        return browser.post(f"/v1/cases/{self.case.id}/{path}", json={"version": version, **body})


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    house = build_house(tmp_path)
    written = CITY.read_text(encoding="utf-8")
    assert LINE in written
    file = tmp_path / "city.yaml"
    file.write_text(written.replace(LINE, f"{LINE}          co_departments: [wardens]\n"), encoding="utf-8")
    house.city = load_city(file)
    with house.store:
        case = house.confirmed(house.case(kind=ViolationKind.EXPOSED_GARBAGE))
        house.deliver()
        yield Town(house, case)


def test_from_filing_to_closed_with_every_part_reported(town: Town) -> None:
    lead, helper = town.browser(Role.HANDLER, "sanitation"), town.browser(Role.HANDLER, "wardens")
    dispatcher, supervisor = town.browser(Role.DISPATCHER), town.browser(Role.SUPERVISOR)
    [case] = helper.get("/v1/subtasks?department=wardens").json()
    assert [(part["department"], part["state"]) for part in case["subtasks"]] == [("wardens", "open")]
    given = town.step(dispatcher, "subtasks", department="police", task="close the lane", hours=1)
    assert given.status_code == 201, given.text
    assert given.json()["unreported"] == ["wardens", "police"]
    town.step(lead, "accept")
    early = town.step(lead, "handle")
    assert early.status_code == 409
    assert "wardens and police have not reported a sub-task as done" in early.json()["detail"]
    assert "handle" not in lead.get(f"/v1/cases/{town.case.id}").json()["case"]["moves"]
    returned = town.step(helper, "subtasks/wardens/return", reason="nobody to fine")
    assert returned.json()["subtasks"][0]["note"] == "nobody to fine"
    assert town.step(dispatcher, "subtasks/wardens/again", reason="look once more").json()["subtasks"][0]["turn"] == 2
    picture = base64.b64encode(jpeg(9)).decode()
    done = town.step(helper, "subtasks/wardens/done", reason="fined", picture=picture)
    assert done.json()["unreported"] == ["police"]
    assert done.headers["etag"] == f'"{done.json()["version"]}"'
    [proof] = done.json()["subtasks"][0]["proofs"]
    assert lead.get(f"/v1/cases/{town.case.id}/proofs/{proof['sha256']}").content == jpeg(9)
    assert town.step(dispatcher, "subtasks/police/withdraw", reason="the lane is free").json()["unreported"] == []
    assert town.step(lead, "handle", picture=picture).json()["state"] == "handled"
    assert town.step(supervisor, "close").json()["state"] == "closed"
    history = supervisor.get(f"/v1/cases/{town.case.id}").json()["history"]
    assert [(entry["act"], entry["choice"]) for entry in history if entry["act"].startswith("task")] == [
        ("task_given", "wardens"),
        ("task_given", "police"),
        ("task_returned", "wardens"),
        ("task_given", "wardens"),
        ("task_done", "wardens"),
        ("task_withdrawn", "police"),
    ]
    bundle = town.house.folder / "case.zip"
    bundle.write_bytes(supervisor.get(f"/v1/cases/{town.case.id}/bundle").content)
    assert verify(bundle).startswith("whole")


def test_a_department_answers_for_itself_alone(town: Town) -> None:
    other = town.browser(Role.HANDLER, "police", "sanitation")
    refused = town.step(other, "subtasks/wardens/done")
    assert refused.status_code == 403
    assert "another department" in refused.json()["detail"]
    assert town.step(town.browser(Role.HANDLER, "wardens"), "subtasks/wardens/withdraw", reason="no").status_code == 403
    assert town.step(town.browser(Role.DISPATCHER), "subtasks/wardens/done", reason="by telephone").status_code == 200


def test_who_neither_leads_nor_helps_does_not_know_the_case(town: Town) -> None:
    police = town.browser(Role.HANDLER, "police")
    assert police.get(f"/v1/cases/{town.case.id}").status_code == 404
    assert town.step(police, "subtasks/police/done").status_code == 404
    assert police.get("/v1/subtasks?department=wardens").json() == []
    assert town.browser(Role.HANDLER, "wardens").get(f"/v1/cases/{town.case.id}").status_code == 200


REFUSED: list[tuple[str, dict[str, Any], int, str]] = [
    ("subtasks", {"department": "moon", "task": "shine"}, 409, "no department is called moon"),
    ("subtasks", {"department": "police"}, 409, "say what police is to do"),
    ("subtasks", {"department": "sanitation", "task": "help"}, 409, "leads case"),
    ("subtasks", {"department": "police", "task": "x", "hours": 0}, 422, "greater than 0"),
    ("subtasks", {"department": "police", "task": "x", "more": 1}, 422, "more"),
    ("subtasks", {"department": "police", "task": "x", "version": 1}, 409, "has changed since version 1"),
    ("subtasks/wardens/return", {}, 409, "say why the sub-task of wardens is returned"),
    ("subtasks/police/done", {}, 404, "police has no sub-task"),
    ("subtasks/wardens/forget", {}, 404, "nothing at this address"),
    ("subtasks/wardens/done", {"picture": base64.b64encode(b"no picture").decode()}, 422, "picture"),
]


def test_what_cannot_be_is_refused_in_one_sentence(town: Town) -> None:
    before, browser = town.house.now(town.case), town.house.browser()
    for path, body, status, says in REFUSED:
        answer = town.step(browser, path, **body)
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert says in answer.text
        assert town.house.now(town.case) == before
