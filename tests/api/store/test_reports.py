"""Reports on real databases: exactly once, whoever sends them how often at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import pytest
from sqlalchemy import text
from starlette.exceptions import HTTPException

from api.receiving import Asked, Receipt, receive
from api.store.engine import open_engine
from api.store.store import SqlStore
from cases.intake import Intake, Outcome
from cases.report import Contact, Report
from cases.source import Source
from inference.findings import ViolationKind
from tests.case_builders import HERE, NOON, CountedIds, HandClock, a_city, a_finding, a_report

CLIENTS = 100
ASKED = Asked(door="reports", key="k", body_sha256="a")


@dataclass
class Counter:
    """The one door on a store."""

    store: SqlStore
    clock: HandClock = field(default_factory=HandClock)

    def __post_init__(self) -> None:
        self.intake = Intake(self.store, a_city(), clock=self.clock, new_id=CountedIds())

    def receive(self, report: Report, asked: Asked | None = None) -> Receipt:
        return receive(self.store, self.intake, report, at=self.clock(), asked=asked)


@pytest.fixture
def counter(store: SqlStore) -> Counter:
    return Counter(store)


def at_once(do: Callable[[int], Receipt]) -> list[Receipt]:
    with ThreadPoolExecutor(16) as pool:
        return list(pool.map(do, range(CLIENTS)))


def counts(url: str) -> tuple[int, ...]:
    engine = open_engine(url)
    with engine.begin() as connection:
        found = [connection.execute(text(f"select count(*) from {t}")).scalar_one() for t in ("reports", "cases")]
    engine.dispose()
    return tuple(found)


def test_a_hundred_clients_with_one_key_make_one_report(url: str, counter: Counter) -> None:
    given = at_once(lambda n: counter.receive(a_report(f"by-{n}"), ASKED))
    assert len(set(given)) == 1
    assert given[0].outcome is Outcome.OPENED
    assert counts(url) == (1, 1)


def test_a_hundred_clients_that_send_one_event_make_one_report(url: str, counter: Counter) -> None:
    given = at_once(lambda _: counter.receive(a_report()))
    assert {receipt.case_id for receipt in given} == {given[0].case_id}
    assert sorted(receipt.outcome for receipt in given)[-1] is Outcome.OPENED
    assert counts(url) == (1, 1)


def test_a_hundred_residents_before_one_heap_make_one_case(url: str, counter: Counter) -> None:
    at_once(lambda n: counter.receive(a_report(f"by-{n}")))
    assert counts(url) == (CLIENTS, 1)


def test_the_answer_outlives_the_process(url: str, counter: Counter) -> None:
    given = counter.receive(a_report(), ASKED)
    counter.receive(a_report("later", code="0505"))
    with SqlStore(url) as again:
        assert Counter(again).receive(a_report("other"), ASKED) == given


def test_the_same_key_with_another_body_is_refused(url: str, counter: Counter) -> None:
    counter.receive(a_report(), ASKED)
    with pytest.raises(HTTPException) as refused:
        counter.receive(a_report("2"), replace(ASKED, body_sha256="b"))
    assert refused.value.status_code == 422
    assert counts(url) == (1, 1)


def test_an_answer_is_kept_for_more_than_a_day_and_not_for_ever(counter: Counter) -> None:
    given = counter.receive(a_report(), ASKED)
    counter.clock.forward(hours=25)
    assert counter.receive(a_report("2"), ASKED) == given
    counter.clock.forward(days=8)
    counter.receive(a_report("3"), replace(ASKED, key="another"))
    assert counter.receive(a_report(), ASKED).outcome is Outcome.KNOWN


def test_a_report_comes_back_as_it_was_said(store: SqlStore) -> None:
    intake = Intake(store, a_city(), clock=HandClock(), new_id=CountedIds())
    report = a_report(source=Source.HOTLINE, kind=ViolationKind.EXPOSED_GARBAGE)
    with store.transaction() as book:
        case = intake.receive(book, report, Contact(phone="13800000000")).case
    dossier = store.dossier(case.id)
    assert dossier.reports == (report,)
    assert dossier.case == case
    assert "13800000000" not in repr(dossier)


def test_a_camera_and_a_resident_meet_in_one_case(store: SqlStore) -> None:
    intake = Intake(store, a_city(), clock=HandClock(), new_id=CountedIds())
    intake.take(a_finding(kind=ViolationKind.EXPOSED_GARBAGE, where=HERE, at=NOON))
    with store.transaction() as book:
        received = intake.receive(book, a_report())
    assert received.outcome is Outcome.MERGED
    assert store.dossier(received.case.id).sources == (Source.CAMERA, Source.RESIDENT)
