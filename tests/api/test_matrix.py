"""Who gets what from which route (reliability E1, E2): all routes × all callers × own and foreign objects."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from api.accounts.accounts import LONGEST_SESSION
from api.accounts.roles import FOR_PROGRAMS, Role
from api.app import create_app
from cases.case import Case
from cases.history import Proof
from cases.report import Attachment, PlaceQuality, Report
from cases.source import Source
from inference.findings import EvidenceRole, ViolationKind
from inference.sources.pushed import Mailbox
from tests.web_house import Browser, House, build_house, jpeg

MATRIX: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("matrix.yaml").read_text(encoding="utf-8"))
ROWS: list[dict[str, Any]] = MATRIX["rows"]
OPEN_BY_NATURE = {"GET /openapi.json", "/static", "/static/leaflet"}
"""The description of the interface, and the pages' own style, scripts and icons."""
SOCKETS = {"/v1/cameras/{camera}/stream", "/v1/patrols/{vehicle}/stream"}
"""Asked as every caller in `routes/test_camera_stream.py` and `test_patrol_stream.py`, over a real connection."""
PEOPLE = tuple(role.value for role in Role)
SEE_NO_CASES = ("community", "volunteer")
KEYS = ("program", "camera")
STRANGERS = ("public", "disabled", "expired", "revoked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One case and everything that belongs to it, as addresses name it."""

    case: Case
    in_path: Mapping[str, str]


@dataclass
class Town:
    """A service with one case in the north, which is the callers' own, and one in the south, which is not."""

    house: House
    app: FastAPI
    own: Thing
    foreign: Thing

    def browser(self, caller: str) -> Browser:
        """A caller with a fresh session or key."""
        accounts = self.house.accounts
        if caller == "public":
            return Browser(self.app)
        if caller in KEYS or caller == "revoked":
            camera = None if caller == "program" else "east-gate"
            rights = FOR_PROGRAMS if caller == "program" else ()
            key, written = accounts.make_key(caller, rights=rights, camera=camera, departments=["sanitation"])
            if caller == "revoked":
                accounts.revoke_key(key.id)
            return Browser(self.app, key=written)
        role = Role(caller) if caller in PEOPLE else Role.ADMIN
        person = self.house.person(role, name=caller, departments=["sanitation"], areas=["north"])
        if caller == "expired":
            long_ago = replace(accounts, clock=lambda: self.house.door_clock() - LONGEST_SESSION - timedelta(seconds=1))
            return Browser(self.app, session=long_ago.open_session(person))
        session = accounts.open_session(person)
        if caller == "disabled":
            self.house.accounts.set_disabled(person.name, True)
        return Browser(self.app, session=session)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    house = build_house(tmp_path_factory.mktemp("town"))
    house.mailboxes["east-gate"] = Mailbox()
    with house.store:
        own = a_thing(house, kind=ViolationKind.EXPOSED_GARBAGE, camera="east-gate", department="sanitation")
        foreign = a_thing(house, kind=ViolationKind.STALL_ENCROACHMENT, camera="market-street", department="wardens")
        yield Town(house, create_app(house.doors), own, foreign)


def a_thing(house: House, *, kind: ViolationKind, camera: str, department: str) -> Thing:
    finding = house.finding(kind=kind, camera=camera, pictures=(jpeg(len(camera)), jpeg(len(camera) + 50)))
    taken, attachment = house.take_in(finding), an_attachment(house, jpeg(len(camera) + 150))
    said = Report(
        key=camera,
        source=Source.HOTLINE,
        kind=kind,
        code=None,
        text="come and see",
        address="",
        place=finding.where,
        quality=PlaceQuality.EXACT,
        seen_at=house.clock(),
        attachments=(attachment,),
    )
    with house.store.transaction() as book:
        assert house.doors.intake.receive(book, said).case.id == taken.id
    case, desk = house.confirmed(house.now(taken)), house.doors.desk
    case = desk.accept(case.id, version=case.version, by="Li")
    proof = Proof(
        sha256=house.evidence.put(jpeg(len(camera) + 100)),
        media_type="image/jpeg",
        size_bytes=1,
        taken_at=house.clock(),
    )
    case = desk.handle(case.id, version=case.version, by="Li", proofs=(proof,))
    original = next(ref for ref in finding.evidence if ref.role is EvidenceRole.LAST)
    in_path = {
        "case_id": case.id,
        "key": finding.key,
        "sha256": original.sha256,
        "proof": proof.sha256,
        "attachment": attachment.sha256,
        "camera": camera,
        "department": department,
        "filing_id": house.last_filing(case).id,
        "helper": "police",
    }
    return Thing(case=case, in_path=in_path)


def an_attachment(house: House, picture: bytes) -> Attachment:
    kept = Attachment(
        sha256=house.evidence.put(picture), media_type="image/jpeg", size_bytes=len(picture), received_at=house.clock()
    )
    with house.store.transaction() as book:
        return book.attach(kept)


def served(app: FastAPI) -> set[str]:
    found: set[str] = set()
    for route in iter_route_contexts(app.routes):
        for method in (route.methods or {""}) - {"HEAD"}:
            found.add(f"{method} {route.path}".strip())
    return found - OPEN_BY_NATURE - SOCKETS


def test_every_route_has_a_row_and_every_row_a_route(town: Town) -> None:
    listed = {
        re.sub(r"\{(proof|attachment)\}", "{sha256}", row["route"]).replace("{helper}", "{department}") for row in ROWS
    }
    assert served(town.app) - listed == set()
    assert listed - served(town.app) == set()


def expected(row: Mapping[str, Any], caller: str, which: str) -> int:
    is_page = not row["route"].split()[1].startswith(("/v1/", "/metrics"))
    if caller not in row["allow"]:
        return 403 if caller in (*PEOPLE, *KEYS) else 303 if is_page else 401
    answer: int | dict[str, int] = row.get(which, 200)
    if isinstance(answer, int):
        return answer
    return answer.get(caller, answer["people"] if caller in PEOPLE and "people" in answer else answer["default"])


def ask(browser: Browser, row: Mapping[str, Any], thing: Thing) -> Any:
    method, path = row["route"].split()
    send: Any = row.get("send", {})
    more: dict[str, Any] = {"headers": {"Accept": "text/html"}}
    if send == "jpeg":
        more = {"content": jpeg(), "headers": {"Content-Type": "image/jpeg"}}
    elif "json" in send:
        more["json"] = send["json"]
    elif "form" in send:
        more["data"] = {key: str(value) for key, value in send["form"].items()}
    address = path.format(**thing.in_path, **row.get("with", {}))
    return browser.ask(method, f"{address}?{row['ask']}" if "ask" in row else address, **more)


def name_of(row: Mapping[str, Any]) -> str:
    return f"{row['route']} {row.get('with', {}).get('move', '')}".strip()


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_everybody_gets_what_is_theirs_and_nothing_else(town: Town, row: Mapping[str, Any]) -> None:
    got: dict[str, int] = {}
    wanted: dict[str, int] = {}
    is_about_something = re.search(r"\{(?!move|decision|month)", row["route"]) is not None
    for caller in (*PEOPLE, *KEYS, *STRANGERS):
        town.app.state.quotas.clear()  # nobody else is at the door before them
        for which in ("own", "foreign") if is_about_something else ("own",):
            answer = ask(town.browser(caller), row, getattr(town, which))
            got[f"{caller}, {which}"] = answer.status_code
            wanted[f"{caller}, {which}"] = expected(row, caller, which)
            if answer.status_code == 303 and caller not in row["allow"]:
                assert answer.headers["location"].startswith("/sign-in?"), caller
    assert got == wanted
    assert town.house.now(town.own.case) == town.own.case
    assert town.house.now(town.foreign.case) == town.foreign.case


@pytest.mark.parametrize("caller", [*(name for name in PEOPLE if name not in SEE_NO_CASES), "program"])
def test_lists_and_counts_hold_nothing_foreign(town: Town, caller: str) -> None:
    browser, foreign = town.browser(caller), town.foreign
    for path in ("/", "/cases", "/findings", "/inbox", "/inbox/wardens", "/v1/cases", "/v1/findings"):
        text = browser.get(path).text
        assert foreign.case.id not in text, path
        assert foreign.case.number not in text, path
        assert foreign.in_path["key"] not in text, path
    behind = browser.get("/v1/appraisal/2026-03/cases?unit=wardens&among=filed")
    assert behind.status_code == 403 or behind.json() == []
    assert browser.get("/v1/cases").json()["total"] == 1
    assert browser.get("/v1/cases?state=handled").json()["total"] == 1
    assert browser.get("/v1/findings").json()["total"] == 1
    summary = browser.get("/v1/summary").json()
    assert (summary["cases"], summary["findings"], summary["filed"]) == (1, 1, 1)
    assert summary["by_kind"]["stall_encroachment"] == 0


def test_an_observer_reads_no_names_and_sees_no_original(town: Town) -> None:
    browser = town.browser("observer")
    for path in (
        "/v1/cases",
        "/",
        f"/v1/cases/{town.own.case.id}",
        f"/cases/{town.own.case.id}",
        f"/findings/{town.own.in_path['key']}",
    ):
        text = browser.get(path).text
        assert "Chen Yu" not in text, path
        assert "come and see" not in text, path
        assert town.own.in_path["sha256"] not in text, path
        assert town.own.in_path["proof"] not in text, path
    assert [ref["role"] for ref in browser.get("/v1/findings").json()["items"][0]["finding"]["evidence"]] == ["public"]


def test_a_handler_of_two_departments_sees_both_and_no_third(town: Town) -> None:
    person = town.house.person(Role.HANDLER, name="both", departments=["sanitation", "wardens"])
    browser = Browser(town.app, session=town.house.accounts.open_session(person))
    assert browser.get("/v1/cases").json()["total"] == 2
    assert [browser.get(f"/inbox/{name}").status_code for name in ("sanitation", "wardens", "police")] == [
        200,
        200,
        404,
    ]
