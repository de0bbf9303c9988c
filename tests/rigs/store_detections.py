"""Writes down what the shipped model sees in the rendered clips, so that tests need not look again.

Run it after a promotion: `python -m tests.rigs.store_detections`. One JSON file a clip in `tests/training/suite`.
"""

import json
from datetime import UTC, datetime
from pathlib import Path

from inference.detector import SHIPPED_MODELS, OnnxDetector, current_model
from inference.detector.protocol import detect_in
from inference.sources.video_file import VideoFile

ROOT = Path(__file__).resolve().parents[2]
CLIPS = ("kerb-day", "junction-queue")


def main() -> None:
    """Look at every key picture once."""
    detector = OnnxDetector(current_model(SHIPPED_MODELS))
    for name in CLIPS:
        source = VideoFile(
            ROOT / "datasets/demo" / f"{name}.mp4", camera=name, started_at=datetime(2026, 5, 14, tzinfo=UTC)
        )
        looks = [
            [
                [*(round(v, 1) for v in one.box), round(one.confidence, 3), one.name]
                for one in detect_in(detector, frame.picture)
            ]
            for frame in source.frames()
        ]
        source.close()
        rows = ",\n".join(json.dumps(look) for look in looks)
        stored = {"model": f"{detector.manifest.name}/{detector.manifest.version}", "names": list(detector.names)}
        head = json.dumps(stored)[1:-1]
        (ROOT / "tests/training/suite" / f"{name}.detections.json").write_text(
            f'{{{head},\n"looks": [\n{rows}\n]}}\n', encoding="utf-8"
        )


if __name__ == "__main__":
    main()
