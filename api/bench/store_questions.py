"""What pages and programs ask of a full store, and how long each question takes."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from statistics import quantiles
from typing import TypeVar

from api.bench.store_filling import CENTRE, DEPARTMENTS, END, SPREAD_DEGREES
from api.store.store import SqlStore
from cases.appraisal.period import Period
from cases.states import OPEN, CaseState
from inference.findings import ViolationKind
from inference.geo import LatLon

LIMIT_MS = 150.0
"""Promised for every question on 100,000 cases, 95th percentile."""

Question = Callable[[], object]
Picked = TypeVar("Picked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One kind of question: milliseconds of processor time, median and 95th percentile."""

    question: str
    times: int
    p50_ms: float
    p95_ms: float


def ask_all(store: SqlStore, *, times: int, told: Callable[[float], None]) -> list[Asked]:
    """Ask every question `times` times, each time about something else.

    Args:
        store: filled by `api.bench.store_filling`.
        times: at least 2.
        told: is told the share that is done.
    """
    random = Random(7)
    asked: list[Asked] = []
    kinds = list(_questions(store, random))
    for number, (name, question) in enumerate(kinds):
        took = sorted(_milliseconds(question) for _ in range(times))
        cuts = quantiles(took, n=20, method="inclusive")
        asked.append(Asked(question=name, times=times, p50_ms=cuts[9], p95_ms=cuts[18]))
        told((number + 1) / len(kinds))
    return asked


def _milliseconds(question: Question) -> float:
    started = time.process_time()
    question()
    return (time.process_time() - started) * 1000


def _questions(store: SqlStore, random: Random) -> Iterator[tuple[str, Question]]:
    """Every kind of question; each asks about something else whenever it is called."""
    newest = [case.id for case in store.cases(limit=200).items]
    deep = [case.id for case in store.cases(limit=200, offset=store.summary().cases // 2).items]

    def one(of: Sequence[Picked]) -> Picked:
        return random.choice(of)

    states, kinds = list(CaseState), list(ViolationKind)
    yield "list: newest", lambda: store.cases(limit=50)
    yield "list: one state", lambda: store.cases(states=(one(states),), limit=50)
    yield "list: state and kind", lambda: store.cases(states=(one(states),), kind=one(kinds), limit=50)
    yield "list: one department", lambda: store.cases(department=one(DEPARTMENTS), limit=50)
    yield "list: far down, by the last case seen", lambda: store.cases(after=one(deep), limit=50)
    yield "list: far down, by how many to leave out", lambda: store.cases(offset=random.randrange(50_000), limit=50)
    yield "map: some streets", lambda: store.placed_cases(corners=_box(random, 0.005))
    yield "map: the district, open cases", lambda: store.placed_cases(corners=_whole(), states=OPEN)
    yield "map: the district, one kind", lambda: store.placed_cases(corners=_whole(), kind=one(kinds))
    yield "map: everything", store.placed_cases
    yield "inbox of a department", lambda: store.inbox(one(DEPARTMENTS), limit=25)
    yield "close-ups for a page", lambda: store.crops(newest[:25])
    yield "one case with all that belongs to it", lambda: store.dossier(one(newest + deep))
    yield "findings: newest", lambda: store.findings(limit=50)
    yield "everything counted", store.summary
    yield "appraisal of a month", lambda: _month(store, random.randint(1, 10))
    yield "deliveries that need a person", store.needs_a_person


def _month(store: SqlStore, month: int) -> object:
    first = END.replace(month=month, day=1)
    after = (first + timedelta(days=31)).replace(day=1)
    return store.appraisal.counts(Period(month=f"{first:%Y-%m}"), (first, after))


def _box(random: Random, degrees: float) -> tuple[LatLon, LatLon]:
    lat, lon = random.gauss(CENTRE.lat, SPREAD_DEGREES / 3), random.gauss(CENTRE.lon, SPREAD_DEGREES / 3)
    return LatLon(lat=lat, lon=lon), LatLon(lat=lat + degrees, lon=lon + degrees)


def _whole() -> tuple[LatLon, LatLon]:
    return (
        LatLon(lat=CENTRE.lat - 2 * SPREAD_DEGREES, lon=CENTRE.lon - 2 * SPREAD_DEGREES),
        LatLon(lat=CENTRE.lat + 2 * SPREAD_DEGREES, lon=CENTRE.lon + 2 * SPREAD_DEGREES),
    )
