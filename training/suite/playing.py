"""Plays one scenario through the whole pipeline: gate, detector, stays, rules, evidence, restarts included."""

from collections.abc import Iterator
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from inference.camera import CameraView
from inference.detector import Detector
from inference.detector.manifest import Manifest
from inference.evidence.spool import MemorySpool
from inference.frame import Frame
from inference.pipeline import Inspector, Keeping
from inference.rules.rule import Dwell
from inference.seeing import seeing
from inference.sources.pictures import ArrayPicture
from inference.zones.zone import PerClass, Zone
from training.render import truth
from training.render.camera import Camera
from training.render.cast import Player
from training.render.clip import camera_of
from training.render.dry_sight import DrySight
from training.render.reading import load
from training.render.scenario import Scenario, ZoneSpec
from training.render.street import PAVEMENT
from training.suite.schematic import Schematic
from training.suite.scoring import Played, Raised, judge
from training.suite.stand_in import Errors, StandIn

SHANGHAI = ZoneInfo("Asia/Shanghai")
KEY_SECONDS = 2.0
"""Street cameras send a picture that stands alone about so often; nothing else is looked at."""


def play(path: Path, manifest: Manifest, errors: Errors, seed: int) -> Played:
    """Play a scenario with schematic pictures and the stand-in for the detector.

    Args:
        path: scenario of a fixed camera.
        manifest: whose thresholds hold.
        errors: of the stand-in.
        seed: of its errors; the same seed gives the same findings.

    Raises:
        ScenarioError: it cannot be used, or what it expects cannot come.
    """
    scenario = load(path)
    players = [Player(actor, thin=True) for actor in scenario.actors]
    groups, camera = truth.Groups(players), camera_of(scenario)
    due = truth.due(scenario, groups)
    rows = _rows(scenario, groups, players, camera)
    drawing = Schematic(scenario, players)
    stand_in = StandIn(manifest.classes, (camera.width, camera.height), errors, seed)
    classes = {name: groups.class_of(name) for name in groups.names()}
    watch = _Watch(scenario, manifest, stand_in)
    for row in rows:
        at = float(row["at"])
        if any(a <= at < b for a, b in scenario.conditions.outages):
            continue
        look = drawing.look(at)
        stand_in.announce(row["objects"], classes, at, look.sway)
        watch.look(at, ArrayPicture(pixels=look.picture))
    return Played(scenario=scenario.name, verdicts=judge(scenario.name, watch.raised, due, rows), looks=watch.looks)


def _rows(scenario: Scenario, groups: truth.Groups, players: list[Player], camera: Camera) -> list[dict[str, Any]]:
    sight, rows = DrySight(players), list[dict[str, Any]]()
    for at in _seconds(scenario):
        sight.show(camera, at)
        rows.append({"at": at, "objects": truth.objects_at(scenario, groups, camera, at, sight)})
    return rows


def _seconds(scenario: Scenario) -> Iterator[float]:
    for step in range(int(scenario.seconds / KEY_SECONDS)):
        yield step * KEY_SECONDS


class _Watch:
    """One camera's inspector, killed and started again where the scenario says so."""

    def __init__(self, scenario: Scenario, manifest: Manifest, detector: Detector) -> None:
        self._scenario = scenario
        self._seeing = seeing(detector, manifest, Dwell())
        self._view = CameraView(id=scenario.name, zones=tuple(zones_of(scenario)))
        self._keeping = Keeping(spool=MemorySpool(), store=MemorySpool(), timezone=SHANGHAI)
        self._inspector = Inspector(self._view, self._seeing, self._keeping)
        self._restarts = sorted(scenario.conditions.restarts)
        self._looked, self._passed = 0, 0
        self.raised: list[Raised] = []

    @property
    def looks(self) -> tuple[int, int]:
        """Pictures looked at, and pictures in all."""
        return self._looked, self._looked + self._passed

    def look(self, at: float, picture: ArrayPicture) -> None:
        """Inspect the picture of a second of the clip."""
        while self._restarts and self._restarts[0] <= at:
            self._restarts.pop(0)
            remembered = self._inspector.memory()
            self._inspector = Inspector(self._view, self._seeing, self._keeping, remembered=remembered)
        when = (self._scenario.start + timedelta(seconds=at)).astimezone(UTC)
        look = self._inspector.look(Frame(camera=self._view.id, captured_at=when, pts=at, picture=picture))
        self._looked += not look.gated
        self._passed += look.gated
        self.raised += [Raised(kind=one.kind, box=one.box, at=at) for one in look.findings]


def zones_of(scenario: Scenario) -> list[Zone]:
    """The scenario's zones as the city file would have them, in fractions of the picture."""
    camera = camera_of(scenario)
    return [_zone(camera, spec) for spec in scenario.zones]


def _zone(camera: Camera, spec: ZoneSpec) -> Zone:
    return Zone(
        id=spec.id,
        kind=spec.kind,
        points=tuple(camera.polygon(spec.polygon, PAVEMENT if spec.raised else 0.0)),
        schedule=spec.schedule(),
        dwell=None if spec.dwell is None else PerClass(default=spec.dwell),
        queue=spec.queue,
    )
