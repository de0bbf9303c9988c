import math
from collections import Counter

import numpy as np
import pytest

from training.render.geometry import Model, box, floor, gather, lathe, place, sheet, tube
from training.render.noise import ball, ripples
from training.render.paint import TRIM
from training.render.surface_nets import surface_nets


def edges_of(model: Model) -> Counter[tuple[int, int]]:
    edges: Counter[tuple[int, int]] = Counter()
    for part in model.parts:
        for group in part.faces:
            for face in group.tolist():
                edges.update((a, b) for a, b in zip(face, face[1:] + face[:1], strict=True))
    return edges


def is_closed(model: Model) -> bool:
    edges = edges_of(model)
    return all(edges[b, a] == n == 1 for (a, b), n in edges.items())


def volume(model: Model) -> float:
    total = 0.0
    for part in model.parts:
        for group in part.faces:
            corners = part.vertices[group]
            for k in range(1, group.shape[1] - 1):
                total += np.linalg.det(np.stack([corners[:, 0], corners[:, k], corners[:, k + 1]], 1)).sum() / 6
    return float(total)


@pytest.mark.parametrize("bevel", [0.0, 0.05])
def test_a_box_has_its_size_is_closed_and_looks_outward(bevel: float) -> None:
    made = box((1, 2, 3), (2.0, 1.0, 0.5), TRIM, bevel=bevel)
    points = made.points()
    assert np.allclose(points.min(0), (0, 1.5, 2.75))
    assert np.allclose(points.max(0), (2, 2.5, 3.25))
    assert is_closed(made)
    full = 2.0 * 1.0 * 0.5
    assert volume(made) == pytest.approx(full, rel=0.03 if bevel else 1e-9)
    if bevel:
        assert volume(made) < full


def test_a_bevel_never_turns_a_thin_box_inside_out() -> None:
    made = box((0, 0, 0), (1, 1, 0.02), TRIM, bevel=0.5)
    assert np.ptp(made.points()[:, 2]) == pytest.approx(0.02)
    assert volume(made) > 0


def test_a_tube_is_closed_and_as_long_as_its_path() -> None:
    made = tube([(0, 0, 0), (0, 0, 2)], 0.1, TRIM, sides=24)
    assert is_closed(made)
    assert abs(volume(made)) == pytest.approx(math.pi * 0.01 * 2, rel=0.02)


@pytest.mark.parametrize(("axis", "size"), [("x", (1, 0.4, 0.4)), ("y", (0.4, 1, 0.4)), ("z", (0.4, 0.4, 1))])
def test_a_lathe_turns_about_its_axis(axis: str, size: tuple[float, float, float]) -> None:
    made = lathe([(0.2, 0), (0.2, 1)], TRIM, sides=16, axis=axis)
    assert np.allclose(np.ptp(made.points(), axis=0), size)


def test_place_scales_then_turns_then_moves() -> None:
    moved = gather([sheet([(1, 0, 0), (2, 0, 0), (2, 1, 0)], TRIM)]).moved(place((10, 0, 0), math.pi / 2, scale=2))
    assert np.allclose(moved.points(), [(10, 2, 0), (10, 4, 0), (8, 4, 0)])


def test_a_floor_faces_up() -> None:
    corners = floor(0, 2, 0, 1, 0.5, TRIM).points()
    assert np.cross(corners[1] - corners[0], corners[2] - corners[0])[2] > 0


def test_a_ball_is_round_and_has_four_times_the_faces_each_time() -> None:
    points, faces = ball(3)
    assert len(faces) == 8 * 4**3
    assert np.allclose(np.linalg.norm(points, axis=1), 1)
    assert len(np.unique(points.round(9), axis=0)) == len(points)


def test_ripples_depend_on_the_seed_only() -> None:
    points, _ = ball(2)
    first, again, other = (ripples(points, np.random.default_rng(seed), 0.5) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.allclose(first, other)


def test_surface_nets_find_a_sphere_closed_and_outward() -> None:
    step, origin = 0.05, np.array([-1.0, -1.0, -1.0])
    grid = np.stack(np.meshgrid(*[np.arange(-1, 1.0001, step)] * 3, indexing="ij"), -1)
    vertices, faces = surface_nets(np.linalg.norm(grid, axis=-1) - 0.6, origin, step)
    assert np.allclose(np.linalg.norm(vertices, axis=1), 0.6, atol=step / 4)
    assert (faces >= 0).all()
    corners = vertices[faces]
    normals = np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1])
    assert ((normals * corners.mean(1)).sum(1) > 0).all()
    pairs = Counter((a, b) for face in faces.tolist() for a, b in zip(face, face[1:] + face[:1], strict=True))
    assert all(pairs[b, a] == n == 1 for (a, b), n in pairs.items())
