"""The closed loop on a real street: the kerb is looked at again after the department says that it has acted.

The white car arrives in the clip's 31st second, so the seconds before show its place empty, as after a tow, and its
three neighbours standing, as after nothing at all.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.city.city import load_city
from api.store.store import SqlStore
from api.work.camera_run import Desk as Works
from api.work.camera_run import Post, Watch
from api.work.opening import Reading
from api.work.seeing import seeing
from cases.case import Case
from cases.desk import Desk
from cases.dossier import Dossier
from cases.intake import Intake
from cases.recheck import RecheckResult, RecheckRule
from cases.rechecks import Rechecks
from cases.states import Act, CaseState
from inference.detections import Box
from inference.detector import SHIPPED_MODELS, OnnxDetector, current_model
from inference.evidence.folder import FolderStore
from inference.evidence.spool import FolderSpool
from inference.findings import ViolationKind
from inference.frame import Frame
from inference.pipeline import Keeping
from inference.sources.video_file import VideoFile
from inference.stays.boxes import overlap
from tests.case_builders import CountedIds, HandClock
from tests.rigs.empty_database import empty_database

ROOT = Path(__file__).parents[2]
STREET = ROOT.parent / "shared/video/parking_street.mp4"
BEGAN = datetime(2026, 3, 2, 2, tzinfo=UTC)
ARRIVES = 31.0
ZOOM_ENDS = 17.0
"""Before it, the editor shows the right half larger for a while, so boxes of different cars lie over one another."""

WHITE_CAR: Box = (350, 265, 576, 520)
BLACK_SALOON: Box = (370, 172, 525, 330)
DARK_SUV: Box = (370, 118, 487, 211)
WHITE_SUV: Box = (352, 511, 576, 990)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not STREET.is_file(), reason=f"the real clips are not part of the project: no {STREET}"),
    pytest.mark.skipif(not (ROOT / "models/current").exists(), reason="no model is shipped yet"),
]


@dataclass(frozen=True)
class Span:
    """Seconds of the clip, as if they were taken from `at` on, `slower` times as far apart."""

    at: datetime
    since: float = 0.0
    until: float = 1e9
    hold_end: float = 0.0
    slower: float = 1.0

    def frames(self) -> Iterator[Frame]:
        for frame in VideoFile(STREET, camera="parking-street", started_at=self.at, hold_end=self.hold_end).frames():
            if self.since <= frame.pts < self.until:
                taken = self.at + timedelta(seconds=self.slower * (frame.pts - self.since))
                yield replace(frame, captured_at=taken)

    def close(self) -> None:
        pass


class Kerb:
    """The whole path of the kerb's camera with the shipped model, and a clock of its own."""

    def __init__(self, folder: Path) -> None:
        url = empty_database(folder / "jiexun.db")
        self.folder, self.clock, self.ids = folder, HandClock(BEGAN), CountedIds()
        self.store, self.evidence = SqlStore(url, clock=self.clock), FolderStore(folder / "evidence")
        self.city = load_city(ROOT / "tests/cities/parking_street.yaml")
        rule = RecheckRule(after=timedelta(minutes=5))
        assert self.city.order is not None
        self.order = replace(self.city.order, rechecking=dict.fromkeys(ViolationKind, rule))
        self.seeing = seeing(self.city, OnnxDetector(current_model(SHIPPED_MODELS)))
        self.rechecks = Rechecks(self.store, self.order, clock=self.clock, new_id=self.ids)

    def watch(self, span: Span) -> None:
        self.clock.now = span.at

        def opened(_address: str, _camera: str, _reading: Reading) -> Span:
            return span

        works = Works(
            seeing=self.seeing,
            keeping_of=lambda camera: Keeping(
                spool=FolderSpool(self.folder / "spool" / camera),
                store=self.evidence,
                timezone=self.city.calendar.zone,
            ),
            intake=Intake(self.store, self.order, clock=self.clock, new_id=self.ids),
            memory_of=lambda _camera: None,
            clock=self.clock,
            rechecks=self.rechecks,
            open_source=opened,
        )
        Watch(Post(view=self.city.view("parking-street"), address=str(STREET)), works).run()

    def dossier_of(self, vehicle: Box) -> Dossier:
        """The case of what stands in this box, in pixels."""
        dossiers = [self.store.dossier(case.id) for case in self.store.cases().items]
        return max(dossiers, key=lambda dossier: overlap(dossier.findings[0].box, vehicle))

    def handle(self, case: Case, at: datetime) -> None:
        self.clock.now = at
        desk = Desk(self.store, self.order, clock=self.clock, new_id=self.ids)
        accepted = desk.accept(case.id, version=case.version, by="traffic-police")
        desk.handle(case.id, version=accepted.version, by="traffic-police")
        self.rechecks.tend()


@pytest.fixture(scope="module")
def kerb(tmp_path_factory: pytest.TempPathFactory) -> Kerb:
    """Everything that stands at the kerb is filed and said to be handled; then the clip's quiet seconds come again."""
    kerb = Kerb(tmp_path_factory.mktemp("kerb"))
    kerb.watch(Span(at=BEGAN, since=ZOOM_ENDS, hold_end=60))
    for case in kerb.store.cases().items:
        kerb.handle(case, at=BEGAN + timedelta(minutes=4))
    kerb.watch(Span(at=BEGAN + timedelta(minutes=10), since=ZOOM_ENDS, until=ARRIVES - 3, slower=4))
    return kerb


def test_the_place_of_the_car_that_has_gone_is_proposed_for_closing(kerb: Kerb) -> None:
    dossier = kerb.dossier_of(WHITE_CAR)
    assert [recheck.result for recheck in kerb.store.rechecks(dossier.case.id)] == [RecheckResult.GONE]
    assert (dossier.case.state, dossier.history[-1].act) == (CaseState.HANDLED, Act.RECHECK)
    assert len(dossier.case.proofs) == 2


@pytest.mark.parametrize("vehicle", [BLACK_SALOON, DARK_SUV, WHITE_SUV])
def test_a_car_that_stands_there_still_goes_back_to_the_department(kerb: Kerb, vehicle: Box) -> None:
    dossier = kerb.dossier_of(vehicle)
    assert [recheck.result for recheck in kerb.store.rechecks(dossier.case.id)] == [RecheckResult.STILL_THERE]
    assert (dossier.case.state, dossier.case.rework_count) == (CaseState.REWORK, 1)
