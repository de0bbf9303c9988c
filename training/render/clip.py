"""From a scenario to pictures: the empty street once, then only the rectangles that change."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from training.render import truth
from training.render.blender import Light, Picture, Stage
from training.render.camera import Camera, Rect, merged, touched
from training.render.cast import Player
from training.render.errors import RenderError
from training.render.geometry import Matrix, apply, place
from training.render.scenario import Scenario, StreetPlan
from training.render.street import Layout, lamp_heads, shop_lights, street

_FEATHER = 4  # pixels
Report = Callable[[int, int], None]  # (done, total)


def camera_of(scenario: Scenario) -> Camera:
    """The scenario's camera."""
    c = scenario.camera
    return Camera(at=c.at, look=c.look, fov=c.fov, width=c.width, height=c.height)


class Scene:
    """A street on Blender's stage, at one time after the other."""

    def __init__(self, scenario: StreetPlan, camera: Camera) -> None:
        self.camera = camera
        spec = scenario.light
        self.light = Light(elevation=spec.elevation, azimuth=spec.azimuth, strength=spec.sky, exposure=spec.exposure)
        self.players = [Player(actor) for actor in scenario.actors]
        self._stage = Stage(self.camera, self.light, scenario.samples)
        plan = scenario.street
        layout = Layout(stop_line=plan.stop_line, bays=tuple(plan.bays), collection=plan.collection, seed=scenario.seed)
        self._stage.add("street", street(layout))
        self._stage.move("street", place((0, 0, 0)))
        if scenario.light.lamps:
            for k, at in enumerate(lamp_heads()):
                self._stage.shine(f"lamp{k}", at, 420, (1.0, 0.72, 0.42))
            for k, at in enumerate(shop_lights()):
                self._stage.shine(f"shop{k}", at, 60, (1.0, 0.93, 0.82))
        self._uploaded: set[str] = set()
        self._shown: dict[str, tuple[str, Matrix]] = {}

    def show(self, at: float) -> list[Rect]:
        """Put everything where it is at a time; returns the rectangles that differ from what was shown before."""
        now = {p.actor.id: (self._thing(p, at), p.matrix(at)) for p in self.players if p.present(at)}
        changed: list[Rect | None] = []
        for player in self.players:
            key = player.actor.id
            old, new = self._shown.get(key), now.get(key)
            if old and new and old[0] == new[0] and np.array_equal(old[1], new[1]):
                continue
            if old:
                changed.append(self._touch(player, *old))
                self._stage.move(old[0], None)
            if new:
                changed.append(self._touch(player, *new))
                self._stage.move(*new)
        self._shown = now
        self._stage.settle()
        return merged([rect for rect in changed if rect is not None])

    def look_from(self, camera: Camera) -> None:
        """Look from somewhere else; the whole picture changes."""
        self.camera = camera
        self._stage.aim(camera)

    def picture(self, scratch: Path, rect: Rect | None = None) -> Picture:
        """Photograph what is shown."""
        return self._stage.picture(scratch, rect)

    def visible(self, actor: str, points: NDArray[np.float64]) -> float:
        """Share of an actor's points that the camera sees."""
        return self._stage.visible(self._shown[actor][0], points)

    def _thing(self, player: Player, at: float) -> str:
        """Name on the stage of what the actor shows; uploads it the first time."""
        variant = player.variant(at)
        name = f"{player.actor.id}/{variant}"
        if name not in self._uploaded:
            self._stage.add(name, player.model(variant))
            self._uploaded.add(name)
        return name

    def _touch(self, player: Player, thing: str, matrix: Matrix) -> Rect | None:
        points = apply(matrix, player.points(thing.rpartition("/")[2]))
        return touched(self.camera, points, self.light.shadows_from())


def paste(canvas: Picture, patch: Picture, rect: Rect) -> None:
    """Lay a rendered rectangle into the picture, its edges feathered except at the picture's own edges."""
    x0, y0, x1, y1 = rect
    height, width = canvas.shape[:2]
    ramp = np.ones((y1 - y0, x1 - x0, 1), np.float32)
    for k in range(min(_FEATHER, (x1 - x0) // 2, (y1 - y0) // 2)):
        weight = (k + 1) / (_FEATHER + 1)
        sides = ((x0 > 0, ramp[:, k]), (x1 < width, ramp[:, -1 - k]), (y0 > 0, ramp[k]), (y1 < height, ramp[-1 - k]))
        for inner, line in sides:
            if inner:
                np.minimum(line, weight, out=line)
    below = canvas[y0:y1, x0:x1]
    canvas[y0:y1, x0:x1] = np.rint(patch * ramp + below * (1 - ramp)).astype(np.uint8)


def repainted(scene: Scene, before: Path, changed: list[Rect], scratch: Path) -> Picture:
    """The picture before, with only the rectangles photographed that differ from it."""
    canvas = _read(before)
    for rect in changed:
        paste(canvas, scene.picture(scratch, rect), rect)
    return canvas


def same_scenario(scenario: StreetPlan, out: Path) -> None:
    """Refuse to continue a folder that holds pictures of another scenario."""
    digest = hashlib.sha256(scenario.model_dump_json().encode()).hexdigest()
    mark = out / "scenario.sha256"
    if mark.exists() and mark.read_text(encoding="utf-8") != digest:
        raise RenderError(f"{out} holds pictures of another scenario: name an empty folder, or delete it.")
    mark.write_text(digest, encoding="utf-8")


def saved(path: Path, picture: Picture) -> None:
    """Write a PNG so that a killed run never leaves half of one."""
    part = path.with_suffix(".part.png")
    if not cv2.imwrite(str(part), picture):
        raise RenderError(f"Cannot write {path}: make room or name another folder.")
    part.replace(path)


def _read(path: Path) -> Picture:
    image = cv2.imread(str(path))
    if image is None:
        raise RenderError(f"{path} is not a picture any more: delete it and start again.")
    return np.asarray(image, dtype=np.uint8)


def frame_path(out: Path, number: int) -> Path:
    """Where the clean picture of a frame is kept."""
    return out / "frames" / f"{number:05d}.png"


def render_frames(scenario: Scenario, out: Path, report: Report) -> Path:
    """Render what is missing of a clip and write its truth; returns the truth's path.

    Pictures that are already there are kept, so a run can be stopped at any time and started again.

    Args:
        scenario: what to show.
        out: folder for pictures and truth.
        report: called with pictures done and pictures in all.

    Raises:
        RenderError: Blender is missing, or the folder belongs to another scenario.
    """
    (out / "frames").mkdir(parents=True, exist_ok=True)
    same_scenario(scenario, out)
    scene, scratch = Scene(scenario, camera_of(scenario)), out / "scratch.png"
    groups = truth.Groups(scene.players)
    whereabouts = scenario.place.whereabouts() if scenario.place else None
    head = truth.header(scenario, groups, scene.camera)
    plate = out / "plate.png"
    scene.show(-1.0)
    if not plate.exists():
        saved(plate, scene.picture(scratch))
    before, rows = plate, list[dict[str, Any]]()
    for number in range(scenario.frames()):
        at = number / scenario.fps
        rects = scene.show(at)
        path = frame_path(out, number)
        if not path.exists():
            saved(path, repainted(scene, before, rects, scratch))
        before = path
        things = truth.objects_at(scenario, groups, scene.camera, at, scene.visible, whereabouts)
        rows.append({"at": round(at, 3), "objects": things})
        report(number + 1, scenario.frames())
    scratch.unlink(missing_ok=True)
    written = out / f"{scenario.name}.json"
    truth.write(written, head, rows)
    return written
