import json
from pathlib import Path
from typing import Any

import pytest

from training.render import truth
from training.render.cast import Player
from training.render.clip import camera_of
from training.render.errors import ScenarioError
from training.render.geometry import Points
from training.render.scenario import Scenario
from training.render.street import PAVEMENT

CAR = {
    "id": "car",
    "kind": {"model": "vehicle", "shape": "hatch", "colour": "red", "plate": "X"},
    "path": [[0, 30, 1.2], [5, 8, 3.6]],
    "stays": True,
}
CART = {
    "id": "cart",
    "group": "stall",
    "kind": {"model": "cart"},
    "path": [[2, 20, 6], [6, 5, 6]],
    "stays": True,
    "facing": 0,
}
PARASOL = {"id": "parasol", "group": "stall", "kind": {"model": "parasol"}, "path": [[9, 3, 6]], "facing": 0}
HEAP = {"id": "heap", "kind": {"model": "garbage", "loads": [[3, 0, 0], [8, 0.6, 0]]}, "path": [[3, 2, -5]]}
LAMP = {"id": "lamp", "kind": {"model": "signal", "green_at": 10}, "path": [[0, 4, 1.4]]}
WALKER = {
    "id": "walker",
    "kind": {"model": "person", "top": [1, 0, 0], "bottom": [0, 0, 1]},
    "path": [[0, 12, 7], [10, 0, 7]],
}


def plan(*actors: dict[str, Any], dwell: float = 10) -> Scenario:
    return Scenario.model_validate(
        {
            "name": "plan",
            "about": "test",
            "start": "2026-05-14T15:42:00+08:00",
            "seconds": 30,
            "fps": 2,
            "camera": {"label": "CAM", "at": [-9.5, -3.9, 5.7], "look": [7, 3, 0], "fov": 64},
            "zones": [
                {"id": "kerb", "kind": "no_parking", "dwell": dwell, "polygon": [[0, 2], [20, 2], [20, 5], [0, 5]]},
                {"id": "pavement", "kind": "no_stalls", "dwell": dwell, "polygon": [[0, 5], [20, 5], [20, 9], [0, 9]]},
            ],
            "actors": list(actors),
            "expected": [{"kind": "illegal_parking", "object": "car", "zone": "kerb"}] if CAR in actors else [],
        }
    )


def groups_of(scenario: Scenario) -> truth.Groups:
    return truth.Groups([Player(actor) for actor in scenario.actors])


def all_seen(actor: str, points: Points) -> float:
    return 1.0


def objects(scenario: Scenario, at: float) -> dict[str, dict[str, Any]]:
    rows = truth.objects_at(scenario, groups_of(scenario), camera_of(scenario), at, all_seen)
    return {row["id"]: row for row in rows}


def test_a_finding_is_due_a_dwell_after_the_car_stands() -> None:
    scenario = plan(CAR)
    [row] = truth.due(scenario, groups_of(scenario))
    assert row["since"] == pytest.approx(5.0, abs=0.2)
    assert row["due"] == pytest.approx(row["since"] + 10)


def test_a_finding_that_cannot_come_is_refused() -> None:
    scenario = plan(CAR, dwell=28)
    with pytest.raises(ScenarioError, match="long enough"):
        truth.due(scenario, groups_of(scenario))


def test_a_stall_is_one_thing_that_stands_since_its_cart_stands() -> None:
    scenario = plan(CART, PARASOL)
    moving, standing, complete = (objects(scenario, at)["stall"] for at in (4.0, 7.0, 12.0))
    assert moving["still_since"] is None
    assert standing["still_since"] == complete["still_since"] == pytest.approx(6.0, abs=0.2)
    assert complete["box"][0] < standing["box"][0]
    assert complete["zones"] == ["pavement"]


def test_a_heap_grows_and_counts_from_its_first_load() -> None:
    scenario = plan(HEAP)
    assert "heap" not in objects(scenario, 2.0)
    small, large = (objects(scenario, at)["heap"] for at in (4.0, 9.0))
    assert large["still_since"] == small["still_since"] == 3.0
    assert large["box"][2] - large["box"][0] > small["box"][2] - small["box"][0]


def test_a_signal_changes_and_is_no_object() -> None:
    scenario = plan(LAMP)
    lamp = Player(scenario.actors[0])
    assert (lamp.variant(9.9), lamp.variant(10.0)) == ("red", "green")
    assert objects(scenario, 5.0) == {}


def test_who_walks_takes_steps_and_leaves_at_the_end() -> None:
    walker = Player(plan(WALKER).actors[0])
    assert {walker.variant(t / 4) for t in range(1, 39)} >= {f"walk{k}" for k in range(8)}
    assert walker.present(9.9)
    assert not walker.present(10.0)


def test_visibility_is_weighed_over_the_parts() -> None:
    scenario = plan(CART, PARASOL)

    def only_the_cart(actor: str, points: Points) -> float:
        return float(actor == "cart")

    [row] = truth.objects_at(scenario, groups_of(scenario), camera_of(scenario), 12.0, only_the_cart)
    assert 0 < row["visible"] < 1


def test_the_written_truth_is_json_with_one_picture_to_a_line(tmp_path: Path) -> None:
    scenario = plan(CAR)
    groups = groups_of(scenario)
    head = truth.header(scenario, groups, camera_of(scenario))
    path = tmp_path / "plan.json"
    truth.write(path, head, [{"at": 0.0, "objects": []}, {"at": 0.5, "objects": []}])
    text = path.read_text(encoding="utf-8")
    assert json.loads(text) == head | {"frames": [{"at": 0.0, "objects": []}, {"at": 0.5, "objects": []}]}
    assert sum('"at"' in line for line in text.splitlines()) == 2


def test_everything_stands_on_what_is_under_it() -> None:
    walker = Player(plan(WALKER | {"path": [[0, 5, 7], [10, 5, 0]]}).actors[0])
    assert walker.matrix(1.0)[2, 3] == PAVEMENT
    assert walker.matrix(9.0)[2, 3] == 0.0
    assert Player(plan(LAMP | {"height": 5.0}).actors[0]).matrix(1.0)[2, 3] == 5.0
