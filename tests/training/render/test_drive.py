"""Patrol drives: what the camera, the receiver and the truth say fits together. Nothing is rendered here."""

import csv
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from shapely.geometry import Point, Polygon

from inference.geo import LatLon
from training.render.cast import Player
from training.render.drive import Drive, Ride
from training.render.drive_clip import dry_drive
from training.render.dry_sight import DrySight
from training.render.errors import ScenarioError
from training.render.geometry import apply
from training.render.gps import COLUMNS, fixes
from training.render.random_drives import random_drive
from training.render.reading import load, load_any, load_drive

SCENARIOS = Path(__file__).resolve().parents[3] / "datasets" / "scenarios"
CAR: dict[str, Any] = {
    "id": "car",
    "kind": {"model": "vehicle", "shape": "hatch", "colour": "red", "plate": "X"},
    "path": [[-600, 30, 3.5]],
    "facing": 180,
}
BIN: dict[str, Any] = {"id": "bin", "kind": {"model": "bin", "colour": [0, 0, 0]}, "path": [[-5, 24, 6]], "facing": 0}
PLAN: dict[str, Any] = {
    "name": "plan",
    "about": "test",
    "start": "2026-05-14T15:20:00+08:00",
    "seconds": 1000,
    "fps": 2,
    "place": {"lat": 31.23, "lon": 121.47, "bearing": 90},
    "camera": {"label": "P", "pitch": -4, "yaw": 10, "shake": 0},
    "zones": [{"id": "kerb", "kind": "no_parking", "polygon": [[0, 2.3], [60, 2.3], [60, 4.75], [0, 4.75]]}],
    "passes": [
        {"starts": 10, "path": [[0, 60, 1.2], [10, 10, 1.2]]},
        {"starts": 900, "seed": 1, "path": [[0, 60, 1.2], [10, 10, 1.2]]},
    ],
    "actors": [CAR, BIN],
    "expected": [{"kind": "illegal_parking", "object": "car", "zone": "kerb"}],
}


def plan(**changes: Any) -> Drive:
    return Drive.model_validate(PLAN | changes)


def quiet(done: int, total: int) -> None:
    assert 0 < done <= total


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drive")
    dry_drive(plan(), folder, quiet)
    return folder


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def test_a_drive_leaves_a_track_and_a_truth_for_each_pass(written: Path) -> None:
    whole, track = read(written / "drive.json"), list[dict[str, str]]()
    assert [row["clip"] for row in whole["passes"]] == ["pass-1.mp4", "pass-2.mp4"]
    for row in whole["passes"]:
        assert len(read(written / row["clip"].replace("mp4", "json"))["frames"]) == 20
        with (written / row["track"]).open(encoding="utf-8") as file:
            track = list(csv.DictReader(file))
        assert tuple(track[0]) == COLUMNS
        assert len(track) == 51
        assert track[1]["t_s"] == "0.200"
    assert track[0]["gps_utc"] == "260514073500.000"


def test_parking_is_due_when_a_later_pass_sees_it_again(written: Path) -> None:
    whole = read(written / "drive.json")
    [finding] = whole["findings"]
    assert finding["due_in_pass"] == 2
    car, wheelie = whole["sites"]
    assert (car["id"], car["passes"]) == ("car", [1, 2])
    assert finding["lat_lon"] == car["lat_lon"]
    assert wheelie["zones"] == []
    assert Polygon(car["footprint"]).covers(Point(car["lat_lon"]))


def test_in_a_no_stopping_zone_one_pass_is_enough(tmp_path: Path) -> None:
    dry_drive(plan(due={"no_stopping": ["kerb"]}), tmp_path, quiet)
    [finding] = read(tmp_path / "drive.json")["findings"]
    assert finding["due_in_pass"] == 1


def test_who_is_seen_once_is_not_due(tmp_path: Path) -> None:
    gone = CAR | {"path": [[-600, 30, 3.5], [500, 30, 3.5]]}
    with pytest.raises(ScenarioError, match="'car' is not seen in 'kerb' often enough"):
        dry_drive(plan(actors=[gone]), tmp_path, quiet)


def test_the_ground_point_is_recovered_from_pose_and_pixel(written: Path) -> None:
    """The truth alone gives the place back: a ray through the box's foot meets the ground beside the car."""
    drive = plan()
    whole, street = read(written / "drive.json"), drive.place.whereabouts()
    width, height = whole["size"]
    focal = width / 2 / math.tan(math.radians(whole["camera"]["fov"]) / 2)
    near = 0
    for row in read(written / "pass-1.json")["frames"]:
        for thing in row["objects"]:
            x0, _, x1, y1 = thing["box"]
            if thing["id"] != "car" or x1 >= width or y1 >= height or not 8 < thing["metres"] < 25:
                continue
            pose = row["camera"]
            down = math.radians(-pose["pitch"]) + math.atan((y1 - height / 2) / focal)
            ahead = pose["height"] / math.tan(down)
            aside = (x0 + x1 - width) / 2 / focal * math.hypot(ahead, pose["height"]) / math.hypot(
                1, (y1 - height / 2) / focal
            )  # fmt: skip
            x, y = street.plan(LatLon(lat=pose["lat"], lon=pose["lon"]))
            heading = math.radians(street.bearing - pose["heading"])
            place = (
                x + ahead * math.cos(heading) + aside * math.sin(heading),
                y + ahead * math.sin(heading) - aside * math.cos(heading),
            )
            assert math.dist(place, thing["ground"]) < 3.2  # the foot is the near end of a car of 4 m
            near += 1
    assert near >= 3


def test_receiver_errors_are_as_large_as_stated() -> None:
    drive = plan(gps={"hz": 2, "drift": 2.0, "drift_seconds": 0.5, "jitter": 0.5, "offset": 0.3})
    street, distances = drive.place.whereabouts(), list[float]()
    for seed in range(16):
        run = drive.passes[0].model_copy(update={"seed": seed})
        ride = Ride(drive, run)
        for fix in fixes(drive, run):
            distances.append(fix.place.metres_to(street.at(*ride.place(fix.t - 0.3))))
    rms = float(np.sqrt(np.mean(np.square(distances))))
    assert rms == pytest.approx(math.sqrt(2 * (2.0**2 + 0.5**2)), rel=0.1)


def test_gaps_have_no_fixes_and_outliers_jump() -> None:
    drive = plan(gps={"hz": 5, "drift": 0, "jitter": 0, "outliers": 0.5, "outlier_metres": 60, "gaps": [[2, 4]]})
    rows = fixes(drive, drive.passes[0])
    street, ride = drive.place.whereabouts(), Ride(drive, drive.passes[0])
    assert not [fix for fix in rows if 2 <= fix.t < 4]
    away = [round(fix.place.metres_to(street.at(*ride.place(fix.t)))) for fix in rows]
    assert set(away) == {0, 60}


def test_the_same_seed_gives_the_same_track_and_another_pass_another() -> None:
    drive = plan()
    assert fixes(drive, drive.passes[0]) == fixes(drive, drive.passes[0])
    first, second = (fixes(drive, run)[0].place for run in drive.passes)
    assert first != second


def test_who_stands_does_not_sway_and_drives_at_its_speed() -> None:
    moving = [[0, 60, 1.2], [4, 40, 1.2], [9, 40, 1.2], [14, 20, 1.2]]
    drive = plan(camera={"label": "P", "shake": 1.0}, passes=[{"starts": 10, "path": moving}], expected=[])
    ride = Ride(drive, drive.passes[0])
    assert ride.aim(6.0) == ride.aim(7.0)
    assert ride.aim(1.0) != ride.aim(1.5)
    assert ride.speed(7.0) == 0
    assert ride.speed(0.0) == pytest.approx(5.0, rel=0.5)
    assert ride.course(7.0) == pytest.approx(math.pi)


def test_what_stands_in_front_hides_what_is_behind() -> None:
    actors = [
        CAR | {"path": [[-5, 30, 1.2]]},
        BIN | {"path": [[-5, 24, 1.2]]},
        BIN | {"id": "free", "path": [[-5, 24, 6]]},
    ]
    drive = plan(actors=actors, expected=[])
    players = [Player(actor, thin=True) for actor in drive.actors]
    sight = DrySight(players)
    sight.show(Ride(drive, drive.passes[0]).camera(0.0), 10.0)
    seen = {p.actor.id: sight(p.actor.id, apply(p.matrix(10.0), p.points("only"))) for p in players}
    assert seen["car"] > 0.9
    assert seen["bin"] < 0.2
    assert seen["free"] > 0.9


def test_thin_models_have_the_same_boxes() -> None:
    drive = load_drive(SCENARIOS / "drives" / "patrol-day.yaml")
    camera = Ride(drive, drive.passes[0]).camera(2.0)
    for actor in drive.actors:
        if actor.id not in ("parked-red", "bin-green", "cart", "bay-scooter"):
            continue
        full, thin = (
            camera.box(apply(p.matrix(32.0), p.points("only"))) for p in (Player(actor), Player(actor, thin=True))
        )
        assert full == pytest.approx(thin, abs=0.34)


@pytest.mark.parametrize("seed", [1, 2])
def test_drives_by_chance_are_whole_and_repeat(seed: int) -> None:
    drive = random_drive(seed)
    assert drive == random_drive(seed)
    assert drive != random_drive(seed + 100)
    assert len(drive.passes) == 3
    assert {due.kind for due in drive.expected} >= {"illegal_parking", "exposed_garbage"}


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "passes overlap": ({"passes": [PLAN["passes"][0], PLAN["passes"][0]]}, "before the one before it has ended"),
    "too late": ({"seconds": 905}, "after the scenario"),
    "not from 0": ({"passes": [{"starts": 0, "path": [[1, 0, 0], [2, 5, 0]]}]}, "second 0"),
    "unknown key": ({"camera": {"label": "P", "zoom": 2}}, "zoom"),
    "no passes": ({"passes": []}, "passes"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_drive_is_one_sentence(name: str, tmp_path: Path) -> None:
    changes, said = WRONG[name]
    path = tmp_path / "drive.yaml"
    path.write_text(json.dumps(PLAN | changes), encoding="utf-8")
    with pytest.raises(ScenarioError, match=said) as caught:
        load_any(path)
    assert "\n" not in str(caught.value)


def test_the_two_kinds_of_scenario_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="is a patrol drive"):
        load(SCENARIOS / "drives" / "patrol-day.yaml")
    with pytest.raises(ScenarioError, match="has a fixed camera"):
        load_drive(SCENARIOS / "kerb-day.yaml")
    listed = tmp_path / "list.yaml"
    listed.write_text("[1, 2]", encoding="utf-8")
    with pytest.raises(ScenarioError, match="must be a mapping"):
        load_any(listed)
