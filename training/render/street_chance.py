"""What stands in a street for one training picture: stalls and goods first, then rubbish, vehicles and people."""

from typing import Any

import numpy as np

Actors = list[dict[str, Any]]
_CARS = ("sedan", "hatch", "suv", "van", "van", "truck", "bus")
_BINS = ((0.02, 0.16, 0.06), (0.02, 0.07, 0.25), (0.10, 0.10, 0.11), (0.3, 0.03, 0.02))
_COLOURS = ("white", "silver", "black", "red", "blue", "grey", "green", "beige")


def street_chance(rng: np.random.Generator, second: int) -> Actors:
    """Actors that are there in one second only; their ids carry it."""
    places = _Places(rng, second)
    for make in (_vendor, _vendor, _shop_goods, _rubbish, _bins, _cycle):
        if rng.random() < 0.8:
            make(places)
    for _ in range(int(rng.integers(2, 6))):
        _vehicle(places)
    for _ in range(int(rng.integers(2, 7))):
        _person(places)
    return places.actors


class _Places:
    """Slots along the pavements and the carriageway, each used once."""

    def __init__(self, rng: np.random.Generator, second: int) -> None:
        self.rng, self._second = rng, second
        self.actors: Actors = []
        self._pavement = [(float(x), side) for x in np.arange(0.5, 40, 3.9) for side in (1, -1)]
        self._road = [(float(x), y) for x in np.arange(2, 50, 7.5) for y in (3.5, 1.2, -1.8)]
        rng.shuffle(self._pavement)
        rng.shuffle(self._road)
        # what is near is large in the picture: half of all slots are taken from the nearer end
        self._pavement.sort(key=lambda slot: slot[0] + float(rng.uniform(0, 28)), reverse=True)

    def pavement(self) -> tuple[float, float, int]:
        """X, y and side (1 north, -1 south) of a free spot on a pavement."""
        x, side = self._pavement.pop()
        y = self.rng.uniform(5.6, 8.2) if side > 0 else self.rng.uniform(-7.0, -4.8)
        return round(x + float(self.rng.uniform(-0.4, 0.4)), 2), round(float(y), 2), side

    def road(self) -> tuple[float, float]:
        """X and y of a free spot on the carriageway."""
        x, y = self._road.pop()
        return round(x + float(self.rng.uniform(-0.8, 0.8)), 2), y

    def add(self, kind: dict[str, Any], x: float, y: float, facing: float, group: str | None = None) -> str:
        """Put something there; returns its id."""
        name = f"t{self._second}-{len(self.actors)}"
        actor: dict[str, Any] = {"id": name, "kind": kind, "path": [[self._second, x, y], [self._second + 1, x, y]]}
        self.actors.append(actor | {"facing": round(facing, 1)} | ({"group": group} if group else {}))
        return group or name

    def colour(self) -> str:
        """A colour of vehicles."""
        return str(self.rng.choice(_COLOURS))

    def tint(self) -> list[float]:
        """A colour of cloth."""
        return [round(float(v), 2) for v in self.rng.uniform(0.02, 0.6, 3)]

    def seed(self) -> int:
        """A small seed, so that models are shared."""
        return int(self.rng.integers(40))


def _vendor(places: _Places) -> None:
    """A stall of one of six kinds, mostly with its vendor and sometimes a parasol and a customer."""
    x, y, side = places.pavement()
    rng, facing = places.rng, 0.0 if side > 0 else 180.0
    group = f"stall-{x}-{y}-{len(places.actors)}"
    kind = str(rng.choice(["cart", "table", "blanket", "rack", "tricycle", "cart-table"]))
    if kind in ("cart", "cart-table"):
        places.add({"model": "cart"}, x, y, facing, group)
    if kind in ("table", "cart-table"):
        dx = 0.0 if kind == "table" else 2.1
        places.add({"model": "table", "colour": places.tint()}, x + dx, y, facing, group)
        places.add({"model": "goods", "seed": places.seed()}, x + dx, y, facing, group)
    if kind == "blanket":
        length = round(float(rng.uniform(1.4, 3.0)), 1)
        places.add({"model": "blanket", "seed": places.seed(), "length": length}, x, y, facing, group)
    if kind == "rack":
        places.add({"model": "rack", "seed": places.seed(), "length": 1.8}, x, y, facing, group)
    if kind == "tricycle":
        load = {"model": "goods", "seed": places.seed(), "length": 1.4}
        places.add(load, x, y, facing, group)
        places.add(
            {"model": "tricycle", "colour": places.colour(), "load": "fruit", "seed": places.seed()},
            x,
            y + 0.9 * side,
            facing,
        )
    if rng.random() < 0.4:
        places.add({"model": "parasol", "colour": places.tint()}, x, y + 0.35 * side, facing, group)
    if rng.random() < 0.85:
        _someone(places, x + float(rng.uniform(-0.6, 0.6)), y + 0.95 * side, -90.0 * side, apron=True)
    if rng.random() < 0.5:
        _someone(places, x + float(rng.uniform(-0.7, 0.7)), y - 1.35 * side, 90.0 * side)


def _shop_goods(places: _Places) -> None:
    x, _, side = places.pavement()
    length = round(float(places.rng.uniform(1.8, 3.4)), 1)
    y = 8.9 if side > 0 else -7.5
    places.add({"model": "shop-goods", "seed": places.seed(), "length": length}, x, y, 0.0 if side > 0 else 180.0)


def _rubbish(places: _Places) -> None:
    x, y, side = places.pavement()
    count = int(places.rng.integers(1, 4))
    loads = [[-5, round(0.6 * k, 2), round(float(places.rng.uniform(-0.3, 0.3)), 2)] for k in range(count)]
    kind = {"model": "garbage", "loads": loads, "bags": int(places.rng.integers(2, 7)), "seed": places.seed()}
    places.add(kind, x, y - 0.6 * side, 0.0)


def _bins(places: _Places) -> None:
    x, y, side = places.pavement()
    for k in range(int(places.rng.integers(1, 4))):
        colour = [[0.02, 0.16, 0.06], [0.02, 0.07, 0.25], [0.10, 0.10, 0.11], [0.3, 0.03, 0.02]][
            int(places.rng.integers(4))
        ]
        full = bool(places.rng.random() < 0.45)
        places.add({"model": "bin", "colour": colour, "overflowing": full}, round(x + 0.8 * k, 2), y, -90.0 * side)


def _cycle(places: _Places) -> None:
    x, y, _ = places.pavement()
    model = str(places.rng.choice(["bicycle", "tricycle", "scooter"]))
    kind: dict[str, Any] = {"model": model, "colour": places.colour(), "rider": bool(places.rng.random() < 0.3)}
    if model == "tricycle":
        kind |= {"load": str(places.rng.choice(["nothing", "cartons", "bags"])), "seed": places.seed()}
    places.add(kind, x, y, float(places.rng.uniform(0, 360)))


def _vehicle(places: _Places) -> None:
    x, y = places.road()
    shape = str(places.rng.choice(_CARS))
    if shape == "bus" and y == 3.5:
        shape = "sedan"
    facing = (0.0 if y < 0 else 180.0) + float(places.rng.uniform(-4, 4))
    places.add({"model": "vehicle", "shape": shape, "colour": places.colour(), "plate": "京A·00000"}, x, y, facing)


def _person(places: _Places) -> None:
    x, y, _ = places.pavement()
    _someone(places, x, y, float(places.rng.uniform(0, 360)))


def _someone(places: _Places, x: float, y: float, facing: float, *, apron: bool = False) -> None:
    kind: dict[str, Any] = {
        "model": "person",
        "top": places.tint(),
        "bottom": [0.02, 0.03, 0.08],
        "height": round(float(places.rng.uniform(1.52, 1.84)), 2),
        "seed": int(places.rng.integers(12)),
    }
    places.add(kind | ({"apron": [0.7, 0.68, 0.62]} if apron else {}), round(x, 2), round(y, 2), facing)
