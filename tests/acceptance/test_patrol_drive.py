"""The rendered patrol drive that is shipped, with the shipped model: recordings in, findings with their places out."""

import json
import logging
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from api.city.whole_picture import whole_picture_city
from api.work.patrol_run import PatrolOptions, PatrolRun
from inference.datum import Datum
from inference.detector import SHIPPED_MODELS, OnnxDetector, current_model
from inference.evidence.spool import MemorySpool
from inference.findings import Finding
from inference.geo import LatLon
from inference.patrol.site_book import SiteBook

logger = logging.getLogger(__name__)

ROOT = Path(__file__).parents[2]
DRIVE = ROOT / "datasets/demo/patrol-day"

pytestmark = [
    pytest.mark.skipif(not (DRIVE / "drive.json").is_file(), reason="no rendered drive is shipped"),
    pytest.mark.skipif(not (ROOT / "models/current").exists(), reason="no model is shipped yet"),
]


def street_map(drive: dict[str, Any], path: Path) -> Path:
    features: list[dict[str, Any]] = []
    for zone in drive["zones"]:
        ring = [[lon, lat] for lat, lon in (*zone["polygon"], zone["polygon"][0])]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        features.append(
            {"type": "Feature", "properties": {"kind": zone["kind"], "id": zone["id"]}, "geometry": geometry}
        )
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def off(finding: Finding, due: dict[str, Any]) -> float:
    assert finding.where is not None
    return finding.where.metres_to(LatLon(lat=due["lat_lon"][0], lon=due["lat_lon"][1]))


def nearest(finding: Finding, due: dict[str, dict[str, Any]]) -> str:
    """The due object of the finding's kind that is nearest to it."""
    of_kind = [name for name, one in due.items() if one["kind"] == finding.kind]
    return min(of_kind, key=lambda name: off(finding, due[name]))


def test_what_stands_there_is_found_by_two_passes_and_nothing_else(tmp_path: Path) -> None:
    drive = json.loads((DRIVE / "drive.json").read_text(encoding="utf-8"))
    told = drive["camera"]
    book, pictures = SiteBook(), MemorySpool()
    detector, place = OnnxDetector(current_model(SHIPPED_MODELS)), whole_picture_city("van", moving=True)
    found: list[Finding] = []
    for head in drive["passes"]:
        options = PatrolOptions(
            track=DRIVE / head["track"],
            offset=0.0,
            datum=Datum.WGS84,
            mount=f"{told['height']},{-told['pitch']},{told['fov']},{told['yaw']}",
            streets=street_map(drive, tmp_path / "streets.geojson"),
            started_at=datetime.fromisoformat(head["start"]),
            every=None,
        )
        clip = str(DRIVE / head["clip"])
        run = PatrolRun(clip, "van", place, detector, options, MemorySpool(), book=book, pictures=pictures)
        found += chain.from_iterable(run.findings(run.frames()))
    due = {one["object"]: one for one in drive["findings"]}
    by_object = {nearest(finding, due): finding for finding in found}
    metres = {name: round(off(finding, due[name]), 2) for name, finding in by_object.items()}
    logger.info("found and metres off: %s", metres)
    assert sorted(by_object) == sorted(due), metres
    assert len(found) == len(due), metres
    assert max(metres.values()) < 3, metres
    assert all("no penalty" in finding.rule for finding in found if finding.kind == "illegal_parking")
