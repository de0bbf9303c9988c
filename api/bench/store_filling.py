"""A store like that of a district after a year: many cases, most of them closed, spread over streets and months.

Made by itself, with a fixed seed: whoever measures again measures the same.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from random import Random

from sqlalchemy import Table, insert

from api.store import rows
from api.store.engine import begin, open_engine
from api.store.tables import cameras, case_numbers, cases, evidence, filings, findings, history
from cases.case import Case, open_case
from cases.filing import Channel, Filing, FilingState
from cases.history import MACHINE, Entry
from cases.states import Act, CaseState
from inference.findings import EvidenceRef, EvidenceRole, Finding, ViolationKind
from inference.geo import LatLon

END = datetime(2026, 11, 1, tzinfo=UTC)
"""The year before this is full of cases."""
DAYS = 365
CAMERAS = 300
AREAS = tuple(f"community-{number}" for number in range(1, 10))
DEPARTMENTS = tuple(f"department-{number}" for number in range(1, 13))
CENTRE = LatLon(lat=31.2304, lon=121.4737)
SPREAD_DEGREES = 0.04
"""Standard deviation of places around the centre: a district some ten kilometres across."""
AT_ONCE = 2000

_S, _A = CaseState, Act
LIVES: tuple[tuple[float, tuple[tuple[Act, CaseState], ...]], ...] = (
    (0.76, ((_A.FILE, _S.FILED), (_A.DISPATCH, _S.DISPATCHED), (_A.ACCEPT, _S.ACCEPTED), (_A.HANDLE, _S.HANDLED),
            (_A.CLOSE, _S.CLOSED))),
    (0.10, ((_A.REJECT, _S.REJECTED),)),
    (0.03, ()),
    (0.01, ((_A.FILE, _S.FILED),)),
    (0.03, ((_A.FILE, _S.FILED), (_A.DISPATCH, _S.DISPATCHED))),
    (0.04, ((_A.FILE, _S.FILED), (_A.DISPATCH, _S.DISPATCHED), (_A.ACCEPT, _S.ACCEPTED))),
    (0.03, ((_A.FILE, _S.FILED), (_A.DISPATCH, _S.DISPATCHED), (_A.ACCEPT, _S.ACCEPTED), (_A.HANDLE, _S.HANDLED))),
)  # fmt: skip
"""How often a case goes how far."""

KINDS = (*[ViolationKind.ILLEGAL_PARKING] * 7, *[ViolationKind.EXPOSED_GARBAGE] * 2, ViolationKind.STALL_ENCROACHMENT)


def fill(url: str, how_many: int, told: Callable[[float], None]) -> None:
    """Write `how_many` cases with findings, evidence, history and deliveries into an empty database.

    Args:
        url: of a database that has its tables and nothing in them.
        how_many: cases, at least 1.
        told: is told the share that is done.

    Raises:
        StoreError: the database cannot be written.
    """
    random, engine = Random(2026), open_engine(url)
    finding_id = 0
    try:
        for first in range(0, how_many, AT_ONCE):
            batch: dict[Table, list[dict[str, object]]] = {
                table: [] for table in (cases, findings, evidence, history, filings)
            }
            for number in range(first, min(first + AT_ONCE, how_many)):
                made = _Made(random, number, how_many)
                batch[cases].append(rows.case_row(made.case))
                for finding in made.findings:
                    finding_id += 1
                    row = rows.finding_row(finding, made.case.id, finding.last_seen)
                    batch[findings].append({"id": finding_id, **row})
                    held = enumerate(finding.evidence)
                    batch[evidence] += [rows.evidence_row(ref, finding_id, place) for place, ref in held]
                batch[history] += [rows.entry_row(entry, made.case.id) for entry in made.history]
                batch[filings] += [rows.filing_row(filing) for filing in made.filings]
            with begin(engine) as connection:
                for table, wanted in batch.items():
                    if wanted:
                        connection.execute(insert(table), wanted)
            told(first / how_many)
        with begin(engine) as connection:
            connection.execute(insert(case_numbers), [{"year": END.year, "last": how_many}])
            memory = {"memory": b"", "position": 0.0, "captured_at": END}
            connection.execute(insert(cameras), [{"camera": f"camera-{n}", **memory} for n in range(CAMERAS)])
    finally:
        engine.dispose()


class _Made:
    """One case with everything that belongs to it."""

    def __init__(self, random: Random, number: int, how_many: int) -> None:
        opened = END - timedelta(days=DAYS) * (1 - number / how_many)
        camera = random.randrange(CAMERAS)
        place = LatLon(
            lat=random.gauss(CENTRE.lat, SPREAD_DEGREES / 2), lon=random.gauss(CENTRE.lon, SPREAD_DEGREES / 2)
        )
        kind = random.choice(KINDS)
        sightings = 1 + (random.random() < 0.3)
        self.findings = [_finding(number, n, f"camera-{camera}", kind, place, opened) for n in range(sightings)]
        name = sha256(f"case {number}".encode()).hexdigest()[:32]
        case = open_case(
            self.findings[0], id=name, number=f"{END.year}-{number + 1:06}", area=AREAS[camera % len(AREAS)], at=opened
        )
        [(_, life)] = random.choices(LIVES, weights=[weight for weight, _ in LIVES])
        self.history = [Entry(at=opened, actor=MACHINE, act=Act.OPEN, before=None, after=CaseState.CANDIDATE)]
        self.case, self.filings = case, list[Filing]()
        at = opened
        for act, after in life:
            at += timedelta(minutes=random.expovariate(1 / 200))
            self._go_on(act, after, at, DEPARTMENTS[camera % len(DEPARTMENTS)])

    def _go_on(self, act: Act, after: CaseState, at: datetime, department: str) -> None:
        case = replace(self.case, state=after, version=self.case.version + 1)
        self.history.append(Entry(at=at, actor="Chen Yu", act=act, before=self.case.state, after=after, reason="看过"))
        if act is Act.FILE:
            case = replace(case, filed_at=at, department=department, deadline_at=at + timedelta(hours=8))
            self.filings = [_filing(case, department, at)]
        elif act is Act.DISPATCH:
            case = replace(case, dispatched_at=at)
        elif act is Act.ACCEPT:
            case = replace(case, accepted_at=at)
        elif act is Act.HANDLE:
            late = case.deadline_at if case.deadline_at and at > case.deadline_at else None
            case = replace(case, handled_at=at, overdue_at=late)
        self.case = case if after.is_open else replace(case, ended_at=at)


def _finding(number: int, n: int, camera: str, kind: ViolationKind, place: LatLon, at: datetime) -> Finding:
    left = float(number * 7 % 1500)
    return Finding(
        key=f"{number}-{n}",
        kind=kind,
        camera=camera,
        first_seen=at - timedelta(minutes=5),
        last_seen=at,
        seen_for=300.0,
        confidence=0.5 + number % 50 / 100,
        object_class="car",
        box=(left, 200.0, left + 200, 320.0),
        where=place,
        zone=f"{camera}-kerb",
        rule="illegal-parking/1 dwell 300 s",
        evidence=tuple(_pieces(number, n, at)),
    )


def _pieces(number: int, n: int, at: datetime) -> Iterator[EvidenceRef]:
    for role in (EvidenceRole.FIRST, EvidenceRole.CROP, EvidenceRole.MANIFEST):
        sha = sha256(f"{number} {n} {role}".encode()).hexdigest()
        yield EvidenceRef(role=role, sha256=sha, media_type="image/jpeg", size_bytes=200_000, captured_at=at)


def _filing(case: Case, department: str, at: datetime) -> Filing:
    return Filing(
        id=f"filing-{case.number}",
        case_id=case.id,
        department=department,
        channel=Channel.INBOX,
        state=FilingState.SENT,
        created_at=at,
        next_try_at=at,
        attempts=1,
        sent_at=at,
    )
