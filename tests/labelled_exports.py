"""The same few labelled pictures, as every annotation tool would export them."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from training.freeze.freezing import FreezePlan
from training.freeze.inputs import Reading
from training.sources import Source, Sources

SIZE_WH = (160, 96)
CLASSES = Sources(
    classes=("car", "garbage", "bin"),
    sources={"town/kerb": Source(labelled=("car",), partly=("bin",), licence="CC0-1.0")},
)


def view(path: Path, seed: int, *, brighter: int = 0, size_wh: tuple[int, int] = SIZE_WH) -> Path:
    """A picture of its own for every seed; `brighter` is the same view in other light."""
    coarse = np.random.default_rng(seed).integers(20, 200, (10, 16, 3), dtype=np.uint8)
    pixels = cv2.resize(coarse, size_wh, interpolation=cv2.INTER_CUBIC)
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.clip(pixels.astype(np.int16) + brighter, 0, 255).astype(np.uint8))
    return path


def yolo(root: Path, seeds: Sequence[int] = (1, 2, 3), **more: Any) -> Path:
    """A YOLO folder; every picture holds one box of the class `trash`, a quarter of it in the middle."""
    for seed in seeds:
        view(root / "images" / f"p{seed}.jpg", seed)
        write(root / "labels" / f"p{seed}.txt", "0 0.5 0.5 0.25 0.25\n")
    write(root / "data.yaml", json.dumps({"train": "images", "names": ["garbage"], **more}))
    return root


def coco(root: Path, **first_box: Any) -> Path:
    """A COCO file beside its pictures."""
    view(root / "p1.jpg", 1)
    view(root / "sub" / "p2.jpg", 2)
    width, height = SIZE_WH
    images = [
        {"id": 7, "file_name": "p1.jpg", "width": width, "height": height, "license": 1},
        {"id": 8, "file_name": "sub/p2.jpg", "width": width, "height": height},
    ]
    box = {"id": 1, "image_id": 7, "category_id": 5, "bbox": [60, 36, 40, 24], "iscrowd": 0, **first_box}
    return write(
        root / "labels.json",
        json.dumps({"images": images, "annotations": [box], "categories": [{"id": 5, "name": "garbage"}]}),
    )


def label_studio(root: Path, **first_value: Any) -> Path:
    """A Label Studio export; its second task was never annotated."""
    view(root / "p1.jpg", 1)
    value = {"x": 37.5, "y": 37.5, "width": 25, "height": 25, "rotation": 0, "rectanglelabels": ["garbage"]}
    result = [{"type": "rectanglelabels", "value": {**value, **first_value}, "original_width": SIZE_WH[0]}]
    tasks = [
        {"id": 1, "data": {"image": "/data/upload/3/0a1b2c3d-p1.jpg"}, "annotations": [{"result": result}]},
        {"id": 2, "data": {"image": "/data/upload/3/0a1b2c3d-p2.jpg"}, "annotations": []},
    ]
    return write(root / "export.json", json.dumps(tasks))


def cvat_xml(box: str = '<box label="garbage" xtl="60" ytl="36" xbr="100" ybr="60" occluded="0"/>') -> str:
    """What "CVAT for images 1.1" writes about p1.jpg; the box is on line 6."""
    return f"""<?xml version="1.0" encoding="utf-8"?>
<annotations>
<version>1.1</version>
<meta><task><labels><label><name>garbage</name></label><label><name>bin</name></label></labels></task></meta>
<image id="0" name="p1.jpg" width="{SIZE_WH[0]}" height="{SIZE_WH[1]}">
{box}
</image>
</annotations>
"""


def cvat(root: Path, xml: str = "") -> Path:
    """A CVAT export beside its picture."""
    view(root / "images" / "p1.jpg", 1)
    return write(root / "annotations.xml", xml or cvat_xml())


def verdicts(root: Path, said: Sequence[dict[str, Any]]) -> Path:
    """Verdicts as `jiexun verdicts export` writes them; each may name its picture by `seed`, its box is the middle."""
    lines: list[str] = []
    for number, one in enumerate(said):
        one = dict(one)
        path = view(root / "pictures" / "new.jpg", one.pop("seed", number))
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        path.rename(path.with_stem(sha256))
        line = {
            "finding": f"f{number}",
            "camera": "cam-1",
            "object_class": "garbage",
            "box": [60, 36, 100, 60],
            "confidence": 0.7,
            "decision": "confirm",
            "reviewer": "r1",
            "at": f"2026-03-02T12:{number:02}:00Z",
            "picture": sha256,
            "picture_wh": SIZE_WH,
        }
        lines.append(json.dumps({**line, **one}))
    write(root / "verdicts.jsonl", "".join(f"{line}\n" for line in lines))
    return root


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def plan(tmp_path: Path, *inputs: Path, reading: dict[str, Any] | None = None, **more: Any) -> FreezePlan:
    """What `jiexun-train freeze` makes of these inputs."""
    scratch = tmp_path / "scratch"
    scratch.mkdir(exist_ok=True)
    read = Reading(sources=CLASSES, scratch=scratch, **(reading or {}))
    settings: dict[str, Any] = {"name": "town", "out": tmp_path / "datasets", **more}
    return FreezePlan(inputs=inputs, reading=read, **settings)
