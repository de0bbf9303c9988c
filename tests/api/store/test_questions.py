"""What pages ask, and what was written comes back as it was."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from random import Random
from typing import Any

import pytest

from api.store.store import SqlStore
from cases.arrival import Arrival
from cases.channels.inbox import InboxFiler
from cases.city import CityOrder
from cases.desk import Desk
from cases.errors import CaseNotFound, FilingFailed
from cases.filing import Channel, FilingState
from cases.intake import Intake
from cases.ports import CameraMemory, Filer
from cases.sender import Sender
from cases.source import Source
from cases.states import CaseState
from inference.findings import EvidenceRole, ViolationKind
from inference.geo import LatLon
from tests.case_builders import BOX, HERE, NOON, CountedIds, HandClock, a_city, a_finding, a_proof, some_evidence
from tests.case_fakes import FakeFiler

GARBAGE = ViolationKind.EXPOSED_GARBAGE
PARKING = ViolationKind.ILLEGAL_PARKING


class Office:
    def __init__(self, store: SqlStore, city: CityOrder | None = None) -> None:
        self.store, self.clock, self.ids = store, HandClock(), CountedIds()
        self.city = city or a_city()
        self.intake = Intake(store, self.city, clock=self.clock, new_id=self.ids)
        self.desk = Desk(store, self.city, clock=self.clock, new_id=self.ids)

    def send_all(self, filer: Filer) -> None:
        sender = Sender(self.store, {Channel.INBOX: filer, Channel.WEBHOOK: filer}, clock=self.clock, random=Random(1))
        while sender.send_next() is not None:
            pass


def test_a_dossier_comes_back_as_it_was_written(store: SqlStore) -> None:
    office = Office(store)
    rich = a_finding(
        where=HERE,
        evidence=(
            some_evidence(),
            replace(some_evidence("b" * 64, EvidenceRole.OVERLAY), of=EvidenceRole.FIRST),
        ),
    )
    bare = replace(a_finding("stay-2", confidence=0.123456789), seen_for=0.1 + 0.2)
    office.intake.take(rich)
    office.intake.take(bare)
    office.clock.forward(seconds=0.000001)
    office.desk.confirm("id-1", version=2, by="李", reason="看清楚了 🚗")
    office.send_all(InboxFiler())
    office.desk.accept("id-1", version=4, by="police")
    handled = office.desk.handle("id-1", version=5, by="police", proofs=(a_proof(),))
    dossier = store.dossier("id-1")
    assert dossier.case == handled
    assert dossier.findings == (rich, bare)
    assert [entry.act.value for entry in dossier.history] == ["open", "merge", "file", "dispatch", "accept", "handle"]
    assert (dossier.history[2].actor, dossier.history[2].reason) == ("李", "看清楚了 🚗")
    assert (dossier.history[2].at, dossier.history[5].proofs) == (NOON + timedelta(microseconds=1), (a_proof(),))
    [filing] = dossier.filings
    assert (filing.state, filing.reference, filing.attempts) == (
        FilingState.ACKNOWLEDGED,
        "police/2026-000001",
        1,
    )


def test_an_unknown_case_is_said_so(store: SqlStore) -> None:
    with pytest.raises(CaseNotFound, match="no case nothing"):
        store.dossier("nothing")


def test_only_utc_is_stored(store: SqlStore) -> None:
    office = Office(store)
    shanghai = timezone(timedelta(hours=8))
    for wrong in (datetime(2026, 3, 2, 12), datetime(2026, 3, 2, 20, tzinfo=shanghai)):  # noqa: DTZ001
        with pytest.raises(Exception, match="only aware UTC"):
            office.intake.record_look(camera="c", memory=b"", position=0, captured_at=wrong, findings=[])
    assert store.camera_memory("c") is None


def test_a_camera_goes_on_where_it_was(store: SqlStore) -> None:
    office = Office(store)
    assert store.camera_memory("cam-1") is None
    for position in (1.5, 2.0 / 3.0):
        office.intake.record_look(
            camera="cam-1", memory=b"\x00\xff" + b"m" * 100_000, position=position, captured_at=NOON, findings=[]
        )
    memory = CameraMemory(camera="cam-1", memory=b"\x00\xff" + b"m" * 100_000, position=2.0 / 3.0, captured_at=NOON)
    assert store.camera_memory("cam-1") == memory


def test_findings_are_listed_newest_first_by_page_kind_and_camera(store: SqlStore) -> None:
    office = Office(store)
    for number in range(5):
        kind, camera = (GARBAGE if number % 2 else PARKING), f"cam-{number // 3}"
        office.intake.take(a_finding(f"f{number}", zone=f"z{number}", kind=kind, camera=camera))
    page = store.findings(limit=2, offset=1)
    assert ([item.finding.key for item in page.items], page.total) == (["f3", "f2"], 5)
    assert [item.finding.key for item in store.findings(kind=GARBAGE).items] == ["f3", "f1"]
    assert [item.finding.key for item in store.findings(camera="cam-1").items] == ["f4", "f3"]
    assert (page.items[0].recorded_at, page.items[0].case_id) == (NOON, "id-4")
    assert store.findings(camera="nobody").total == 0


def test_cases_are_listed_newest_first_by_state_kind_and_department(store: SqlStore) -> None:
    office = Office(store)
    for number in range(4):
        office.intake.take(a_finding(f"f{number}", zone=f"z{number}", kind=GARBAGE if number == 2 else PARKING))
        office.clock.forward(minutes=1)
    office.desk.confirm("id-3", version=1, by="li")
    office.desk.reject("id-1", version=1, by="li", reason="no")
    assert [case.number for case in store.cases().items] == [f"2026-00000{n}" for n in (4, 3, 2, 1)]
    assert [case.id for case in store.cases(states=[CaseState.CANDIDATE], limit=1).items] == ["id-4"]
    assert store.cases(states=[CaseState.CANDIDATE], limit=1).total == 2
    assert [case.id for case in store.cases(kind=GARBAGE).items] == ["id-3"]
    assert [case.id for case in store.cases(department="cleaning").items] == ["id-3"]
    assert store.cases(states=[CaseState.FILED, CaseState.REJECTED]).total == 2


def test_the_inbox_holds_what_was_delivered_nearest_deadline_first(store: SqlStore) -> None:
    office = Office(store, a_city(auto_file=True))
    for number in range(3):
        office.intake.take(a_finding(f"f{number}", zone=f"z{number}"))
        office.clock.forward(minutes=1)
    assert store.inbox("police").total == 0
    office.send_all(InboxFiler())
    inbox = store.inbox("police")
    assert [case.number for case in inbox.items] == ["2026-000001", "2026-000002", "2026-000003"]
    office.desk.send_back(inbox.items[0].id, version=2, by="police", reason="no")
    assert store.inbox("police").total == 2
    assert store.inbox("cleaning").total == 0


def test_the_summary_counts_what_went_out_whatever_became_of_it(store: SqlStore) -> None:
    office = Office(store)
    for number in range(3):
        office.intake.take(a_finding(f"f{number}", zone=f"z{number}", kind=GARBAGE if number == 2 else PARKING))
    office.intake.take(a_finding("again", zone="z0"))
    office.desk.confirm("id-1", version=2, by="li")
    office.desk.send_back("id-1", version=3, by="police", reason="not ours")
    office.desk.reassign("id-1", version=4, by="li", department="street", reason="theirs")
    office.desk.reject("id-2", version=1, by="li", reason="no")
    summary = store.summary()
    assert (summary.findings, summary.cases, summary.filed) == (4, 3, 1)
    assert (summary.by_kind[PARKING], summary.by_kind[GARBAGE], set(summary.by_kind)) == (2, 1, set(ViolationKind))
    assert {state: count for state, count in summary.by_state.items() if count} == {
        CaseState.FILED: 1,
        CaseState.REJECTED: 1,
        CaseState.CANDIDATE: 1,
    }


def test_evidence_is_known_by_its_name(store: SqlStore) -> None:
    Office(store).intake.take(a_finding(evidence=(some_evidence(),)))
    assert store.evidence("a" * 64) == some_evidence()
    assert store.evidence("b" * 64) is None


def test_deliveries_that_need_a_person_are_listed(store: SqlStore) -> None:
    office = Office(store, a_city(auto_file=True, channel=Channel.WEBHOOK))
    office.intake.take(a_finding())
    assert store.needs_a_person() == ()
    office.send_all(FakeFiler(FilingFailed("gone", retry=False)))
    [filing] = store.needs_a_person()
    assert (filing.state, filing.error) == (FilingState.DEAD, "gone")


@pytest.mark.parametrize(
    ("place", "neighbour"),
    [
        (HERE, LatLon(lat=HERE.lat + 0.00044, lon=HERE.lon)),
        (HERE, LatLon(lat=HERE.lat, lon=HERE.lon - 0.00052)),
        (LatLon(lat=0, lon=179.9999), LatLon(lat=0, lon=-179.9998)),
        (LatLon(lat=89.9999, lon=0), LatLon(lat=89.9999, lon=180)),
        (LatLon(lat=-70, lon=20), LatLon(lat=-70, lon=20.0013)),
    ],
)
def test_neighbours_within_the_radius_are_found_everywhere(store: SqlStore, place: LatLon, neighbour: LatLon) -> None:
    assert place.metres_to(neighbour) <= 50
    office = Office(store)
    office.intake.take(a_finding(where=place))
    office.intake.take(a_finding("2", camera="cam-2", where=neighbour))
    assert store.summary().cases == 1


def seen(key: str, **of_finding: Any) -> Arrival:
    return Arrival.of_finding(a_finding(key, **of_finding), source=Source.CAMERA, code="0505")


def test_far_and_ended_cases_are_left_out(store: SqlStore) -> None:
    office = Office(store)
    office.intake.take(a_finding(where=HERE))
    office.intake.take(a_finding("2", zone="z2", box=BOX))
    with store.transaction() as book:
        far = seen("3", camera="cam-3", where=LatLon(lat=30, lon=120))
        assert book.neighbours(far, metres=50, since=NOON) == ()
        assert [case.id for case in book.neighbours(seen("4"), metres=50, since=NOON)] == ["id-1"]
    office.desk.reject("id-1", version=1, by="li", reason="no")
    with store.transaction() as book:
        assert book.neighbours(seen("4"), metres=50, since=NOON + timedelta(seconds=1)) == ()
        assert len(book.neighbours(seen("4"), metres=50, since=NOON)) == 1


def test_every_year_counts_from_one(store: SqlStore) -> None:
    office = Office(store)
    office.intake.take(a_finding("1", zone="1"))
    office.clock.now = datetime(2027, 1, 1, tzinfo=UTC)
    office.intake.take(a_finding("2", zone="2"))
    office.intake.take(a_finding("3", zone="3"))
    assert [case.number for case in store.cases().items] == ["2027-000002", "2027-000001", "2026-000001"]
