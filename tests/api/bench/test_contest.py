"""Ways of watching held against each other: the same events asked of each, and nothing counted that is not theirs."""

from pathlib import Path

import pytest

from api.bench.contest import CAMERA, Contest, Line, contest
from api.bench.contest_picture import picture
from api.bench.full_size import DEMO_CITY, truth_of
from api.bench.rivals import DecodeOnly, EveryFrameTracked, MotionRegions, Ours, race
from api.bench.street_events import Event, Score, StandingTracks, Tracked, score
from api.city.city import load_city
from inference.detections import Box
from inference.detector import SHIPPED_MODELS, current_model
from inference.zones.zone import PerClass, ZoneKind
from tests.street import zone

CLIP = DEMO_CITY.parent / "kerb-day.mp4"
KERB = zone(ZoneKind.NO_PARKING, dwell=PerClass(default=20))
CAR: Box = (0.4, 0.4, 0.6, 0.5)


def test_an_event_is_met_once_and_doubles_are_wrong() -> None:
    parked, heap = Event("illegal_parking", "kerb"), Event("exposed_garbage", "roadside")
    assert score([parked, parked], [parked, heap]) == Score(right=1, wrong=1, missed=1)
    assert score([parked, parked], [parked, heap]).f1 == 0.5
    assert score([], []).f1 == 1.0


def test_a_track_that_stands_for_the_dwell_is_one_event() -> None:
    tracks = StandingTracks((KERB,))
    for at in range(40):
        tracks.see(float(at), [Tracked(id=1, name="car", box=CAR), Tracked(id=2, name="person", box=CAR)])
    assert tracks.events == [(20.0, Event("illegal_parking", "no_parking"))]


def test_a_track_that_moves_or_is_permitted_is_none() -> None:
    tracks = StandingTracks((KERB,))
    for at in range(60):
        left = 0.01 * at
        tracks.see(float(at), [Tracked(id=1, name="car", box=(left, 0.4, left + 0.2, 0.5))])
    assert tracks.events == []
    bay = StandingTracks((KERB, zone(ZoneKind.PERMITTED_BAY)))
    for at in range(60):
        bay.see(float(at), [Tracked(id=1, name="car", box=CAR)])
    assert bay.events == []


class Walker:
    """Notes how far it was sent."""

    def __init__(self, name: str, log: list[tuple[str, float]]) -> None:
        self.name, self.looks, self.spent = name, 0, 1.0
        self.events: tuple[Event, ...] = ()
        self._log = log

    def go(self, until: float) -> None:
        self._log.append((self.name, until))

    def close(self) -> None:
        pass


def test_they_take_turns_and_each_goes_first_as_often() -> None:
    log: list[tuple[str, float]] = []
    race([Walker("a", log), Walker("b", log)], seconds=8.0, step=2.0, told=lambda _: None)
    assert log == [(n, t) for t, order in ((2.0, "ab"), (4.0, "ba"), (6.0, "ab"), (8.0, "ba")) for n in order]


def test_a_whole_contest_without_a_trainer(tmp_path: Path) -> None:
    found = contest(
        CLIP,
        truth_of(CLIP, 36.0),
        load_city(DEMO_CITY),
        current_model(SHIPPED_MODELS),
        seconds=36.0,
        folder=tmp_path,
        trainer=None,
        live=False,
        step=lambda _: lambda _: None,
    )
    assert [line.name for line in found.lines] == [DecodeOnly.name, Ours.name, MotionRegions.name]
    ours = found.lines[1]
    assert ours.score is not None
    assert ours.score.right >= 1, "the parked car; the heap comes later, and the model does not see the rendered stall"
    assert ours.score.wrong == 0
    assert 0 < found.detect_ratio <= 1
    assert found.lines[0].cameras_per_core > ours.cameras_per_core
    assert CAMERA in {part.id for part in load_city(DEMO_CITY).file.cameras}


def test_the_picture_has_a_bar_for_each_and_escapes_names() -> None:
    lines = (
        Line(name="decode only", cameras_per_core=120.0, looks=0, score=None),
        Line(name="<ours>", cameras_per_core=60.0, looks=9, score=Score(right=2, wrong=0, missed=1)),
    )
    drawn = picture(Contest(seconds=40, lines=lines, detect_ratio=0.3, camera_mb=8.0, latency=(), scaling=None))
    assert drawn.count("<rect") == 2
    assert "&lt;ours&gt;" in drawn
    assert "F1 0.80" in drawn


def test_the_trainers_name_is_what_the_report_asks_for() -> None:
    lines = (
        Line(name=Ours.name, cameras_per_core=50.0, looks=1, score=None),
        Line(name=EveryFrameTracked.name, cameras_per_core=0.5, looks=1, score=None),
    )
    found = Contest(seconds=40, lines=lines, detect_ratio=0.3, camera_mb=8.0, latency=(), scaling=None)
    assert found.times(EveryFrameTracked.name) == pytest.approx(100)
    assert found.times("nobody") is None
