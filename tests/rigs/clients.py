"""Clients of a served city: they send pictures and reports, confirm, accept, handle and close, and keep a ledger.

A client that gets no answer to a report asks again with the same key; after a move it looks at the case first.
"""

import base64
import hashlib
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from random import Random
from time import sleep
from typing import Any

import httpx

from tests.rigs.ledger import Ledger, Operation, Outcome
from tests.web_house import jpeg

NEXT = {"candidate": "confirm", "dispatched": "accept", "accepted": "handle", "handled": "close"}
"""What is done to a case where it stands; others are looked at again later."""

KINDS = ("illegal_parking", "exposed_garbage", "stall_encroachment")


@dataclass
class Matters:
    """Cases that the clients know of, shared by all, so that they get into each other's way."""

    ids: list[str] = field(default_factory=list[str])


@dataclass(kw_only=True)
class Client:
    """One client in a thread of its own.

    Attributes:
        number: its own, so that its keys and places are nobody else's.
        web: its connection, already signed in.
        ledger: shared by all.
        matters: shared by all.
        stop: ends it.
    """

    number: int
    web: httpx.Client
    ledger: Ledger
    matters: Matters
    stop: threading.Event

    def run(self) -> None:
        """Go on until told to stop."""
        random, sent = Random(self.number), 0
        while not self.stop.is_set():
            if random.random() < 0.4 or not self.matters.ids:
                sent += 1
                self._report(sent, random.choice(KINDS))
            else:
                self._carry_on(random.choice(self.matters.ids[-12:]))

    def _report(self, sent: int, kind: str) -> None:
        picture = jpeg(17 * self.number + sent, (160, 90))
        name = hashlib.sha256(picture).hexdigest()
        attached = self._insist(
            Operation(what="attach", key=name),
            "/v1/attachments",
            content=picture,
            headers={"content-type": "image/jpeg"},
        )
        key = f"client-{self.number}-report-{sent}"
        body = {
            "kind": kind,
            "text": key,
            "place": {"lat": 20 + self.number * 0.5, "lon": 100 + sent * 0.01},
            "attachments": [name] if attached else [],
        }
        told = self._insist(
            Operation(what="report", key=key), "/v1/reports", json=body, headers={"Idempotency-Key": key}
        )
        if told:
            self.matters.ids.append(told["case_id"])

    def _insist(self, operation: Operation, path: str, **more: Any) -> Mapping[str, Any] | None:
        """Ask until there is an answer, or the end."""
        while not self.stop.is_set():
            again = Operation(what=operation.what, key=operation.key)
            done = self.ledger.ask(again, lambda: self.web.post(path, **more))
            assert done.outcome is not Outcome.REFUSED, done.answer
            if done.outcome is Outcome.ACKED:
                return done.answer
            sleep(0.2)
        return None

    def _carry_on(self, case_id: str) -> None:
        with suppress(httpx.TransportError):
            answer = self.web.get(f"/v1/cases/{case_id}")
            if not answer.is_success:
                return
            case = answer.json()["case"]
            move = NEXT.get(case["state"])
            if move is None:
                return
            body = {"version": case["version"]}
            if move == "handle":
                body["picture"] = base64.b64encode(jpeg(case["version"] + self.number, (160, 90))).decode()
            operation = Operation(what=move, key=case_id, based_on=case["version"])
            self.ledger.ask(operation, lambda: self.web.post(f"/v1/cases/{case_id}/{move}", json=body))
            return
        sleep(0.2)


@contextmanager
def clients(base_url: str, people: Mapping[str, Mapping[str, str]], ledger: Ledger) -> Generator[threading.Event]:
    """One client for each of some people, at work until the block ends or the event is set."""
    stop, matters = threading.Event(), Matters()
    webs = [
        httpx.Client(base_url=base_url, headers=dict(headers), verify=False, timeout=60) for headers in people.values()
    ]
    threads = [
        threading.Thread(
            target=Client(number=number, web=web, ledger=ledger, matters=matters, stop=stop).run,
            name=f"client-{number}",
        )
        for number, web in enumerate(webs)
    ]
    for thread in threads:
        thread.start()
    try:
        yield stop
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        for web in webs:
            web.close()
