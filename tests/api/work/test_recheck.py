"""The closed loop by machine: a case is handled, the same camera looks again, and the case goes where it belongs."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from api.store.store import SqlStore
from api.work.camera_run import Desk as Works
from api.work.camera_run import Post, Watch
from api.work.opening import Reading
from cases.case import Case
from cases.city import CityOrder
from cases.desk import Desk
from cases.intake import Intake
from cases.merging import MergeRules
from cases.recheck import Hindrance, Recheck, RecheckResult, RecheckRule
from cases.rechecks import Rechecks
from cases.states import Act, CaseState
from inference.camera import CameraView
from inference.detections import Box
from inference.evidence.folder import FolderStore
from inference.evidence.spool import FolderSpool
from inference.findings import EvidenceRole, ViolationKind
from inference.frame import Frame
from inference.pipeline import Keeping, Seeing
from inference.rules.rule import Dwell
from inference.rules.table import all_rules
from inference.sources.source import Source
from inference.sources.still_picture import still_picture
from inference.zones.zone import ZoneKind
from tests.case_builders import CountedIds, HandClock, a_city
from tests.rigs.empty_database import empty_database
from tests.street import NAMES, START, Street, zone
from tests.web_house import build_house

CAR: Box = (240, 170, 360, 230)
OVER_THE_CAR: Box = (180, 90, 480, 250)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass
class Clip:
    """A span of the street as a source."""

    street: Street
    since: float
    until: float

    def frames(self) -> Iterator[Frame]:
        return self.street.frames(since=self.since, until=self.until)

    def close(self) -> None:
        pass


@dataclass
class Loop:
    """A street, its camera's worker, and a department that says that it has handled the case."""

    folder: Path
    street: Street
    rule: RecheckRule = field(default_factory=lambda: RecheckRule(after=timedelta(minutes=1)))
    patrols: frozenset[str] = frozenset()
    clock: HandClock = field(default_factory=lambda: HandClock(START))

    def __post_init__(self) -> None:
        self.store = SqlStore(empty_database(self.folder / "jiexun.db"))
        self.evidence = FolderStore(self.folder / "evidence")
        self.ids = CountedIds()

    @property
    def city(self) -> CityOrder:
        merging = MergeRules(patrols=self.patrols)
        return replace(a_city(auto_file=True, merging=merging), rechecking=dict.fromkeys(ViolationKind, self.rule))

    @property
    def rechecks(self) -> Rechecks:
        return Rechecks(self.store, self.city, clock=self.clock, new_id=self.ids)

    def watch(self, *, since: float, until: float) -> None:
        """A worker that starts, looks for a while and ends."""
        self.clock.now = START + timedelta(seconds=since)

        def opened(_address: str, _camera: str, _reading: Reading) -> Source:
            return Clip(self.street, since, until)

        works = Works(
            seeing=Seeing(
                detector=self.street.detector(),
                opens_at=dict.fromkeys(NAMES, 0.35),
                keeps_at=0.15,
                rules=all_rules(Dwell(override=12)),
            ),
            keeping_of=lambda camera: Keeping(
                spool=FolderSpool(self.folder / "spool" / camera), store=self.evidence, timezone=SHANGHAI
            ),
            intake=Intake(self.store, self.city, clock=self.clock, new_id=self.ids),
            memory_of=self.store.camera_memory,
            clock=self.clock,
            rechecks=self.rechecks,
            open_source=opened,
        )
        view = CameraView(id="cam", name="路口", zones=(zone(ZoneKind.NO_PARKING),))
        Watch(Post(view=view, address=str(self.folder)), works).run()
        self.clock.now = START + timedelta(seconds=until)

    @property
    def case(self) -> Case:
        return self.store.cases().items[-1]

    def handle(self, at: float) -> None:
        """The department says that it is done."""
        self.clock.now = START + timedelta(seconds=at)
        desk, case = Desk(self.store, self.city, clock=self.clock, new_id=self.ids), self.case
        if case.state is CaseState.FILED:
            case = desk.accept(case.id, version=case.version, by="police")
        desk.handle(case.id, version=case.version, by="police")
        self.rechecks.tend()

    @property
    def last(self) -> Recheck:
        return self.store.rechecks(self.case.id)[-1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def found_and_handled(folder: Path, street: Street, **more: object) -> Loop:
    loop = Loop(folder, street, **more)  # pyright: ignore[reportArgumentType]
    loop.watch(since=0, until=40)
    loop.handle(at=60)
    return loop


def test_a_place_that_is_empty_is_proposed_for_closing_with_pictures_before_and_after(folder: Path) -> None:
    loop = found_and_handled(folder, Street().add("car", CAR, until=60))
    loop.watch(since=130, until=150)
    assert loop.last.result is RecheckResult.GONE
    assert loop.case.state is CaseState.HANDLED
    dossier = loop.store.dossier(loop.case.id)
    assert dossier.history[-1].act is Act.RECHECK
    before = next(ref for ref in dossier.findings[0].evidence if ref.role is EvidenceRole.LAST)
    overlay, after = dossier.history[-1].proofs
    assert (
        still_picture(loop.evidence.get(before.sha256)).size_wh
        == still_picture(loop.evidence.get(after.sha256)).size_wh
    )
    assert still_picture(loop.evidence.get(overlay.sha256)).size_wh[1] > 360
    assert after.taken_at >= START + timedelta(seconds=130)
    closed = Desk(loop.store, loop.city, clock=loop.clock, new_id=loop.ids).close(
        loop.case.id, version=loop.case.version, by="li"
    )
    assert closed.state is CaseState.CLOSED


def test_a_city_may_close_such_a_case_by_itself(folder: Path) -> None:
    rule = RecheckRule(after=timedelta(minutes=1), auto_close=True)
    loop = found_and_handled(folder, Street().add("car", CAR, until=60), rule=rule)
    loop.watch(since=130, until=150)
    assert loop.case.state is CaseState.CLOSED
    assert loop.store.dossier(loop.case.id).history[-1].actor == "jiexun"


def test_a_car_that_still_stands_sends_the_case_back(folder: Path) -> None:
    loop = found_and_handled(folder, Street().add("car", CAR))
    loop.watch(since=130, until=150)
    assert loop.last.result is RecheckResult.STILL_THERE
    assert (loop.case.state, loop.case.rework_count) == (CaseState.REWORK, 1)
    assert len(loop.store.dossier(loop.case.id).history[-1].proofs) == 2


def test_each_handling_is_looked_at(folder: Path) -> None:
    loop = found_and_handled(folder, Street().add("car", CAR, until=200))
    loop.watch(since=130, until=150)
    loop.handle(at=210)
    loop.watch(since=280, until=300)
    assert [one.result for one in loop.store.rechecks(loop.case.id)] == [
        RecheckResult.STILL_THERE,
        RecheckResult.GONE,
    ]
    assert (loop.case.state, loop.case.rework_count) == (CaseState.HANDLED, 1)


def test_a_bus_in_front_all_the_time_is_said_to_be_in_the_way(folder: Path) -> None:
    rule = RecheckRule(after=timedelta(minutes=1), within=timedelta(minutes=2))
    loop = found_and_handled(folder, Street().add("car", CAR, until=60).add("bus", OVER_THE_CAR, since=90), rule=rule)
    loop.watch(since=130, until=250)
    assert loop.last.result is None
    loop.rechecks.tend()
    assert (loop.last.result, loop.last.hindrance) == (RecheckResult.CANNOT_SEE, Hindrance.HIDDEN)
    assert loop.case.state is CaseState.HANDLED
    assert loop.store.dossier(loop.case.id).history[-1].reason == "re-check: cannot_see, hidden"


def test_looks_before_the_time_do_not_count(folder: Path) -> None:
    loop = found_and_handled(folder, Street().add("car", CAR, until=60))
    loop.watch(since=62, until=110)
    assert (loop.last.sights, loop.last.result) == ({}, None)


def test_a_worker_that_starts_again_goes_on_where_it_was(folder: Path) -> None:
    loop = found_and_handled(folder, Street().add("car", CAR, until=60))
    loop.watch(since=130, until=134)
    assert loop.last.result is None
    seen = loop.last.sights
    loop.watch(since=136, until=170)
    assert loop.last.result is RecheckResult.GONE
    assert sum(loop.last.sights.values()) > sum(seen.values()) > 0


def test_a_camera_without_pictures_is_said_to_be_silent(folder: Path) -> None:
    loop = found_and_handled(folder, Street().add("car", CAR, until=60))
    loop.clock.forward(hours=2)
    loop.rechecks.tend()
    assert (loop.last.result, loop.last.hindrance) == (RecheckResult.CANNOT_SEE, Hindrance.NO_PICTURE)


def test_a_case_that_was_moved_on_meanwhile_is_left_alone(folder: Path) -> None:
    loop = found_and_handled(folder, Street().add("car", CAR))
    desk = Desk(loop.store, loop.city, clock=loop.clock, new_id=loop.ids)
    desk.rework(loop.case.id, version=loop.case.version, by="li", reason="I was there")
    loop.watch(since=130, until=150)
    assert loop.last.hindrance is Hindrance.OVERTAKEN
    assert (loop.case.state, loop.case.rework_count) == (CaseState.REWORK, 1)


def test_what_only_a_patrol_has_seen_cannot_be_looked_at(folder: Path) -> None:
    loop = found_and_handled(folder, Street().add("car", CAR), patrols=frozenset({"cam"}))
    assert (loop.last.result, loop.last.hindrance) == (RecheckResult.CANNOT_SEE, Hindrance.NO_CAMERA)


def test_a_picture_from_before_that_is_lost_is_said_to_be_lost(folder: Path) -> None:
    loop = found_and_handled(folder, Street().add("car", CAR, until=60))
    [finding] = loop.store.dossier(loop.case.id).findings
    last = next(ref for ref in finding.evidence if ref.role is EvidenceRole.LAST)
    [place] = (folder / "evidence").rglob(last.sha256)
    place.unlink()
    loop.watch(since=130, until=150)
    assert (loop.last.result, loop.last.hindrance) == (RecheckResult.CANNOT_SEE, Hindrance.NO_PICTURE)


class Broken(RecheckRule):
    """A rule with a fault of ours."""

    def look_from(self, handled_at: datetime, seen_at: datetime, zone: tzinfo) -> datetime:
        raise ZeroDivisionError


def test_a_case_about_which_nothing_can_be_asked_holds_up_no_other(folder: Path) -> None:
    house = build_house(folder)
    desk = Desk(house.store, house.doors.order, clock=house.clock, new_id=house.doors.new_id)
    cases = [
        house.confirmed(house.case(kind=kind))
        for kind in (ViolationKind.ILLEGAL_PARKING, ViolationKind.EXPOSED_GARBAGE)
    ]
    for case in cases:
        accepted = desk.accept(case.id, version=house.now(case).version, by="police")
        desk.handle(case.id, version=accepted.version, by="police")
    rules = {ViolationKind.ILLEGAL_PARKING: Broken(), ViolationKind.EXPOSED_GARBAGE: RecheckRule()}
    order = replace(house.doors.order, rechecking=rules)
    rechecks = Rechecks(house.store, order, clock=house.clock, new_id=house.doors.new_id)
    assert rechecks.tend() == 1
    assert [len(house.store.rechecks(case.id)) for case in cases] == [0, 1]
    assert Rechecks(house.store, house.doors.order, clock=house.clock, new_id=house.doors.new_id).tend() == 1
    assert len(house.store.rechecks(cases[0].id)) == 1
    house.store.close()
