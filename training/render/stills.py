"""Training pictures: streets by chance, stalls and goods first, with the labels of everything that can be seen."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import yaml

from training.render import truth
from training.render.camera import Camera
from training.render.cctv import Look, cctv
from training.render.clip import Report, Scene
from training.render.errors import RenderError
from training.render.scenario import StreetPlan
from training.render.street_chance import street_chance

CLASSES = (
    "car", "bus", "truck", "motorcycle", "bicycle", "tricycle", "person", "garbage", "bin", "stall", "bin_overflow",
)  # fmt: skip
"""In the order of `datasets/street/sources.yaml`."""
SIZE_WH = (640, 384)
BATCH = 20
"""Pictures of one street: setting it up takes as long as a few pictures."""
VIEWS = 2
"""Of what stands in one second: moving everything takes half as long as a picture."""
LEAST_SEEN, LEAST_SEEN_CUT, LEAST_HEIGHT = 0.3, 0.08, 0.02
"""Less than this share of an object visible, or lower than this share of the picture: nobody would draw a box.

What the picture's edge cuts off counts from less on: the rest of it is no part of the visible share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One street with other things every second, each second in `VIEWS` pictures.

    Attributes:
        plan: what stands there in each second.
        cameras: the view of each picture.
        noise: of the sensor, for each picture.
    """

    plan: StreetPlan
    cameras: tuple[Camera, ...]
    noise: tuple[float, ...]


def batch(seed: int, size: int = BATCH) -> Batch:
    """A street by chance in `size` pictures; the same for the same seed."""
    seconds = math.ceil(size / VIEWS)
    rng = np.random.default_rng((seed, 77))
    night = rng.random() < 0.25
    light = (
        {"elevation": 0.5, "azimuth": 250, "sky": 0.07, "exposure": 1.0, "lamps": True}
        if night
        else {
            "elevation": round(float(rng.uniform(12, 70)), 1),
            "azimuth": round(float(rng.uniform(120, 300)), 1),
            "sky": round(float(rng.uniform(0.09, 0.16)), 3),
            "exposure": round(float(rng.uniform(-0.3, 0.5)), 2),
        }
    )
    actors = [actor for k in range(seconds) for actor in street_chance(rng, k)]
    plan = StreetPlan.model_validate(
        {
            "name": f"stills-{seed}",
            "about": "training pictures",
            "start": "2026-05-14T15:42:00+08:00",
            "seconds": seconds + 1,
            "fps": 1,
            "samples": 2,
            "seed": seed,
            "light": light,
            "street": {"collection": 15.5 if rng.random() < 0.5 else None},
            "actors": actors,
        }
    )
    cameras = tuple(_camera(rng) for _ in range(size))
    return Batch(plan=plan, cameras=cameras, noise=tuple(float(v) for v in rng.uniform(0.002, 0.02, size)))


def _camera(rng: np.random.Generator) -> Camera:
    """Half of them hang high as street cameras do, half are carried."""
    high = rng.random() < 0.5
    z = rng.uniform(3.2, 7.5) if high else rng.uniform(1.3, 2.6)
    x, y = rng.uniform(-14, 2), rng.uniform(-4.5, 5.0)
    ahead = rng.uniform(9, 20) if high else rng.uniform(14, 30)
    look = (x + ahead, rng.uniform(-1.5, 6.5), 0.3 if high else rng.uniform(0.6, 1.6))
    at = (float(x), float(y), float(z))
    aim = (float(look[0]), float(look[1]), float(look[2]))
    return Camera(at=at, look=aim, fov=float(rng.uniform(45, 82)), width=SIZE_WH[0], height=SIZE_WH[1])


def label_rows(objects: Sequence[dict[str, Any]], classes: dict[str, str]) -> list[str]:
    """YOLO rows (class, centre x and y, width, height in fractions) of what somebody would draw a box around."""
    width, height = SIZE_WH
    rows: list[str] = []
    for thing in objects:
        x0, y0, x1, y1 = thing["box"]
        cut = x0 <= 0 or y0 <= 0 or x1 >= width or y1 >= height
        if thing["visible"] < (LEAST_SEEN_CUT if cut else LEAST_SEEN) or (y1 - y0) / height < LEAST_HEIGHT:
            continue
        fractions = ((x0 + x1) / 2 / width, (y0 + y1) / 2 / height, (x1 - x0) / width, (y1 - y0) / height)
        rows.append(" ".join([str(CLASSES.index(classes[thing["id"]])), *(f"{v:.5f}" for v in fractions)]))
    return rows


def render_stills(count: int, out: Path, seed: int, report: Report) -> Path:
    """Render pictures with labels as a YOLO folder; returns its `data.yaml`. What is there already is kept.

    Args:
        count: pictures in all.
        out: folder; pictures lie in `rendered/stills/train/images`.
        seed: of the first street; the next streets have the next seeds.
        report: called with pictures done and pictures in all.

    Raises:
        RenderError: Blender is missing, or a picture cannot be written.
    """
    images = out / "rendered" / "stills" / "train" / "images"
    labels = images.with_name("labels")
    for folder in (images, labels):
        folder.mkdir(parents=True, exist_ok=True)
    for done in _batches(count, images, labels, seed):
        report(done, count)
    head = {"path": ".", "train": "rendered/stills/train/images", "names": dict(enumerate(CLASSES))}
    (out / "data.yaml").write_text(yaml.safe_dump(head, sort_keys=False), encoding="utf-8")
    source = {"labelled": list(CLASSES), "rendered": True, "licence": "our own, rendered"}
    facts = {"classes": list(CLASSES), "sources": {"rendered/stills": source}}
    (out / "sources.yaml").write_text(yaml.safe_dump(facts, sort_keys=False), encoding="utf-8")
    return out / "data.yaml"


def _batches(count: int, images: Path, labels: Path, seed: int) -> Iterator[int]:
    for start in range(0, count, BATCH):
        size = min(BATCH, count - start)
        names = [f"s{seed + start // BATCH:05d}-{k:02d}" for k in range(size)]
        if all((labels / f"{name}.txt").exists() for name in names):
            yield start + size
            continue
        made = batch(seed + start // BATCH)
        scene = Scene(made.plan, made.cameras[0])
        groups = truth.Groups(scene.players)
        for k, name in enumerate(names):
            if not (labels / f"{name}.txt").exists():
                _one(made, scene, groups, k, images / f"{name}.jpg", labels / f"{name}.txt")
            yield start + k + 1


def _one(made: Batch, scene: Scene, groups: truth.Groups, k: int, image: Path, label: Path) -> None:
    """One picture and then its labels: a picture without labels is made again."""
    at = k // VIEWS + 0.5
    scene.look_from(made.cameras[k])
    scene.show(at)
    scratch = image.with_suffix(".part.png")
    clean = scene.picture(scratch)
    scratch.unlink(missing_ok=True)
    look = Look(noise=made.noise[k])
    if not cv2.imwrite(str(image), cctv(clean, look, made.plan.seed * 1000 + k), [cv2.IMWRITE_JPEG_QUALITY, 88]):
        raise RenderError(f"Cannot write {image}: make room or name another folder.")
    things = truth.objects_at(made.plan, groups, made.cameras[k], at, scene.visible)
    classes = {thing["id"]: groups.class_of(thing["id"]) for thing in things}
    label.write_text("\n".join(label_rows(things, classes)) + "\n", encoding="utf-8")
