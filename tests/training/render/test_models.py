import numpy as np
import pytest

from training.render import garbage, stalls
from training.render.buildings import terrace
from training.render.cycles import bicycle, tricycle
from training.render.geometry import Model
from training.render.paint import CAR_COLOURS, CONCRETE, TRIM
from training.render.people import STEPS, Figure, Posture, person
from training.render.street import Layout, lamp_post, no_parking_sign, street
from training.render.trucks import truck
from training.render.two_wheelers import scooter
from training.render.vegetation import fallen_leaves, tree
from training.render.vehicles import SHAPES, Vehicle, vehicle

FIGURE = Figure(top=(0.4, 0.05, 0.05), bottom=(0.02, 0.03, 0.08), height=1.7)

MODELS = {
    "scooter": lambda: scooter("red", crate=True),
    "bag": lambda: garbage.bag("black", 0.3, 1),
    "load": lambda: garbage.load(3, bags=4),
    "carton": lambda: garbage.carton(0.4, 2),
    "bin": lambda: garbage.bin_body((0.02, 0.16, 0.06)),
    "overflowing bin": lambda: garbage.bin_body((0.02, 0.16, 0.06), overflowing=True),
    "cart": stalls.food_cart,
    "table": lambda: stalls.table((0.1, 0.2, 0.5)),
    "goods": lambda: stalls.goods(1.9, 3),
    "parasol": lambda: stalls.parasol(((0.5, 0, 0), (1, 1, 1))),
    "stool": stalls.stool,
    "blanket": lambda: stalls.blanket(2.0, 1),
    "rack": lambda: stalls.clothes_rack(1.8, 2),
    "shop goods": lambda: stalls.shop_goods(2.4, 3),
    "truck": lambda: truck("white", "京A·00000"),
    "bicycle": lambda: bicycle("red"),
    "tricycle": lambda: tricycle("blue", load="fruit"),
    "terrace": lambda: terrace(2, 2, CONCRETE, 3),
    "tree": lambda: tree(6.0, 2.0, 1, leaves=100),
    "leaves": lambda: fallen_leaves(0, 10, 4.6, 1, 20),
    "lamp": lamp_post,
    "sign": no_parking_sign,
    "junction": lambda: street(Layout(stop_line=4.0, bays=((0, 2, 8, 9),), collection=15.0)),
}


def assert_sound(model: Model) -> None:
    assert model.parts
    for part in model.parts:
        assert np.isfinite(part.vertices).all()
        assert sum(len(g) for g in part.faces) == len(part.paint_of)
        assert part.paint_of.min() >= 0
        assert part.paint_of.max() < len(part.paints)
        for group in part.faces:
            assert group.min() >= 0
            assert group.max() < len(part.vertices)


@pytest.mark.parametrize("name", MODELS)
def test_every_model_is_sound(name: str) -> None:
    assert_sound(MODELS[name]())


@pytest.mark.parametrize("kind", SHAPES)
def test_a_vehicle_has_its_size_and_stands_on_the_ground(kind: str) -> None:
    made = vehicle(Vehicle(kind=kind, colour="silver", plate="京A·00000"))
    assert_sound(made)
    body = made.parts[0].vertices
    assert np.ptp(body[:, 0]) == pytest.approx(SHAPES[kind].length, abs=0.02)
    assert np.ptp(body[:, 1]) == pytest.approx(SHAPES[kind].width, abs=0.06)
    tyres = np.concatenate([p.vertices for p in made.parts[1:] if p.paints[0].rough == 0.85])
    assert tyres[:, 2].min() == pytest.approx(0, abs=0.01)


def test_nobody_sticks_out_of_a_roof() -> None:
    made = vehicle(Vehicle(kind="sedan", colour="white", plate="京A·00000"))
    shell = made.parts[0].vertices
    for part in made.parts[1:]:
        middle = part.vertices[(np.abs(part.vertices[:, 0]) < 1.0) & (np.abs(part.vertices[:, 1]) < 0.7)]
        if len(middle):
            assert middle[:, 2].max() < shell[:, 2].max()


@pytest.mark.parametrize("posture", [Posture.WALK, Posture.STAND, Posture.BEND])
def test_somebody_on_foot_has_their_height_and_stands_on_the_ground(posture: Posture) -> None:
    made = person(FIGURE, posture, detail=0.03)
    assert_sound(made)
    points = made.points()
    assert points[:, 2].min() == pytest.approx(0, abs=1e-9)
    if posture is not Posture.BEND:
        assert points[:, 2].max() == pytest.approx(FIGURE.height, abs=0.08)


@pytest.mark.parametrize("posture", [Posture.SIT, Posture.RIDE])
def test_somebody_seated_is_bent_at_hip_and_knee(posture: Posture) -> None:
    made = person(FIGURE, posture, detail=0.03)
    assert_sound(made)
    assert np.ptp(made.points()[:, 2]) < 0.9 * FIGURE.height
    assert np.ptp(made.points()[:, 0]) > 0.5


def test_a_step_moves_the_legs() -> None:
    spread = [np.ptp(person(FIGURE, Posture.WALK, 2 * np.pi * k / STEPS, detail=0.03).points()[:, 0]) for k in (0, 2)]
    assert spread[1] > spread[0] + 0.2


def test_the_same_seed_gives_the_same_heap_and_another_one_another() -> None:
    first, again, other = (garbage.load(seed).points() for seed in (5, 5, 6))
    assert np.array_equal(first, again)
    assert not np.array_equal(first.shape, other.shape) or not np.allclose(first, other)


def test_all_car_colours_are_albedos() -> None:
    assert all(0 < value < 0.9 for colour in CAR_COLOURS.values() for value in colour)
    assert TRIM.colour[0] < 0.1
