"""Plays rendered clips through the whole pipeline with a real detector, and scores them against their truth."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from inference.camera import CameraView
from inference.detector import Detector
from inference.detector.manifest import Manifest
from inference.evidence.spool import MemorySpool
from inference.pipeline import Inspector, Keeping
from inference.rules.rule import Dwell
from inference.seeing import seeing
from inference.sources.video_file import VideoFile
from inference.zones.zone import PerClass, Zone, ZoneKind
from training.render.errors import RenderError
from training.suite.scoring import Played, Raised, judge

SHANGHAI = ZoneInfo("Asia/Shanghai")


def play_clip(truth_path: Path, detector: Detector, manifest: Manifest) -> Played:
    """Play the clip beside a truth file.

    Args:
        truth_path: JSON as `jiexun-train render` wrote it.
        detector: what looks.
        manifest: of the model whose confidences it gives.

    Raises:
        RenderError: the truth is not one.
    """
    facts = _facts(truth_path)
    clip = truth_path.with_name(facts["clip"])
    view = CameraView(id=truth_path.stem, zones=tuple(_zone(row) for row in facts["zones"] if row["polygon"]))
    keeping = Keeping(spool=MemorySpool(), store=MemorySpool(), timezone=SHANGHAI)
    inspector = Inspector(view, seeing(detector, manifest, Dwell()), keeping)
    raised, looked, passed = list[Raised](), 0, 0
    began = datetime.fromisoformat(facts["start"]).astimezone(UTC)
    source = VideoFile(clip, camera=view.id, started_at=began)
    try:
        for frame in source.frames():
            look = inspector.look(frame)
            looked, passed = looked + (not look.gated), passed + look.gated
            raised += [Raised(kind=one.kind, box=one.box, at=frame.pts) for one in look.findings]
    finally:
        source.close()
    verdicts = judge(truth_path.stem, raised, facts["findings"], facts["frames"])
    return Played(scenario=truth_path.stem, verdicts=verdicts, looks=(looked, looked + passed))


def _facts(path: Path) -> dict[str, Any]:
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RenderError(f"{path} is not the truth of a clip: {error}.") from error
    if not isinstance(facts, dict) or not {"clip", "zones", "findings", "frames"} <= set(facts):
        raise RenderError(f"{path} is not the truth of a clip: render it first.")
    return facts


def _zone(row: dict[str, Any]) -> Zone:
    dwell = row["dwell_seconds"]
    return Zone(
        id=row["id"],
        kind=ZoneKind(row["kind"]),
        points=tuple((x, y) for x, y in row["polygon"]),
        dwell=None if dwell is None else PerClass(default=dwell),
        queue=bool(row.get("queue", False)),
    )
