"""What a service does, as a few runs that together pass every crossing. Each can be started again after a death.

A client that was not answered asks again, with the same key or after a look at the case; a run that goes on after a
death begins an hour later, when all leases have ended.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from fastapi import FastAPI
from standardwebhooks import Webhook

from api.accounts.roles import Role
from api.app import create_app
from api.audit.key import signing_key
from api.audit.notary import Notary
from api.backup import Installation, back_up, restore
from api.city.city import load_city
from api.errors import BackupError
from api.purging import purge
from api.store.store import SqlStore
from api.store.upgrade import upgrade
from api.work.camera_run import Desk, Post, Watch
from cases.channels.inbox import InboxFiler
from cases.channels.signature import Secret
from cases.desk import Desk as CaseDesk
from cases.filing import Channel
from cases.intake import Intake
from cases.retention import Retention
from cases.sender import Sender
from cases.states import CaseState
from inference.camera import CameraView
from inference.evidence.folder import FolderStore
from inference.evidence.spool import FolderSpool
from inference.findings import EvidenceRole
from inference.pipeline import Keeping, Seeing
from inference.rules.rule import Dwell
from inference.rules.table import all_rules
from inference.zones.zone import ZoneKind
from tests.case_builders import a_city, a_finding, some_evidence
from tests.rigs.delivery_channels import real_now, webhook
from tests.rigs.empty_database import empty_database
from tests.rigs.fakedept import SECRET
from tests.rigs.ledger import Ledger, Operation, Outcome
from tests.rigs.patrol_scenario import send_and_look
from tests.street import NAMES, Street, zone
from tests.web_house import CITY, Browser, Clock, House, jpeg

CAR = (300.0, 150.0, 420.0, 220.0)
PICTURE, PROOF = jpeg(7), jpeg(8)
MATTERS = MappingProxyType({"key-1": ("illegal_parking", 31.23), "key-2": ("exposed_garbage", 31.25)})
"""What is reported, by idempotency key: the kind, and a latitude far from the other's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a scenario runs.

    Attributes:
        folder: everything but the database.
        url: a database with its tables made.
        empty_url: one without tables.
        department: web address of the police's own system, a `fakedept`.
        address: its host and port.
        ahead: seconds that our clock is ahead of the real one.
    """

    folder: str
    url: str
    empty_url: str
    department: str = ""
    address: str = ""
    ahead: float = 0.0

    @property
    def notebook(self) -> Path:
        """Where the clients write down what they asked and were told."""
        return Path(self.folder, "notebook.jsonl")

    @property
    def evidence(self) -> Path:
        """Folder of the evidence."""
        return Path(self.folder, "evidence")


@dataclass
class Clerk:
    """A client that asks for everything once more if need be, and keeps a ledger."""

    browser: Browser
    ledger: Ledger

    def ask(self, operation: Operation, path: str, **more: Any) -> Mapping[str, Any]:
        done = self.ledger.ask(operation, lambda: self.browser.post(path, **more))
        assert done.outcome is Outcome.ACKED, done
        return done.answer

    def case(self, case_id: str) -> Mapping[str, Any]:
        return self.browser.get(f"/v1/cases/{case_id}").json()["case"]

    def move(self, case_id: str, name: str, when: str, **more: Any) -> None:
        """Make a move if the case still is where it is made from."""
        case = self.case(case_id)
        if case["state"] == when:
            operation = Operation(what=name, key=case_id, based_on=case["version"])
            self.ask(operation, f"/v1/cases/{case_id}/{name}", json={"version": case["version"], **more})


@cache
def warm_app() -> FastAPI:
    """The web application with all its routes made; every run puts its own doors into it."""
    nowhere = Path(mkdtemp())
    house = House(
        store=SqlStore(f"sqlite:///{nowhere}/none.db"),
        evidence=FolderStore(nowhere),
        city=load_city(CITY),
        folder=nowhere,
    )
    app = create_app(house.doors)
    app.openapi()
    return app


def cases(place: Place) -> None:
    """From a report with a picture to a filed, accepted, handled and closed case, and the signature over all of it."""
    folder, now = Path(place.folder), real_now() + timedelta(seconds=place.ahead)
    with SqlStore(place.url) as store:
        house = House(
            store=store, evidence=FolderStore(place.evidence), city=load_city(CITY), folder=folder, clock=Clock(now)
        )
        app = warm_app()
        app.state.doors = replace(house.doors, callback_secrets={"police": (Secret(SECRET),)})
        clerk = Clerk(house.browser_of(house.person(*Role), app), Ledger(place.notebook))
        filed = _reported(clerk)
        for case_id in filed:
            clerk.move(case_id, "confirm", "candidate")
        parking, garbage = filed
        _ordered(clerk, parking)
        _deliver(house, place)
        _accepted_by_their_own_system(clerk, parking, now)
        clerk.move(garbage, "accept", "dispatched")
        clerk.move(garbage, "handle", "accepted", picture=base64.b64encode(PROOF).decode())
        clerk.move(garbage, "close", "handled")
        notary = Notary(store, signing_key(folder), clock=house.clock, second_place=folder / "heads")
        notary.sign()
        notary.sign_if_due()


def _reported(clerk: Clerk) -> list[str]:
    sha256 = hashlib.sha256(PICTURE).hexdigest()
    headers = {"content-type": "image/jpeg"}
    clerk.ask(Operation(what="attach", key=sha256), "/v1/attachments", content=PICTURE, headers=headers)
    found: list[str] = []
    for key, (kind, lat) in MATTERS.items():
        body = {"kind": kind, "text": key, "place": {"lat": lat, "lon": 121.47}, "attachments": [sha256]}
        told = clerk.ask(Operation(what="report", key=key), "/v1/reports", json=body, headers={"Idempotency-Key": key})
        found.append(told["case_id"])
    return found


def _ordered(clerk: Clerk, case_id: str) -> None:
    """A direct order, which travels to the police's own system behind the case."""
    dossier = clerk.browser.get(f"/v1/cases/{case_id}").json()
    case = dossier["case"]
    if not dossier["orders"]:
        operation = Operation(what="order", key=case_id, based_on=case["version"])
        body = {"version": case["version"], "unit": "police", "text": "clear the lane"}
        clerk.ask(operation, f"/v1/cases/{case_id}/orders", json=body)


def _deliver(house: House, place: Place) -> None:
    filers = {Channel.INBOX: InboxFiler(), Channel.WEBHOOK: webhook(place.department, [place.address])}
    sender = Sender(house.store, filers, clock=house.clock, random=Random(1), pace=timedelta(0))
    while (errand := sender.take()) is not None:
        errand()


def _accepted_by_their_own_system(clerk: Clerk, case_id: str, now: Any) -> None:
    body = json.dumps({"case": case_id, "answer": "accepted"})
    headers = {
        "webhook-id": "m-1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(SECRET).sign("m-1", now, body),
        "content-type": "application/json",
    }
    answer: httpx.Response = clerk.browser.post("/v1/departments/police/callbacks", content=body, headers=headers)
    assert answer.status_code == 200, answer.text


def camera(place: Place) -> None:
    """A car stands until it is a case, then drives off, so that its pictures are swept away."""
    folder, evidence = Path(place.folder), FolderStore(place.evidence)
    street = Street().add("car", CAR, until=40, confidence=lambda t: min(0.5 + t / 80, 0.95))
    spool = FolderSpool(folder / "spool")
    clip = folder / "clip"
    clip.mkdir(exist_ok=True)
    with SqlStore(place.url) as store:
        if store.camera_memory("cam") is None:
            spool.put(b"left behind by a look that was not written down")
        desk = Desk(
            seeing=Seeing(
                detector=street.detector(),
                opens_at=dict.fromkeys(NAMES, 0.35),
                keeps_at=0.15,
                rules=all_rules(Dwell(override=30)),
            ),
            keeping_of=lambda _: Keeping(spool=spool, store=evidence, timezone=ZoneInfo("Asia/Shanghai")),
            intake=Intake(store, a_city(auto_file=True), clock=real_now, new_id=_ids("case")),
            memory_of=store.camera_memory,
            clock=real_now,
            open_source=lambda address, camera, reading: _Clip(street),
        )
        view = CameraView(id="cam", zones=(zone(ZoneKind.NO_PARKING),))
        Watch(Post(view=view, address=str(clip)), desk).run()
        sender = Sender(store, {Channel.INBOX: InboxFiler()}, clock=real_now, random=Random(1))
        while sender.send_next() is not None:
            pass


@dataclass
class _Clip:
    street: Street

    def frames(self):
        return self.street.frames(until=44, camera="cam")

    def close(self) -> None:
        pass


def backup(place: Place) -> None:
    """An installation with one case is kept in a folder and restored from it."""
    folder = Path(place.folder)
    source = Installation(database=place.url, evidence=place.evidence, data=folder)
    second = folder / "second"
    second.mkdir(exist_ok=True)
    target = Installation(database=f"sqlite:///{second}/jiexun.db", evidence=second / "evidence", data=second)
    signing_key(folder)
    if not (second / "jiexun.db").exists():
        empty_database(second / "jiexun.db")  # the scenario of the migration makes tables
    name = FolderStore(place.evidence).put(PICTURE)
    with SqlStore(place.url) as store:
        shown = some_evidence(name, EvidenceRole.FIRST)
        Intake(store, a_city(), clock=real_now, new_id=_ids("case")).take(a_finding(evidence=(shown,)))
    if not (folder / "kept").exists():
        back_up(source, folder / "kept", at=real_now())
    with suppress(BackupError):  # it had come to its end: everything is there, which is checked from outside
        restore(folder / "kept", target)


def migration(place: Place) -> None:
    """A database gets its tables, version after version."""
    upgrade(place.empty_url)


def retention(place: Place) -> None:
    """A case is rejected, and forty days later its picture is deleted, with a receipt."""
    evidence, city = FolderStore(place.evidence), a_city()
    with SqlStore(place.url) as store:
        if store.summary().cases == 0:
            shown = some_evidence(evidence.put(PICTURE), EvidenceRole.FIRST)
            Intake(store, city, clock=real_now, new_id=_ids("case")).take(a_finding(evidence=(shown,)))
        [case] = store.cases().items
        if case.state is CaseState.CANDIDATE:
            desk = CaseDesk(store, city, clock=real_now, new_id=_ids("filing"))
            desk.reject(case.id, version=case.version, by="Chen Yu", reason="nobody parks here")

    def later() -> datetime:
        return real_now() + timedelta(days=40)

    with SqlStore(place.url, clock=later) as store:
        purge(store.purging, evidence, Retention(days={CaseState.REJECTED: 30}), by="jiexun", clock=later)


def patrol(place: Place) -> None:
    """A recording and live frames of two vehicles become two passes and two cases."""
    send_and_look(place.url, Path(place.folder), place.evidence)


SCENARIOS: Mapping[str, Callable[[Place], None]] = MappingProxyType(
    {
        "migration": migration,
        "camera": camera,
        "cases": cases,
        "backup": backup,
        "retention": retention,
        "patrol": patrol,
    }
)


def _ids(prefix: str) -> Callable[[], str]:
    numbers = iter(range(1, 1000))
    return lambda: f"{prefix}-{next(numbers)}"
