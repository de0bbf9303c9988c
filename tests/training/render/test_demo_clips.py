"""The shipped clips and their truth fit together. They were rendered once; nothing is rendered here."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import pytest
from shapely.geometry import Point, Polygon

from training.render.reading import load

ROOT = Path(__file__).resolve().parents[3]
TRUTHS = sorted((ROOT / "datasets" / "demo").glob("*.json"))
VIOLATIONS = {"no_parking": "illegal_parking", "no_stalls": "stall_encroachment", "keep_clean": "exposed_garbage"}

every_clip = pytest.mark.parametrize("path", TRUTHS, ids=lambda p: p.stem)


def truth_of(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_demo_has_clips() -> None:
    assert "kerb-day" in [path.stem for path in TRUTHS]


@every_clip
def test_a_clip_is_small_plays_in_real_time_and_has_a_key_picture_every_two_seconds(path: Path) -> None:
    truth = truth_of(path)
    clip = path.with_suffix(".mp4")
    assert clip.stat().st_size < 4_000_000
    with av.open(str(clip)) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.name == "h264"
        assert [stream.width, stream.height] == truth["size"]
        frames = [(frame.time, frame.key_frame) for frame in container.decode(stream)]
    assert [time for time, _ in frames] == pytest.approx([row["at"] for row in truth["frames"]], abs=1e-3)
    keys = [time for time, key in frames if key] + [truth["seconds"]]
    assert max(b - a for a, b in pairwise(keys)) <= 2.0


@every_clip
def test_the_truth_belongs_to_its_scenario(path: Path) -> None:
    truth, scenario = truth_of(path), load(ROOT / "datasets" / "scenarios" / f"{path.stem}.yaml")
    assert len(truth["frames"]) == scenario.frames()
    assert truth["start"] == scenario.start.isoformat()
    assert [(row["kind"], row["object"]) for row in truth["findings"]] == [
        (e.kind, e.object) for e in scenario.expected
    ]
    assert set(truth["classes"]) == {a.group or a.id for a in scenario.actors if a.kind.model != "signal"}


@every_clip
def test_boxes_lie_in_the_picture(path: Path) -> None:
    truth = truth_of(path)
    width, height = truth["size"]
    for row in truth["frames"]:
        for thing in row["objects"]:
            x0, y0, x1, y1 = thing["box"]
            assert 0 <= x0 < x1 <= width
            assert 0 <= y0 < y1 <= height
            assert 0 <= thing["visible"] <= 1


@every_clip
def test_what_a_finding_is_about_stands_visibly_in_its_zone(path: Path) -> None:
    truth = truth_of(path)
    zones = {zone["id"]: zone for zone in truth["zones"]}
    width, height = truth["size"]
    for due in truth["findings"]:
        zone = zones[due["zone"]]
        assert VIOLATIONS[zone["kind"]] == due["kind"]
        for row in truth["frames"]:
            if not due["since"] + 0.5 <= row["at"] <= due["due"]:
                continue
            [thing] = [o for o in row["objects"] if o["id"] == due["object"]]
            x0, _, x1, y1 = thing["box"]
            assert max(thing["still_since"], 0) == due["since"]
            assert Polygon(zone["polygon"]).covers(Point((x0 + x1) / 2 / width, y1 / height))


@every_clip
def test_nothing_else_stands_long_enough_for_a_finding(path: Path) -> None:
    truth = truth_of(path)
    fits = {"no_parking": {"car", "bus", "motorcycle"}, "no_stalls": {"stall"}, "keep_clean": {"garbage"}}
    expected = {(due["object"], due["zone"]) for due in truth["findings"]}
    for row in truth["frames"]:
        for thing in row["objects"]:
            for zone in truth["zones"]:
                if zone["id"] not in thing["zones"] or (thing["id"], zone["id"]) in expected:
                    continue
                if truth["classes"][thing["id"]] in fits.get(zone["kind"], set()) and thing["still_since"] is not None:
                    assert row["at"] - thing["still_since"] < zone["dwell_seconds"]


def test_by_day_a_bus_hides_the_parked_car_and_somebody_only_drops_off() -> None:
    truth = truth_of(ROOT / "datasets" / "demo" / "kerb-day.json")
    parked = [(row["at"], o) for row in truth["frames"] for o in row["objects"] if o["id"] == "parked-car"]
    hidden = [at for at, o in parked if at > 20 and o["visible"] < 0.3]
    assert hidden
    assert hidden[-1] - hidden[0] >= 1.0
    stood = [
        row["at"] for row in truth["frames"] for o in row["objects"] if o["id"] == "drop-off-car" and o["still_since"]
    ]
    assert 8 <= stood[-1] - stood[0] <= 12


@pytest.mark.parametrize(("thing", "zone"), [("bay-scooter", "bay"), ("bin-green", "bins"), ("bin-blue", "bins")])
def test_by_day_what_is_permitted_stands_where_it_may(thing: str, zone: str) -> None:
    truth = truth_of(ROOT / "datasets" / "demo" / "kerb-day.json")
    [shape] = [Polygon(z["polygon"]) for z in truth["zones"] if z["id"] == zone]
    width, height = truth["size"]
    for row in truth["frames"]:
        for o in row["objects"]:
            if o["id"] == thing and row["at"] < 10:
                assert shape.covers(Point((o["box"][0] + o["box"][2]) / 2 / width, o["box"][3] / height))
