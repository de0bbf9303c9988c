"""`python -m training.track_every_frame CLIP MODEL_DIR`: every picture of a clip through `ultralytics YOLO.track`.

For comparison only (`jiexun bench cameras`). Reads orders from standard input, a JSON object a line: `{"until": 2.0}`
tracks on to that second of the clip; answers with what was tracked in each picture, boxes in fractions, and the
processor seconds that it took.
"""

# pyright: reportMissingImports=false, reportUnknownVariableType=false

import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from training.ultralytics_setup import prepare_ultralytics
from training.weights import load_weights

NOWHERE = -1


def main(arguments: Sequence[str]) -> None:
    """Track as ordered, until the orders end."""
    clip, model = Path(arguments[0]), Path(arguments[1])
    answers, sys.stdout = sys.stdout, sys.stderr  # ultralytics prints
    tracker = _tracker(model)
    pictures = _pictures(clip)
    for line in sys.stdin:
        until, began = float(json.loads(line)["until"]), time.process_time()
        tracked: list[dict[str, object]] = []
        for at, pixels in pictures:
            (result,) = tracker.track(pixels, persist=True, verbose=False, device="cpu", imgsz=640)
            tracked.append({"at": at, "objects": _objects(result)})
            if at >= until:
                break
        answers.write(json.dumps({"cpu": time.process_time() - began, "pictures": tracked}) + "\n")
        answers.flush()


def _tracker(folder: Path) -> Any:
    prepare_ultralytics()
    sys.modules.setdefault("lap", _assignment())
    from ultralytics import YOLO

    network = load_weights(folder)
    tracker = YOLO("yolo26n.yaml")
    tracker.model = network
    return tracker


def _pictures(clip: Path) -> Iterator[tuple[float, NDArray[np.uint8]]]:
    with av.open(str(clip)) as container:
        container.streams.video[0].thread_count = 1
        for frame in container.decode(video=0):
            yield float(frame.time or 0.0), np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)


def _objects(result: Any) -> list[dict[str, object]]:
    boxes = result.boxes
    if boxes is None or boxes.id is None:
        return []
    rows = zip(boxes.id.int().tolist(), boxes.cls.int().tolist(), boxes.xyxyn.tolist(), strict=True)
    return [{"id": number, "name": result.names[kind], "box": box} for number, kind, box in rows]


def _assignment() -> ModuleType:
    """What its trackers want of the package `lap`, by a function of ultralytics: no dependency for a comparison."""
    module = ModuleType("lap")

    def lapjv(
        cost: NDArray[np.float64], extend_cost: bool = True, cost_limit: float = np.inf
    ) -> tuple[float, NDArray[np.int64], NDArray[np.int64]]:
        del extend_cost  # theirs, for matrices that are not square; ours takes any
        from ultralytics.utils.ops import linear_sum_assignment

        rows, columns = linear_sum_assignment(cost)
        of_row, of_column = (np.full(length, NOWHERE, np.int64) for length in cost.shape)
        for row, column in zip(rows, columns, strict=True):
            if cost[row, column] <= cost_limit:
                of_row[row], of_column[column] = column, row
        return 0.0, of_row, of_column

    module.__dict__.update(lapjv=lapjv, __version__="0")
    return module


if __name__ == "__main__":
    main(sys.argv[1:])
