"""One canary in every place where a secret can be (reliability E8): none of them comes out anywhere."""

import base64
import io
import logging
import os
import threading
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import psutil
import pytest
from fastapi.routing import APIRoute

from api.accounts.one_time_codes import STEP_SECONDS, code_at
from api.accounts.roles import Right, Role
from api.app import ROUTERS, create_app
from api.backup import back_up
from api.cli import main
from api.clock import utc_now
from api.doors import Doors
from api.wiring import House, installation, open_house
from cases.intake import Intake
from inference.findings import ViolationKind
from inference.sources.rtsp import Rtsp
from tests.case_builders import a_finding
from tests.web_house import Browser

FOLDERS_WITH_KEYS = {"audit.key", "doors.key"}
CITY = """
city: {name: {zh: 秘城, en: Secret town}, time_zone: Asia/Shanghai}
departments:
  - id: police
    name: {zh: 交警, en: Police}
    callback_secret_env: CALLBACKS
    channel: {type: webhook, url: "http://127.0.0.1:9/in", secret_env: WEBHOOK, allow_private_hosts: true}
  - id: sanitation
    name: {zh: 环卫, en: Sanitation}
    channel:
      {type: open311, url: "http://127.0.0.1:9/v2", api_key_env: OPEN311, allow_private_hosts: true,
       services: [{code: "0110", service_code: "1"}]}
  - id: wardens
    name: {zh: 执法队, en: Wardens}
    channel:
      {type: email, to: [duty@example.org], sender: us@example.org, host: 127.0.0.1, port: 9, user_env: MAIL_USER,
       password_env: MAIL_PASSWORD, allow_private_hosts: true}
duty_list:
  fallback: {department: wardens, limit: 24 hours}
  editions:
    - name: "2026-1"
      effective_from: 2026-01-01
      lines:
        - {kind: illegal_parking, code: "0505", department: police, limit: 2 hours, filing_condition: 停}
        - {kind: exposed_garbage, code: "0110", department: sanitation, limit: 2 hours, filing_condition: 弃}
        - {kind: stall_encroachment, code: "0401", department: wardens, limit: 2 hours, filing_condition: 占}
cameras:
  - {id: gate, name: {zh: 门, en: Gate}, source: "rtsp://127.0.0.1:9/live?token=%s", credentials_env: CAMERA}
  - {id: corner, name: {zh: 角, en: Corner}, source: push, gb28181_id: "34020000001320000001"}
image_library:
  id: "34020000005030000001"
  senders: [{id: "34020000001190000001", name: {zh: 库, en: Library}, credentials_env: LIBRARY}]
"""


def canary(name: str) -> str:
    """A secret that says whose it is and would be taken for a password."""
    return f"c4nary{name}{os.urandom(9).hex()}"


def whsec() -> str:
    return "whsec_" + base64.b64encode(os.urandom(24)).decode()


@dataclass
class Secrets:
    """All secrets that there are, and everything that was said."""

    known: dict[str, str]
    said: list[tuple[str, bytes]] = field(default_factory=list[tuple[str, bytes]])

    def hear(self, where: str, what: bytes | str) -> None:
        """Remember what was said; a spreadsheet or archive is looked into."""
        data = what.encode("utf-8", "replace") if isinstance(what, str) else what
        self.said.append((where, data))
        if data.startswith(b"PK\x03\x04"):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for name in archive.namelist():
                    self.hear(f"{where}!{name}", archive.read(name))

    @property
    def leaks(self) -> list[str]:
        """Which secret was said where, in any of the ways to write it."""
        found = list[str]()
        for name, secret in self.known.items():
            plain = secret.encode()
            forms = {plain, base64.b64encode(plain), quote(secret, safe="").encode(), plain.hex().encode()}
            found += [f"{name} in {where}" for where, data in self.said if any(form in data for form in forms)]
        return found


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Secrets:
    variables = {
        **{name: whsec() for name in ("CALLBACKS", "WEBHOOK")},
        **{name: canary(name.lower()) for name in ("OPEN311", "MAIL_USER", "MAIL_PASSWORD", "TOKEN")},
        **{name: f"{name.lower()}:{canary(name.lower())}" for name in ("CAMERA", "LIBRARY")},
        **{f"JIEXUN_{name}": canary(name.lower()) for name in ("CENTER_KEY", "OIDC_CLIENT_SECRET")},
    }
    city = tmp_path / "city.yaml"
    city.write_text(CITY % variables.pop("TOKEN"), encoding="utf-8")
    plain = {"JIEXUN_OIDC_ISSUER": "https://127.0.0.1:9", "JIEXUN_OIDC_CLIENT_ID": "jiexun"}
    plain |= {"JIEXUN_CITY_FILE": str(city), "JIEXUN_DATA_DIR": str(tmp_path / "data")}
    for name, value in {**variables, **plain}.items():
        monkeypatch.setenv(name, value)
    return Secrets({name: value.partition(":")[2] or value.removeprefix("whsec_") for name, value in variables.items()})


@pytest.fixture
def house(secrets: Secrets) -> Iterator[House]:
    with open_house() as house:
        yield house


def people(house: House, doors: Doors, secrets: Secrets) -> Browser:
    """Somebody who may do everything, with a password, a second factor, a session and a key."""
    password, factors = canary("password"), doors.ways_in.second_factors
    roles = [role for role in Role if role is not Role.HANDLER]
    person = house.accounts.add("chen.yu", password, roles=roles)
    stranger = Browser(create_app(doors))
    stranger.post("/sign-in", data={"name": "chen.yu", "password": password})
    stranger.post("/sign-in", data={"name": "chen.yu", "password": password[:-1]})
    secret, sealed = factors.offered(person)
    recovery = factors.set_up(person, sealed, code_at(secret, int(utc_now().timestamp()) // STEP_SECONDS))
    session = house.accounts.open_session(person)
    _, key = house.accounts.make_key("hotline", rights=[Right.SEE_CASES])
    secrets.known |= {"password": password, "totp": secret, "recovery": recovery[0], "session": session}
    secrets.known |= {"key": key.rpartition("_")[2]}
    return Browser(create_app(doors), session=session)


def work(house: House) -> str:
    """Cases of every channel, whose departments do not answer; the id of one."""
    intake = Intake(house.store, house.order, clock=utc_now, new_id=lambda: os.urandom(16).hex())
    desk, last = house.doors(None, {}).desk, ""
    for number, kind in enumerate(ViolationKind):
        case = intake.take(a_finding(f"stay-{number}", kind=kind, camera="corner", at=datetime.now(UTC))).case
        assert case is not None
        desk.confirm(case.id, version=case.version, by="Chen Yu")
        last = case.id
    while house.sender.send_next() is not None:
        pass
    [post] = house.posts(pushed=False)
    with closing(Rtsp(post.address, camera="gate", started_at=utc_now())) as camera:
        reading = threading.Thread(target=lambda: next(camera.frames(), None))
        reading.start()
        reading.join(0.5)
        camera.close()
        reading.join()
    return last


def test_no_secret_comes_out_of_pages_answers_exports_backups_logs_or_commands(
    house: House,
    secrets: Secrets,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    doors = house.doors(None, {})
    browser = people(house, doors, secrets)
    case = work(house)
    for path in paths(case):
        for accept in ("text/html", "application/json"):
            answer = browser.get(path, headers={"Accept": accept}, raise_errors=False)
            secrets.hear(f"GET {path}", answer.content + str(answer.headers).encode())
    for where in (f"/v1/cases/{case}/bundle", f"/cases/{case}/file.pdf", f"/cases/{case}", "/v1/cases.csv?lang=en"):
        secrets.hear(where, browser.get(where).content)
    back_up(installation(), tmp_path / "backup", at=utc_now())
    for root in (tmp_path / "data", tmp_path / "backup"):
        for path in root.rglob("*"):
            if path.is_file() and path.name not in FOLDERS_WITH_KEYS:
                secrets.hear(str(path), path.read_bytes())
    for command in (
        ["check", os.environ["JIEXUN_CITY_FILE"]],
        ["user", "list"],
        ["key", "list"],
        ["deliveries", "list"],
    ):
        with ExitStack() as stack:
            stack.enter_context(pytest.raises(SystemExit))
            main(command)
    secrets.hear("standard output and error", "".join(capsys.readouterr()))
    secrets.hear("log", caplog.text)
    secrets.hear("arguments", " ".join(psutil.Process().cmdline()))
    secrets.hear("representations", repr([house, doors, house.settings, house.addresses, house.posts(pushed=False)]))
    assert len(secrets.said) > 100
    assert sorted(secrets.leaks) == []


def paths(case: str) -> list[str]:
    """Of all pages and answers that can be asked for, those of one case among them."""
    routes = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    asked = {route.path.replace("{case_id}", case) for route in routes if "GET" in (route.methods or ())}
    endless = {"/v1/stream", "/v1/patrols/stream"}
    return sorted([*(path for path in asked if "{" not in path and path not in endless), "/openapi.json", "/nowhere"])


def test_the_canaries_sing() -> None:
    secrets = Secrets({"one": "c4nary/one+"})
    with io.BytesIO() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("inside.xml", "c4nary%2Fone%2B")
        secrets.hear("archive", file.getvalue())
    secrets.hear("log", b"Basic " + base64.b64encode(b"c4nary/one+"))
    secrets.hear("page", "nothing of it")
    assert secrets.leaks == ["one in archive!inside.xml", "one in log"]
