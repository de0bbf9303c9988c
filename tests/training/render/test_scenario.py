from pathlib import Path
from typing import Any

import pytest
import yaml

from training.render.errors import ScenarioError
from training.render.reading import load

ROOT = Path(__file__).resolve().parents[3]
SCENARIOS = sorted((ROOT / "datasets" / "scenarios").glob("*.yaml"))
PLAIN: dict[str, Any] = {
    "name": "plain",
    "about": "a car stands at the kerb",
    "start": "2026-05-14T15:42:00+08:00",
    "seconds": 30,
    "fps": 2,
    "camera": {"label": "CAM", "at": [-9.5, -3.9, 5.7], "look": [7, 3, 0], "fov": 64},
    "zones": [{"id": "kerb", "kind": "no_parking", "dwell": 10, "polygon": [[0, 2], [20, 2], [20, 5], [0, 5]]}],
    "actors": [
        {
            "id": "car",
            "kind": {"model": "vehicle", "shape": "hatch", "colour": "red", "plate": "X"},
            "path": [[0, 30, 1.2], [5, 8, 3.6]],
            "stays": True,
        }
    ],
    "expected": [{"kind": "illegal_parking", "object": "car", "zone": "kerb"}],
}


def written(folder: Path, **changes: Any) -> Path:
    path = folder / "plain.yaml"
    path.write_text(yaml.safe_dump(PLAIN | changes, allow_unicode=True), encoding="utf-8")
    return path


def test_a_plain_scenario_is_read(tmp_path: Path) -> None:
    scenario = load(written(tmp_path))
    assert scenario.frames() == 60
    assert scenario.actors[0].path[-1] == (5.0, 8.0, 3.6)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda p: p.stem)
def test_shipped_scenarios_are_read_and_named_like_their_file(path: Path) -> None:
    assert load(path).name == path.stem


CAR = PLAIN["actors"][0]
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "unknown key": ({"colour": 1}, "colour"),
    "naive start": ({"start": "2026-05-14T15:42:00"}, "start"),
    "not a number": ({"seconds": float("nan")}, "seconds"),
    "unknown colour": ({"actors": [CAR | {"kind": CAR["kind"] | {"colour": "pink"}}]}, "colour"),
    "unknown shape": ({"actors": [CAR | {"kind": CAR["kind"] | {"shape": "tank"}}]}, "shape"),
    "time runs back": ({"actors": [CAR | {"path": [[5, 0, 0], [4, 1, 0]]}]}, "rising"),
    "twice the same id": ({"actors": [CAR, CAR]}, "same id"),
    "unknown object": ({"expected": [{"kind": "illegal_parking", "object": "bus", "zone": "kerb"}]}, "bus"),
    "no dwell": ({"zones": [{k: v for k, v in PLAIN["zones"][0].items() if k != "dwell"}]}, "dwell"),
    "odd width": ({"camera": PLAIN["camera"] | {"width": 641}}, "width"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_scenario_is_one_sentence_that_names_the_place(name: str, tmp_path: Path) -> None:
    changes, named = WRONG[name]
    with pytest.raises(ScenarioError, match=named) as caught:
        load(written(tmp_path, **changes))
    assert "\n" not in str(caught.value)


def test_a_missing_or_broken_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="Cannot read"):
        load(tmp_path / "nothing.yaml")
    broken = tmp_path / "broken.yaml"
    broken.write_text("a: [1\nb: 2", encoding="utf-8")
    with pytest.raises(ScenarioError, match="not YAML") as caught:
        load(broken)
    assert "\n" not in str(caught.value)
