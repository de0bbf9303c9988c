"""Which reports are one matter, with each other and with what cameras see, and which are not."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.arrival import Arrival
from cases.case import Case
from cases.city import CityOrder
from cases.desk import Desk
from cases.errors import ReportRefused
from cases.intake import Intake, Outcome
from cases.likeness import gap
from cases.merging import MergeRules, Nearness
from cases.policy import ReportPolicy
from cases.report import Contact, PlaceQuality, Report
from cases.source import Source
from cases.states import Act, CaseState
from inference.findings import Finding, ViolationKind
from inference.geo import LatLon
from tests.case_builders import (
    HERE,
    NOON,
    CountedIds,
    HandClock,
    a_city,
    a_finding,
    a_proof,
    a_report,
    north_of,
)
from tests.case_fakes import MemoryStore

HOUR = timedelta(hours=1)
PARKING, GARBAGE = "0505", "0102"


class Counter:
    """The one door, on a store in memory."""

    def __init__(self, city: CityOrder | None = None) -> None:
        self.store = MemoryStore()
        self.clock = HandClock()
        self.ids = CountedIds()
        self.city = city or a_city()
        self.intake = Intake(self.store, self.city, clock=self.clock, new_id=self.ids)
        self.desk = Desk(self.store, self.city, clock=self.clock, new_id=self.ids)

    def take(self, *arrivals: Report | Finding) -> list[Outcome]:
        return [self.take_one(arrival) for arrival in arrivals]

    def take_one(self, arrival: Report | Finding, contact: Contact | None = None) -> Outcome:
        if isinstance(arrival, Finding):
            return self.intake.take(arrival).outcome
        with self.store.transaction() as book:
            return self.intake.receive(book, arrival, contact).outcome

    @property
    def cases(self) -> list[Case]:
        return list(self.store.book.cases.values())

    def close(self, case: Case) -> None:
        case = self.desk.confirm(case.id, version=case.version, by="li")
        case = self.desk.accept(case.id, version=case.version, by="cleaning")
        case = self.desk.handle(case.id, version=case.version, by="cleaning", proofs=(a_proof(),))
        self.desk.close(case.id, version=case.version, by="li")


def some_garbage(key: str = "stay-1", *, where: LatLon | None = HERE, camera: str = "cam-1") -> Finding:
    return a_finding(key, kind=ViolationKind.EXPOSED_GARBAGE, where=where, camera=camera)


def test_the_first_report_opens_a_case_in_its_own_words() -> None:
    counter = Counter()
    assert counter.take(a_report()) == [Outcome.OPENED]
    [case] = counter.cases
    assert (case.source, case.kind, case.code) == (Source.RESIDENT, ViolationKind.EXPOSED_GARBAGE, GARBAGE)
    assert (case.description, case.address, case.place) == ("垃圾没人管", "人民路12号", HERE)
    assert (case.camera, case.zone, case.confidence, case.state) == (None, None, None, CaseState.CANDIDATE)


@pytest.mark.parametrize("camera_first", [True, False])
def test_the_same_garbage_from_a_camera_and_a_resident_is_one_case_with_two_sources(camera_first: bool) -> None:
    counter = Counter()
    arrivals = [some_garbage(), a_report(place=north_of(HERE, 20), at=NOON + HOUR)]
    counter.take(*(arrivals if camera_first else arrivals[::-1]))
    [case] = counter.cases
    dossier = counter.store.book.dossier(case.id)
    assert set(dossier.sources) == {Source.CAMERA, Source.RESIDENT}
    assert (len(dossier.findings), len(dossier.reports)) == (1, 1)
    assert dossier.reports[0].text == "垃圾没人管"


def test_a_kind_and_its_code_are_one_matter() -> None:
    counter = Counter()
    by_kind = a_report("2", code=None, kind=ViolationKind.EXPOSED_GARBAGE)
    assert counter.take(a_report(), by_kind) == [Outcome.OPENED, Outcome.MERGED]


def test_several_sources_keep_their_own_words() -> None:
    counter = Counter()
    said = [
        a_report("1", text="臭"),
        a_report("2", source=Source.HOTLINE, text="来电反映"),
        a_report("3", source=Source.LEADER, text="请速办"),
    ]
    counter.take(*said)
    [case] = counter.cases
    assert [report.text for report in counter.store.book.dossier(case.id).reports] == ["臭", "来电反映", "请速办"]
    assert case.description == "臭"
    assert [entry.reason for _, entry in counter.store.book.entries] == ["1", "2", "3"]


def test_the_same_report_again_changes_nothing() -> None:
    counter = Counter()
    counter.take(a_report())
    before = counter.store.book
    assert counter.take(a_report(text="other words")) == [Outcome.KNOWN]
    assert counter.store.book == before


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (a_report("2", code=PARKING), "another code"),
        (a_report("2", place=north_of(HERE, 51)), "too far"),
        (a_report("2", at=NOON + 25 * HOUR), "too late"),
        (a_report("2", place=None), "no place"),
        (a_report("2", quality=PlaceQuality.APPROXIMATE), "a place that is only near"),
        (a_report("2", quality=PlaceQuality.UNIT), "the address of an office"),
        (a_report("2", code=None, kind=None), "nobody has said what it is"),
    ],
    ids=lambda value: value.replace(" ", "-") if isinstance(value, str) else "",
)
def test_different_matters_are_different_cases(other: Report, why: str) -> None:
    for order in permutations([a_report(), other]):
        counter = Counter()
        assert counter.take(*order) == [Outcome.OPENED, Outcome.OPENED], why


def test_an_address_that_an_office_fills_in_joins_nothing() -> None:
    counter = Counter(a_city(merging=MergeRules(unit_addresses=frozenset({"市民热线 中心"}))))
    first, second = (a_report(key, address=" 市民热线  中心 ") for key in "12")
    assert counter.take(first, second) == [Outcome.OPENED, Outcome.OPENED]
    assert [case.place for case in counter.cases] == [None, None]


def test_codes_can_have_a_nearness_of_their_own() -> None:
    wide = Nearness(radius_metres=200, within=72 * HOUR)
    counter = Counter(a_city(merging=MergeRules(by_code={GARBAGE: wide})))
    far = north_of(HERE, 150)
    assert counter.take(a_report("1"), a_report("2", place=far, at=NOON + 70 * HOUR))[1] is Outcome.MERGED
    parking = [a_report("3", code=PARKING), a_report("4", code=PARKING, place=far)]
    assert counter.take(*parking) == [Outcome.OPENED, Outcome.OPENED]


def test_what_is_reported_again_after_closing_repeats_the_old_case() -> None:
    counter = Counter()
    counter.take(a_report())
    counter.close(counter.cases[0])
    counter.clock.forward(days=2)
    assert counter.take(a_report("2", at=NOON + timedelta(days=2))) == [Outcome.OPENED]
    assert counter.cases[1].recurrence_of == counter.cases[0].id


def test_a_fixed_camera_decides_by_its_picture_although_a_resident_has_joined() -> None:
    counter = Counter()
    other_heap = replace(some_garbage("stay-2"), box=(600.0, 200.0, 800.0, 320.0))
    assert counter.take(some_garbage(), a_report(), other_heap) == [Outcome.OPENED, Outcome.MERGED, Outcome.OPENED]


def test_how_to_reach_the_reporter_is_kept_apart() -> None:
    counter = Counter()
    counter.take_one(a_report(), Contact(phone="13800000000"))
    assert counter.store.book.contacts["report-1"].phone == "13800000000"
    assert "13800000000" not in repr(counter.store.book.dossier(counter.cases[0].id))


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (a_report(code="9999"), "no line of the duty list has the event code 9999"),
        (a_report(code=PARKING, kind=ViolationKind.EXPOSED_GARBAGE), "does not mean exposed_garbage"),
    ],
)
def test_a_matter_that_the_city_has_no_name_for_is_refused(report: Report, words: str) -> None:
    counter = Counter()
    with pytest.raises(ReportRefused, match=words):
        counter.take(report)
    assert counter.cases == []


def test_a_trusted_source_is_filed_at_once() -> None:
    trusted = replace(a_city(), reporting=ReportPolicy(file_at_once=frozenset({Source.STAFF})))
    counter = Counter(trusted)
    counter.take(a_report("1"), a_report("2", source=Source.STAFF, code=PARKING))
    assert [case.state for case in counter.cases] == [CaseState.CANDIDATE, CaseState.FILED]
    assert counter.cases[1].department == "police"


def test_words_alone_are_never_as_sure_as_a_camera() -> None:
    counter = Counter(a_city(auto_file=True))
    counter.take(a_report())
    assert counter.cases[0].state is CaseState.CANDIDATE
    counter.take(some_garbage())
    assert [entry.act for _, entry in counter.store.book.entries] == [Act.OPEN, Act.MERGE, Act.FILE]


moments = st.integers(0, 12 * 60).map(lambda minutes: NOON + timedelta(minutes=minutes))
near = st.integers(0, 24).map(lambda metres: north_of(HERE, metres))
anywhere = st.integers(0, 400).map(lambda metres: north_of(HERE, metres))
matters = st.sampled_from([PARKING, GARBAGE])


@given(places=st.lists(st.tuples(near, moments), min_size=1, max_size=5), order=st.randoms())
def test_reports_that_are_all_near_each_other_are_one_case_in_any_order(
    places: list[tuple[LatLon, datetime]], order: Random
) -> None:
    reports = [a_report(str(i), place=place, at=at) for i, (place, at) in enumerate(places)]
    order.shuffle(reports)
    counter = Counter()
    counter.take(*reports)
    [case] = counter.cases
    assert {report.key for report in counter.store.book.dossier(case.id).reports} == {r.key for r in reports}
    assert case.first_seen == min(r.seen_at for r in reports)
    assert case.last_seen == max(r.seen_at for r in reports)


@given(said=st.lists(st.tuples(anywhere, moments, matters, st.booleans()), min_size=2, max_size=8))
def test_no_case_ever_holds_two_codes_or_reaches_too_far(said: list[tuple[LatLon, datetime, str, bool]]) -> None:
    counter = Counter()
    for i, (place, at, code, by_camera) in enumerate(said):
        kind = ViolationKind.EXPOSED_GARBAGE if code == GARBAGE else ViolationKind.ILLEGAL_PARKING
        finding = a_finding(str(i), kind=kind, camera=f"cam-{i}", where=place, at=at)
        report = a_report(str(i), code=code, place=place, at=at)
        before = {case.id: case for case in counter.cases}
        outcome = counter.take_one(finding if by_camera else report)
        if outcome is Outcome.MERGED:
            [grown] = [case for case in counter.cases if case.version != before[case.id].version]
            was, arrival = before[grown.id], Arrival.of_report(report)
            assert was.place is not None
            assert was.place.metres_to(place) <= 50
            assert gap(arrival, was) <= 24 * HOUR
    for case in counter.cases:
        dossier = counter.store.book.dossier(case.id)
        assert {case.kind} == {f.kind for f in dossier.findings} | {r.kind for r in dossier.reports}
