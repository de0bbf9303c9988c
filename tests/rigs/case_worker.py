"""A whole case worker, made to be killed in a process of its own: looks, takes findings in, delivers what is due."""

import os
from datetime import UTC, datetime, timedelta
from random import Random

from api.outgoing.web import OutgoingClient
from api.store.store import SqlStore
from cases.channels.signature import Secret
from cases.channels.webhook import Endpoint, WebhookFiler
from cases.filing import Channel
from cases.intake import Intake
from cases.retries import Schedule
from cases.sender import Sender
from inference.detections import Box
from inference.findings import Finding
from tests.case_builders import a_city, a_finding, some_evidence
from tests.rigs.killer import Told

CAMERA = "cam-1"
START = datetime(2026, 3, 2, tzinfo=UTC)
PLACES = 5


def findings_of(look: int, seen_before: int) -> list[Finding]:
    """What one look gives. Keys depend on the memory of earlier looks: who forgets or repeats one gives others."""
    if look % 3:
        return []
    place = look % PLACES
    box: Box = (place * 400.0, 0.0, place * 400.0 + 200, 100.0)
    key = f"stay-{seen_before}"
    zone = f"zone-{look // (6 * PLACES)}"
    evidence = (some_evidence(f"{look:064x}"),)
    return [a_finding(key, box=box, zone=zone, at=START + timedelta(seconds=look), evidence=evidence)]


def expected_cases(looks: int) -> int:
    """Distinct places in distinct zones among all findings: counted without any of the code under test."""
    return len({(look % PLACES, look // (6 * PLACES)) for look in range(0, looks, 3)})


def work(database: str, url: str, secret: str, address: str, looks: int, *, told: Told = lambda: None) -> None:
    """Go on where the last one was, to the end."""
    with SqlStore(database) as store:
        city = a_city(auto_file=True, channel=Channel.WEBHOOK)
        intake = Intake(store, city, clock=_now, new_id=lambda: os.urandom(16).hex())
        filer = WebhookFiler(
            {"police": Endpoint(url=url, secrets=(Secret(secret),))},
            OutgoingClient(frozenset({address})),
            base_url="https://city.example",
            clock=_now,
        )
        sender = Sender(
            store,
            {Channel.WEBHOOK: filer},
            clock=_now,
            random=Random(1),
            schedule=Schedule(back_off=(timedelta(milliseconds=20),) * 500, open_for=(timedelta(milliseconds=20),)),
            pace=timedelta(0),
            lease=timedelta(milliseconds=300),
        )
        memory = store.camera_memory(CAMERA)
        at, seen = (int(memory.position), int(memory.memory)) if memory else (-1, 0)
        for look in range(at + 1, looks):
            told()
            findings = findings_of(look, seen)
            seen += len(findings)
            intake.record_look(
                camera=CAMERA,
                memory=str(seen).encode(),
                position=float(look),
                captured_at=START + timedelta(seconds=look),
                findings=findings,
            )
            sender.send_next()
        while sender.send_next() is not None:
            pass


def _now() -> datetime:
    return datetime.now(UTC)
