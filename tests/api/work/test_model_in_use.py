"""Another model becomes current: it is taken up between two looks, or refused while the one before goes on."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from queue import Queue
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from api.city.whole_picture import whole_picture_city
from api.work.camera_run import Desk, Post
from api.work.crew import Crew
from api.work.model_in_use import ModelInUse
from api.work.patrol_looks import PatrolDesk
from api.work.patrol_shift import Patrols
from api.work.shift import on_duty
from api.work.sources import Sources
from cases.intake import Intake
from inference.camera import CameraView
from inference.detections import Detections
from inference.detector import OnnxDetector
from inference.detector.manifest import Layout
from inference.detector.promotion import roll_back
from inference.errors import ModelError
from inference.evidence.spool import FolderSpool, MemorySpool
from inference.frame import Frame, ImageBGR, SizeWH
from inference.pipeline import Keeping
from inference.zones.zone import ZoneKind
from tests.api.work.test_shift import Signing
from tests.case_builders import CountedIds, HandClock, a_city
from tests.detector_models import CLASSES, constant_model, write_model
from tests.inference.detector.test_promotion import NOON, a_model, promoted
from tests.patrolled_house import PatrolledHouse
from tests.rigs.busy_store import BusyStore
from tests.rigs.camera_worker import CAR, CarDetector
from tests.street import Street, zone
from tests.web_house import build_house

CITY = whole_picture_city("cam", 12)
BRIGHT = np.full((64, 64, 3), 255, dtype=np.uint8)


@pytest.fixture
def models(tmp_path: Path) -> Path:
    models = tmp_path / "models"
    a_model(models / "spot" / "1", "1")
    make_current(models, "spot/1")
    return models


def make_current(models: Path, name: str) -> None:
    fresh = models / ".current"
    fresh.write_text(f"{name}\n", encoding="utf-8")
    fresh.replace(models / "current")


def test_a_promoted_model_is_taken_up_and_a_rollback_too(tmp_path: Path, models: Path) -> None:
    model = ModelInUse(models, OnnxDetector, CITY)
    before = model.seeing
    assert (model.name, model.take_up()) == ("spot/1", False)
    promoted(tmp_path, models, "2")
    assert model.name == "spot/1"
    assert model.take_up()
    assert (model.name, model.trouble) == ("spot/2", "")
    assert (model.seeing.detector, model.names) == (model.detector, CLASSES)
    assert (model.seeing is not before, model.take_up()) == (True, False)
    roll_back(models, at=NOON)
    assert (model.take_up(), model.name) == (True, "spot/1")


def spoil_weights(folder: Path) -> None:
    graph = next(folder.glob("*.onnx"))
    graph.write_bytes(graph.read_bytes() + b"!")


def give_nonsense(folder: Path) -> None:
    nowhere = np.array([[[np.nan, np.nan, np.nan, np.nan, 0.9, 1]]], dtype=np.float32)
    write_model(folder, {(64, 64): constant_model([1, 64, 64, 3], nowhere)}, Layout.NMS_FREE)


def take_away(folder: Path) -> None:
    (folder / "manifest.json").unlink()


@pytest.mark.parametrize("spoil", [spoil_weights, give_nonsense, take_away])
def test_a_broken_model_is_refused_and_the_one_before_goes_on(
    models: Path, spoil: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    model = ModelInUse(models, OnnxDetector, CITY)
    spoil(a_model(models / "spot" / "2", "2"))
    make_current(models, "spot/2")
    assert not model.take_up()
    assert model.name == "spot/1"
    assert model.trouble
    assert "spot/1 goes on" in caplog.text
    assert len(model.detect(BRIGHT)) == 1
    with pytest.raises(ModelError):
        ModelInUse(models, OnnxDetector, CITY)
    make_current(models, "spot/1")
    assert (model.take_up(), model.trouble) == (False, "")


def test_what_names_no_model_or_breaks_in_a_way_of_its_own_is_refused_too(models: Path) -> None:
    def opened(folder: Path) -> OnnxDetector:
        if folder.name == "2":
            raise MemoryError
        return OnnxDetector(folder)

    model = ModelInUse(models, opened, CITY)
    make_current(models, "spot/9")
    assert not model.take_up()
    assert "must name a model folder" in model.trouble
    a_model(models / "spot" / "2", "2")
    make_current(models, "spot/2")
    assert not model.take_up()
    assert (model.name, "MemoryError" in model.trouble) == ("spot/1", True)


def test_a_process_on_duty_takes_up_what_becomes_current(tmp_path: Path, models: Path) -> None:
    loaded = threading.Event()

    def opened(folder: Path) -> OnnxDetector:
        if folder.name == "2":
            loaded.set()
        return OnnxDetector(folder)

    model = ModelInUse(models, opened, CITY)
    with on_duty([], Signing(), [], None, Sources(), model=model):
        promoted(tmp_path, models, "2")
        assert loaded.wait(20)
    assert model.name == "spot/2"


def test_patrols_get_a_new_desk_for_a_new_model(tmp_path: Path, models: Path) -> None:
    house = build_house(tmp_path)
    model = ModelInUse(models, OnnxDetector, CITY)
    made, stop = Queue[str](), threading.Event()

    def desk() -> PatrolDesk:
        made.put(model.name)
        return PatrolledHouse(house).desk()

    with house.store:
        worker = threading.Thread(
            target=Patrols(desk, house.patrols, house.folder / "patrols", model=model).run, args=(stop,)
        )
        worker.start()
        try:
            assert made.get(timeout=20) == "spot/1"
            promoted(tmp_path, models, "2")
            model.take_up()
            assert made.get(timeout=20) == "spot/2"
        finally:
            stop.set()
            worker.join()


class SeesTheCar(OnnxDetector):
    """Loads like any model, and sees the car of the drawn street whatever it is shown."""

    def __init__(self, folder: Path, looks: list[str]) -> None:
        super().__init__(folder)
        self._looks = looks

    def detect(self, picture: ImageBGR, full_wh: SizeWH | None = None) -> Detections:
        self._looks.append(self.manifest.version)
        return CarDetector().detect(picture, full_wh)


@dataclass
class Switched:
    """A recording in whose middle another model becomes current."""

    models: Path
    model: ModelInUse
    taken: list[bool] = field(default_factory=list[bool])

    def frames(self) -> Iterator[Frame]:
        for frame in Street().add("car", CAR).frames(until=30, camera="cam"):
            if frame.pts == 10:
                make_current(self.models, "spot/2")
                self.taken.append(self.model.take_up())
            yield frame

    def close(self) -> None:
        pass


def test_a_camera_goes_on_with_the_new_model_and_forgets_nothing(tmp_path: Path, models: Path) -> None:
    for version in ("1", "2"):
        with_cars(models / "spot" / version if version == "1" else a_model(models / "spot" / version, version))
    looks = list[str]()
    model, store = ModelInUse(models, lambda folder: SeesTheCar(folder, looks), CITY), BusyStore()
    clip = Switched(models, model)
    desk = Desk(
        seeing=model.seeing,
        model=model,
        keeping_of=lambda camera: Keeping(
            spool=FolderSpool(tmp_path / "spool"), store=MemorySpool(), timezone=ZoneInfo("Asia/Shanghai")
        ),
        intake=Intake(store, a_city(), clock=HandClock(), new_id=CountedIds()),
        memory_of=store.memory_of,
        clock=HandClock(),
        open_source=lambda address, camera, reading: clip,
    )
    view = CameraView(id="cam", zones=(zone(ZoneKind.NO_PARKING),))
    crew = Crew([Post(view=view, address=str(tmp_path))], desk)
    crew.run()
    assert clip.taken == [True]
    assert (looks[0], looks[-1]) == ("1", "2")
    [(_, finding)] = store.book.found.values()
    assert finding.seen_for >= 12
    assert (finding.last_seen - finding.first_seen).total_seconds() >= 12
    assert crew.report().model == "spot/2"


def with_cars(folder: Path) -> None:
    manifest = folder / "manifest.json"
    said = json.loads(manifest.read_text(encoding="utf-8"))
    said |= {"classes": ["car", "bright"], "opens_at": {"car": 0.3, "bright": 0.4}}
    manifest.write_text(json.dumps(said), encoding="utf-8")
