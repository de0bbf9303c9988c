"""The store in SQL and the one in memory, on which the rules of cases are proven, give the same answers."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.store.store import SqlStore
from cases.desk import Desk
from cases.dossier import Dossier
from cases.errors import CaseError, FilingFailed
from cases.filing import Channel, Filing
from cases.intake import Intake
from cases.ports import Receipt, Store
from cases.sender import Sender
from inference.geo import LatLon
from tests.case_builders import CountedIds, HandClock, a_city, a_finding, a_proof
from tests.case_fakes import FakeFiler, MemoryStore
from tests.rigs.databases import Databases


@dataclass(frozen=True)
class Event:
    """One thing that happens; each reads the numbers in its own way."""

    what: str
    a: int
    b: int


events = st.lists(
    st.builds(
        Event,
        st.sampled_from(
            ["see", "see", "confirm", "reject", "accept", "back", "again", "handle", "close", "send", "send", "wait"]
        ),
        st.integers(0, 5),
        st.integers(0, 3),
    ),
    min_size=5,
    max_size=40,
)


def _outcome(event: Event) -> FilingFailed | None:
    retry_after = timedelta(hours=1) if event.a == 4 else None
    lost = event.a == 5
    return FilingFailed("no", retry=event.b != 3, retry_after=retry_after, maybe_delivered=lost) if event.b else None


class Shows:
    """A receiver that has what was sent to it last, or not."""

    def find(self, dossier: Dossier, filing: Filing) -> Receipt | None:
        return Receipt(reference="found") if filing.asked % 3 == 0 else None


class World:
    """One store with all that works on it."""

    def __init__(self, store: Store) -> None:
        self.store, self.clock, self.ids = store, HandClock(), CountedIds()
        city = a_city(channel=Channel.WEBHOOK)
        self.filer = FakeFiler(recognises_repetitions=False)
        self.intake = Intake(store, city, clock=self.clock, new_id=self.ids)
        self.desk = Desk(store, city, clock=self.clock, new_id=self.ids)
        self.sender = Sender(
            store,
            {Channel.WEBHOOK: self.filer},
            inquirers={Channel.WEBHOOK: Shows()},
            clock=self.clock,
            random=Random(3),
        )
        self.cases: list[str] = []
        self.seen = 0

    def happens(self, event: Event) -> object:
        try:
            return self._happens(event)
        except CaseError as refused:
            return str(refused)

    def _happens(self, event: Event) -> object:
        if event.what == "see":
            return self._see(event)
        if event.what == "wait":
            self.clock.forward(hours=[0.0001, 0.1, 3, 30][event.b])
            return None
        if event.what == "send":
            self.filer.answers = [_outcome(event)]
            return self.sender.send_next()
        if not self.cases:
            return None
        case = self._dossier(self.cases[event.a % len(self.cases)]).case
        moves = {
            "confirm": lambda: self.desk.confirm(case.id, version=case.version, by="li"),
            "reject": lambda: self.desk.reject(case.id, version=case.version, by="li", reason="no"),
            "accept": lambda: self.desk.accept(case.id, version=case.version, by="li"),
            "back": lambda: self.desk.send_back(case.id, version=case.version, by="li", reason="no"),
            "again": lambda: self.desk.reassign(
                case.id, version=case.version, by="li", department="street", reason="so"
            ),
            "handle": lambda: self.desk.handle(case.id, version=case.version, by="li", proofs=(a_proof(),)),
            "close": lambda: self.desk.close(case.id, version=case.version, by="li"),
        }
        return moves[event.what]()

    def _see(self, event: Event) -> object:
        where = LatLon(lat=31 + event.b * 0.0003, lon=121) if event.a % 2 else None
        self.seen += 1
        taken = self.intake.take(
            a_finding(
                f"f{self.seen - (event.a == 5)}",
                camera=f"cam-{event.a % 3}",
                box=(event.b * 120.0, 0, event.b * 120.0 + 200, 100),
                where=where,
                at=self.clock.now,
            )
        )
        if taken.case is not None and taken.case.id not in self.cases:
            self.cases.append(taken.case.id)
        return taken

    def _dossier(self, case_id: str) -> Dossier:
        with self.store.transaction() as book:
            return book.dossier(case_id)

    def dossiers(self) -> list[Dossier]:
        return [self._dossier(case_id) for case_id in self.cases]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(happening=events)
def test_sqlite_goes_the_way_of_memory(sqlite_files: Databases, happening: list[Event]) -> None:
    same_way(sqlite_files, happening)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(happening=events)
def test_postgresql_goes_the_way_of_memory(postgres_databases: Databases, happening: list[Event]) -> None:
    same_way(postgres_databases, happening)


def same_way(databases: Databases, happening: list[Event]) -> None:
    with databases.upgraded() as url, SqlStore(url) as store:
        in_sql, in_memory = World(store), World(MemoryStore())
        for event in happening:
            assert in_sql.happens(event) == in_memory.happens(event)
        assert in_sql.dossiers() == in_memory.dossiers()
        assert [store.dossier(case_id) for case_id in in_sql.cases] == in_memory.dossiers()
