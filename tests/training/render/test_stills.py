"""Training pictures: what stands where, and which labels it gets. Nothing is rendered here."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from training.cli import build_app
from training.render import truth
from training.render.cast import Player
from training.render.dry_sight import DrySight
from training.render.scenario import Conditions
from training.render.stills import CLASSES, LEAST_SEEN, SIZE_WH, VIEWS, batch, label_rows
from training.render.weather import conditioned
from training.sources import read_sources

ROOT = Path(__file__).resolve().parents[3]


def test_classes_are_those_of_the_street_data() -> None:
    assert read_sources(ROOT / "datasets" / "street" / "sources.yaml").classes == CLASSES


def test_the_same_seed_gives_the_same_streets_and_another_seed_others() -> None:
    assert batch(5, 3) == batch(5, 3)
    assert batch(5, 3).plan.actors != batch(6, 3).plan.actors


def test_every_second_has_its_own_things() -> None:
    made = batch(2, 4 * VIEWS)
    assert len(made.cameras) == len(set(made.cameras)) == 4 * VIEWS
    players = [Player(actor, thin=True) for actor in made.plan.actors]
    shown = [{p.actor.id for p in players if p.present(k + 0.5)} for k in range(4)]
    assert all(shown)
    assert sum(len(ids) for ids in shown) == len(set().union(*shown)) == len(players)


def test_stalls_come_first_and_every_class_comes() -> None:
    classes = Counter[str]()
    for seed in range(12):
        players = [Player(actor, thin=True) for actor in batch(seed, 5 * VIEWS).plan.actors]
        groups = truth.Groups(players)
        classes.update(groups.class_of(name) for name in groups.names())
    assert set(classes) == set(CLASSES)
    assert classes["stall"] > 12 * 5


def test_labels_are_what_can_be_seen_in_fractions_of_the_picture() -> None:
    made = batch(3, 1)
    players = [Player(actor, thin=True) for actor in made.plan.actors]
    groups, sight = truth.Groups(players), DrySight(players)
    sight.show(made.cameras[0], 0.5)
    things = truth.objects_at(made.plan, groups, made.cameras[0], 0.5, sight)
    classes = {name: groups.class_of(name) for name in groups.names()}
    rows = np.array([[float(v) for v in row.split()] for row in label_rows(things, classes)])
    assert len(rows) >= 3
    assert (rows[:, 1:] >= 0).all()
    assert (rows[:, 1:] <= 1).all()
    sure = [t for t in things if t["visible"] >= LEAST_SEEN and t["box"][3] - t["box"][1] >= 0.02 * SIZE_WH[1]]
    assert len(sure) <= len(rows) <= len(things)
    assert CLASSES[int(rows[0, 0])] in {classes[t["id"]] for t in things}


@pytest.mark.parametrize("seen", [LEAST_SEEN - 0.01, LEAST_SEEN])
def test_what_is_all_but_hidden_has_no_label(seen: float) -> None:
    thing = {"id": "a", "box": [10.0, 10.0, 60.0, 60.0], "visible": seen}
    assert len(label_rows([thing], {"a": "stall"})) == (seen >= LEAST_SEEN)


def test_a_near_thing_that_the_edge_cuts_off_has_one() -> None:
    thing = {"id": "a", "box": [0.0, 280.0, 230.0, 384.0], "visible": 0.2}
    assert label_rows([thing], {"a": "car"}) == ["0 0.17969 0.86458 0.35938 0.27083"]
    assert label_rows([thing | {"box": [10.0, 280.0, 230.0, 380.0]}], {"a": "car"}) == []


def test_without_scenario_or_stills_there_is_nothing_to_render(tmp_path: Path) -> None:
    ran = CliRunner().invoke(build_app("render"), ["render", "--out", str(tmp_path)])
    assert ran.exit_code == 2
    assert "name a scenario file" in ran.stderr


def test_conditions_change_light_and_colour_and_no_place() -> None:
    picture = np.zeros((90, 160, 3), np.uint8)
    picture[30:60, 40:80] = (200, 100, 50)
    rng = np.random.default_rng(1)
    dark = conditioned(picture, Conditions(brightness=((0, 1.0), (10, 0.5))), 10.0, rng)
    assert dark[40, 50].tolist() == [100, 50, 25]
    grey = conditioned(picture, Conditions(infrared=((5, 20),)), 10.0, rng)
    assert len(set(grey[40, 50].tolist())) == 1
    rainy = conditioned(picture, Conditions(rain=1.0), 0.0, rng)
    assert rainy[0:20].mean() > 30
    assert np.array_equal(conditioned(picture, Conditions(), 3.0, rng), picture)
