"""The shipped patrol drive: clips, tracks and truth fit together. It was rendered once; nothing is rendered here."""

import csv
import json
from pathlib import Path
from typing import Any

import av
import pytest

from inference.geo import LatLon
from training.render.reading import load_drive

ROOT = Path(__file__).resolve().parents[3]
DEMO = ROOT / "datasets" / "demo"
DRIVE = DEMO / "patrol-day"
PASSES = (1, 2)
every_pass = pytest.mark.parametrize("number", PASSES)


def truth_of(name: str) -> dict[str, Any]:
    return json.loads((DRIVE / f"{name}.json").read_text(encoding="utf-8"))


def test_the_whole_set_of_clips_is_small() -> None:
    sizes = [path.stat().st_size for path in DEMO.rglob("*.mp4")]
    assert max(sizes) < 4_000_000
    assert sum(sizes) < 20_000_000


@every_pass
def test_a_clip_has_a_row_for_each_picture_and_every_picture_stands_alone(number: int) -> None:
    truth, size = truth_of(f"pass-{number}"), truth_of("drive")["size"]
    with av.open(str(DRIVE / truth["clip"])) as container:
        frames = [(frame.time, frame.key_frame, frame.width, frame.height) for frame in container.decode(video=0)]
    assert [row["at"] for row in truth["frames"]] == pytest.approx([time for time, _, _, _ in frames])
    assert all(key and [width, height] == size for _, key, width, height in frames)


@every_pass
def test_the_track_goes_where_the_camera_goes(number: int) -> None:
    truth = truth_of(f"pass-{number}")
    with (DRIVE / truth["track"]).open(encoding="utf-8") as file:
        fixes = {round(float(row["t_s"]), 3): row for row in csv.DictReader(file)}
    for row in truth["frames"]:
        fix, pose = fixes[row["at"]], row["camera"]
        there = LatLon(lat=float(fix["lat"]), lon=float(fix["lon"]))
        assert LatLon(lat=pose["lat"], lon=pose["lon"]).metres_to(there) < 6


@every_pass
def test_boxes_lie_in_the_picture(number: int) -> None:
    width, height = truth_of("drive")["size"]
    for row in truth_of(f"pass-{number}")["frames"]:
        for thing in row["objects"]:
            x0, y0, x1, y1 = thing["box"]
            assert 0 <= x0 < x1 <= width
            assert 0 <= y0 < y1 <= height


def test_the_truth_belongs_to_its_scenario_and_every_finding_is_seen_in_time() -> None:
    scenario, truth = load_drive(ROOT / "datasets/scenarios/drives/patrol-day.yaml"), truth_of("drive")
    due = scenario.due
    assert [row["seconds"] for row in truth["passes"]] == [run.seconds for run in scenario.passes]
    assert [(r["kind"], r["object"]) for r in truth["findings"]] == [(e.kind, e.object) for e in scenario.expected]
    for finding in truth["findings"]:
        [site] = [s for s in truth["sites"] if s["id"] == finding["object"]]
        assert site["lat_lon"] == finding["lat_lon"]
        assert finding["due_in_pass"] in site["passes"]
        frames = truth_of(f"pass-{finding['due_in_pass']}")["frames"]
        views = [
            o
            for row in frames
            for o in row["objects"]
            if o["id"] == finding["object"] and o["visible"] >= due.seen and o["metres"] <= due.metres
        ]
        assert len(views) >= due.views
    assert {s["id"] for s in truth["sites"]} >= {"bay-scooter", "bin-green", "bin-blue", "delivery"}
