import numpy as np
import pytest

from inference.frame import ImageBGR
from training.weather import EFFECTS, Effect, Weather, compression, distance, glare, night, rain


@pytest.fixture
def street() -> ImageBGR:
    """A grey street with a checkerboard of detail."""
    rows, columns = np.indices((90, 160))
    grey = np.where((rows // 2 + columns // 2) % 2, 150, 90).astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=2)


def _detail(pixels: ImageBGR) -> float:
    return float(np.abs(np.diff(pixels.astype(np.float64), axis=1)).mean())


@pytest.mark.parametrize("effect", list(EFFECTS), ids=lambda effect: effect.__name__)
def test_an_effect_changes_the_pixels_not_the_shape_and_not_its_input(effect: Effect, street: ImageBGR) -> None:
    before = street.copy()
    seen = effect(street, np.random.default_rng(1))
    assert (seen.shape, seen.dtype) == (street.shape, street.dtype)
    assert (street == before).all()
    assert (seen != before).any()


def test_each_effect_does_what_it_is_called(street: ImageBGR) -> None:
    rng = np.random.default_rng(2)
    assert night(street, rng).mean() < 0.7 * street.mean()
    assert glare(street, rng).max() > street.max()
    assert _detail(distance(street, rng)) < 0.7 * _detail(street)
    assert _detail(rain(street // 2 * 0 + 100, rng)) > 0  # streaks on an even wall
    assert np.unique(compression(street, rng)).size > np.unique(street).size


def test_the_same_seed_is_the_same_weather_and_most_pictures_stay_clear(street: ImageBGR) -> None:
    one, other = Weather(np.random.default_rng(3)), Weather(np.random.default_rng(3))
    seen = [one(street) for _ in range(60)]
    assert all((first == other(street)).all() for first in seen)
    clear = sum(bool((pixels == street).all()) for pixels in seen)
    assert 20 < clear < 55
