"""How sure a COCO detector is of rendered vehicles and people, beside real pictures.

    .venv-train/bin/python -m tests.rigs.rendered_confidence WEIGHTS.pt CLIP_FOLDER [REAL_VAL_TXT]

Rendered: key pictures of the clips, objects of which at least half can be seen and that are at least 8 % of the
picture's height. Real: a list of pictures with YOLO labels beside them (`images` → `labels`), boxes of at least 8 %.
An object's confidence is the best detection of its kind that overlaps it by .5; 0 where there is none.
"""

# pyright: reportMissingImports=false

import json
import sys
from collections import defaultdict
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import av
import cv2
import numpy as np

from inference.stays.boxes import overlap

KINDS = {"car": "vehicle", "bus": "vehicle", "truck": "vehicle", "motorcycle": "vehicle", "person": "person"}
REAL_CLASSES = ("car", "bus", "truck", "motorcycle", "bicycle", "tricycle", "person")
LEAST_HEIGHT = 0.08


def main(weights: str, clips: str, real: str | None = None) -> None:
    """Print a table."""
    from training.ultralytics_setup import prepare_ultralytics  # only the training environment has what it sets up

    prepare_ultralytics()
    from ultralytics import YOLO

    model: Any = YOLO(weights)
    for title, looks in (("rendered", _rendered(Path(clips))), ("real", _real(Path(real)) if real else [])):
        sure: dict[str, list[float]] = defaultdict(list)
        for picture, objects in looks:
            found = model.predict(picture, verbose=False, conf=0.05)[0].boxes
            rows = [
                (tuple(box), KINDS.get(model.names[int(number)]), float(confidence))
                for box, number, confidence in zip(
                    found.xyxy.tolist(), found.cls.tolist(), found.conf.tolist(), strict=True
                )
            ]
            for box, kind in objects:
                near = [c for other, k, c in rows if k == kind and overlap(box, other) >= 0.5]
                sure[kind].append(max(near, default=0.0))
        for kind, values in sorted(sure.items()):
            low, middle, high = quantiles(values, n=4)
            missed = sum(v == 0 for v in values) / len(values)
            seen = median([v for v in values if v] or [0.0])
            figures = f"quartiles {low:.2f} {middle:.2f} {high:.2f}, median of the seen {seen:.2f}, unseen {missed:.0%}"
            sys.stdout.write(f"{title:9} {kind:8} {len(values):5} {figures}\n")


def _rendered(folder: Path) -> list[tuple[Any, list[tuple[Any, str]]]]:
    looks: list[tuple[Any, list[tuple[Any, str]]]] = []
    for path in sorted(folder.glob("*.mp4")):
        facts = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        classes: dict[str, str] = facts["classes"]
        with av.open(str(path)) as container:
            for frame in container.decode(video=0):
                if not frame.key_frame:
                    continue
                row = min(facts["frames"], key=lambda r: abs(r["at"] - (frame.time or 0.0)))
                objects = [
                    (tuple(o["box"]), KINDS[classes[o["id"]]])
                    for o in row["objects"]
                    if classes[o["id"]] in KINDS
                    and o["visible"] >= 0.5
                    and o["box"][3] - o["box"][1] >= LEAST_HEIGHT * frame.height
                ]
                looks.append((frame.to_ndarray(format="bgr24"), objects))
    return looks


def _real(listed: Path) -> list[tuple[Any, list[tuple[Any, str]]]]:
    looks: list[tuple[Any, list[tuple[Any, str]]]] = []
    for line in [line for line in listed.read_text(encoding="utf-8").split() if "dhaka_street" in line][:40]:
        path = (listed.parent / line).resolve()
        picture = cv2.imread(str(path))
        label = path.parent.with_name("labels") / f"{path.stem}.txt"
        if picture is None or not label.exists():
            continue
        height, width = picture.shape[:2]
        objects: list[tuple[Any, str]] = []
        for row in label.read_text(encoding="utf-8").splitlines():
            number, x, y, w, h = (float(v) for v in row.split())
            if int(number) >= len(REAL_CLASSES) or REAL_CLASSES[int(number)] not in KINDS or h < LEAST_HEIGHT:
                continue
            corners = np.array([x - w / 2, y - h / 2, x + w / 2, y + h / 2]) * (width, height, width, height)
            objects.append((tuple(corners.tolist()), KINDS[REAL_CLASSES[int(number)]]))
        looks.append((picture, objects))
    return looks


if __name__ == "__main__":
    main(*sys.argv[1:])
