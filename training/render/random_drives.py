"""Patrol drives by chance: other streets, cameras and receivers for every seed, for figures over many drives."""

import math
from typing import Any

import numpy as np

from training.render.drive import Drive

_SHAPES = ("sedan", "hatch", "suv", "van")
_COLOURS = ("white", "silver", "black", "red", "blue", "grey")
_KERB, _CURB_Y, _LANE_Y = [2.3, 4.75], 3.5, 1.2
_PAVEMENT = [4.75, 9.5]


def random_drive(seed: int, *, passes: int = 3) -> Drive:
    """A street with 2-4 parked cars, rubbish, perhaps a stall, traffic and a waiting queue; the same for the same seed.

    Everything that stands is a finding that must come, except bins, a scooter in its bay, and what waits or drives.

    Args:
        seed: picks everything, the camera's mounting and the receiver's errors included.
        passes: how often the vehicle comes by, 15 minutes apart.
    """
    rng = np.random.default_rng(seed)
    count = int(rng.integers(2, 5))
    spots = rng.permutation(_spots(rng, count + int(rng.integers(2, 4)), 14, 70, 8.0)).tolist()
    cars = [_parked(rng, k, x) for k, x in enumerate(spots[:count])]
    heaps = [_heap(rng, k, x) for k, x in enumerate(spots[count:])]
    stall = _stall(rng) if rng.random() < 0.7 else []
    runs = [_pass(rng, k) for k in range(passes)]
    traffic = [actor for k, run in enumerate(runs) for actor in _traffic(rng, k, run["starts"])]
    expected = [{"kind": "exposed_garbage", "object": heap["id"], "zone": "clean"} for heap in heaps]
    if passes > 1:
        expected += [{"kind": "illegal_parking", "object": car["id"], "zone": "kerb"} for car in cars]
    if stall:
        expected.append({"kind": "stall_encroachment", "object": "stall", "zone": "pavement"})
    return Drive.model_validate(
        {
            "name": f"random-{seed}",
            "about": f"A drive by chance, seed {seed}.",
            "start": "2026-05-14T15:20:00+08:00",
            "seconds": 900 * passes + 100,
            "fps": 2,
            "seed": seed,
            "place": {"lat": 31.2304, "lon": 121.4737, "bearing": round(float(rng.uniform(0, 359)), 1)},
            "camera": _camera(rng),
            "gps": _gps(rng),
            "due": {"seen": 0.35},
            "zones": [
                {"id": "kerb", "kind": "no_parking", "polygon": _strip(*_KERB)},
                {"id": "pavement", "kind": "no_stalls", "raised": True, "polygon": _strip(*_PAVEMENT)},
                {"id": "clean", "kind": "keep_clean", "raised": True, "polygon": _strip(*_PAVEMENT)},
            ],
            "passes": runs,
            "actors": [*cars, *heaps, *stall, *_innocent(rng), *traffic],
            "expected": expected,
        }
    )


def _strip(low: float, high: float) -> list[list[float]]:
    return [[-25.0, low], [90.0, low], [90.0, high], [-25.0, high]]


def _spots(rng: np.random.Generator, count: int, low: float, high: float, apart: float) -> list[float]:
    """Places along the street, at least `apart` metres from each other."""
    free = (high - low) - apart * (count - 1)
    return [low + float(v) + apart * k for k, v in enumerate(np.sort(rng.uniform(0, free, count)))]


def _camera(rng: np.random.Generator) -> dict[str, Any]:
    return {
        "label": "PATROL",
        "height": round(float(rng.uniform(1.2, 2.4)), 2),
        "pitch": round(float(rng.uniform(-8, -1)), 2),
        "yaw": round(float(rng.uniform(0, 25)), 1),
        "fov": round(float(rng.uniform(60, 90)), 1),
        "width": 1280,
        "height_px": 720,
    }


def _gps(rng: np.random.Generator) -> dict[str, Any]:
    return {
        "hz": int(rng.choice([1, 5, 10])),
        "drift": round(float(rng.uniform(0.4, 1.5)), 2),
        "jitter": round(float(rng.uniform(0.1, 0.5)), 2),
        "outliers": float(rng.choice([0.0, 0.0, 0.01])),
        "offset": round(float(rng.choice([0.0, 0.0, rng.uniform(-0.5, 0.5)])), 2),
    }


def _pass(rng: np.random.Generator, number: int) -> dict[str, Any]:
    speed, y = float(rng.uniform(4, 9)), _LANE_Y + float(rng.uniform(-0.2, 0.2))
    slow, middle = float(rng.uniform(0.6, 1.0)), float(rng.uniform(20, 50))
    first = (82 - middle) / speed
    second = first + (middle + 18) / (speed * slow)
    path = [[0.0, 82.0, y], [round(first, 2), middle, y], [math.ceil(second), -18.0, y]]
    return {"starts": 30 + 900 * number, "seed": number, "path": path}


def _parked(rng: np.random.Generator, number: int, x: float) -> dict[str, Any]:
    kind = {"model": "vehicle", "shape": str(rng.choice(_SHAPES)), "colour": str(rng.choice(_COLOURS)), "plate": "X"}
    return {
        "id": f"parked-{number}",
        "kind": kind,
        "path": [[-600, round(x, 2), _CURB_Y]],
        "facing": 180 + float(rng.uniform(-4, 4)),
    }


def _heap(rng: np.random.Generator, number: int, x: float) -> dict[str, Any]:
    kind = {"model": "garbage", "loads": [[-500, 0, 0], [-480, 0.6, 0.2]], "bags": 4, "seed": int(rng.integers(6))}
    return {"id": f"heap-{number}", "kind": kind, "path": [[-500, round(x, 2), round(float(rng.uniform(5.2, 6.8)), 2)]]}


def _stall(rng: np.random.Generator) -> list[dict[str, Any]]:
    x, y = round(float(rng.uniform(0, 8)), 2), round(float(rng.uniform(6.0, 7.4)), 2)
    parts = (("cart", 2.3, 0.0), ("table", 0.0, 0.0), ("goods", 0.0, 0.0))
    shared: dict[str, Any] = {"group": "stall", "facing": 0}
    return [
        shared | {"id": f"stall-{name}", "kind": {"model": name}, "path": [[-400, x + dx, y + dy]]}
        for name, dx, dy in parts
    ]


def _innocent(rng: np.random.Generator) -> list[dict[str, Any]]:
    x = round(float(rng.uniform(20, 50)), 1)
    person = {"model": "person", "top": [0.4, 0.05, 0.05], "bottom": [0.02, 0.03, 0.08], "height": 1.68, "seed": 1}
    return [
        {"id": "bin", "kind": {"model": "bin", "colour": [0.02, 0.16, 0.06]}, "path": [[-5, x, 8.8]], "facing": -90},
        {"id": "scooter", "kind": {"model": "scooter", "colour": "black"}, "path": [[-5, x - 7, 8.6]], "facing": 100},
        {"id": "walker", "kind": person, "path": [[25, x + 20, 7.4], [60, x - 10, 7.6]]},
    ]


def _traffic(rng: np.random.Generator, number: int, starts: float) -> list[dict[str, Any]]:
    """Somebody drives ahead and waits at a light beyond the street, somebody comes the other way."""
    a, b = (
        {"model": "vehicle", "shape": str(rng.choice(_SHAPES)), "colour": str(rng.choice(_COLOURS)), "plate": "X"}
        for _ in range(2)
    )
    queue = [[starts - 2, 66, 1.2], [starts + 6, -20, 1.2], [starts + 8, -28, 1.2], [starts + 40, -28, 1.2]]
    return [
        {"id": f"queues-{number}", "kind": a, "path": queue},
        {"id": f"oncoming-{number}", "kind": b, "path": [[starts + 2, -26, -1.8], [starts + 11, 70, -1.8]]},
    ]
