"""The rendered patrol drive that is shipped, with the shipped model: recordings in, findings with their places out."""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any

import pytest

from api.city.whole_picture import whole_picture_city
from api.work.patrol_run import PatrolOptions, PatrolRun
from cases.intake import Intake
from inference.datum import Datum
from inference.detector import SHIPPED_MODELS, OnnxDetector, current_model
from inference.evidence.spool import MemorySpool
from inference.findings import Finding
from inference.geo import LatLon
from inference.patrol.site_book import SiteBook
from tests.web_house import build_house

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """One pass of the rendered drive: which, so many hours later, by a receiver that is off by so many metres."""

    head: dict[str, Any]
    hours: float = 0.0
    east: float = 0.0
    north: float = 0.0

    def track(self, path: Path) -> Path:
        """The track, written anew where it is another one."""
        if not self.hours:
            return DRIVE / self.head["track"]
        noise, moved = Random(5), list[str]()
        head, *rows = (DRIVE / self.head["track"]).read_text(encoding="utf-8").splitlines()
        names = head.split(",")
        for row in rows:
            cells = dict(zip(names, row.split(","), strict=True))
            here = LatLon(lat=float(cells["lat"]), lon=float(cells["lon"]))
            there = here.moved(self.east + noise.gauss(0, 0.2), self.north + noise.gauss(0, 0.2))
            at = self.began + timedelta(seconds=float(cells["t_s"]))
            moved.append(f"{cells['t_s']},{at.isoformat()},{there.lat:.7f},{there.lon:.7f},{cells['dop_x100']}")
        path.write_text("\n".join(["t_s,time,lat,lon,dop_x100", *moved]), encoding="utf-8")
        return path

    @property
    def began(self) -> datetime:
        """Aware, when its first picture was taken."""
        return datetime.fromisoformat(self.head["start"]) + timedelta(hours=self.hours)


def driven(passes: Sequence[Played], drive: dict[str, Any], folder: Path, book: SiteBook) -> list[Finding]:
    """What passes with the shipped model find, one after the other."""
    told, pictures = drive["camera"], MemorySpool()
    detector, place = OnnxDetector(current_model(SHIPPED_MODELS)), whole_picture_city("van", moving=True)
    found: list[Finding] = []
    for number, one in enumerate(passes):
        options = PatrolOptions(
            track=one.track(folder / f"{number}.csv"),
            offset=0.0,
            datum=Datum.WGS84,
            mount=f"{told['height']},{-told['pitch']},{told['fov']},{told['yaw']}",
            streets=street_map(drive, folder / "streets.geojson"),
            started_at=one.began,
            every=None,
        )
        clip = str(DRIVE / one.head["clip"])
        run = PatrolRun(clip, "patrol-7", place, detector, options, MemorySpool(), book=book, pictures=pictures)
        found += chain.from_iterable(run.findings(run.frames()))
    return found


def test_what_stands_there_is_found_by_two_passes_and_nothing_else(tmp_path: Path) -> None:
    drive = json.loads((DRIVE / "drive.json").read_text(encoding="utf-8"))
    found = driven([Played(head=head) for head in drive["passes"]], drive, tmp_path, SiteBook())
    due = {one["object"]: one for one in drive["findings"]}
    by_object = {nearest(finding, due): finding for finding in found}
    metres = {name: round(off(finding, due[name]), 2) for name, finding in by_object.items()}
    logger.info("found and metres off: %s", metres)
    assert sorted(by_object) == sorted(due), metres
    assert len(found) == len(due), metres
    assert max(metres.values()) < 3, metres
    assert all("no penalty" in finding.rule for finding in found if finding.kind == "illegal_parking")


def test_one_site_is_one_case_over_three_passes_with_another_receiver_s_error(tmp_path: Path) -> None:
    drive = json.loads((DRIVE / "drive.json").read_text(encoding="utf-8"))
    first, second = drive["passes"]
    passes = [Played(head=first), Played(head=second), Played(head=first, hours=1.0, east=1.5, north=-1.2)]
    book = SiteBook()
    found = driven(passes, drive, tmp_path, book)
    due = {one["object"]: one for one in drive["findings"]}
    for one in drive["sites"]:  # what only the first pass met is met again by the third one
        if one["class"] == "car" and "kerb" in one["zones"] and one["passes"] == [1]:
            due[one["id"]] = {"kind": "illegal_parking", "lat_lon": one["lat_lon"]}
    names = [nearest(finding, due) for finding in found]
    assert sorted(names) == sorted(due)
    sites = [site for site in book.sites if site.reported]
    logger.info("passes of each reported site: %s", sorted(site.passes for site in sites))
    assert len(sites) == len(due)
    assert min(site.passes for site in sites) >= 2
    assert sum(site.passes == 3 for site in sites) >= 3
    house = build_house(tmp_path)
    with house.store:
        intake = Intake(house.store, house.doors.order, clock=house.clock, new_id=house.doors.new_id)
        for finding in sorted(found, key=lambda finding: finding.last_seen):
            house.clock.now = finding.last_seen
            intake.take(finding)
        cases = house.store.cases().items
    assert len(cases) == len(due)
