from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from inference.sources.video_file import VideoFile
from inference.sources.video_picture import VideoPicture
from inference.sources.watchdogs import FreezeWatchdog, RepeatWatchdog, clock_skew
from tests.rigs.clips import Pixels, make_clip


def test_silence_is_shown_after_5_s_and_a_freeze_after_15() -> None:
    watchdog = FreezeWatchdog(now=100.0)
    assert not watchdog.silent(104.9)
    assert watchdog.silent(105.0)
    assert not watchdog.frozen(114.9)
    assert watchdog.frozen(115.0)
    watchdog.packet(116.0)
    assert not watchdog.silent(120.0)
    assert watchdog.frozen(131.0)


@pytest.mark.parametrize("key_interval", [0.5, 1.0, 2.0, 4.0, 10.0, 15.0])
def test_a_repeated_picture_is_flagged_within_a_minute(key_interval: float) -> None:
    watchdog = RepeatWatchdog()
    assert not watchdog.repeated(1, 0.0)
    times = np.arange(key_interval, 61, key_interval)
    flagged = [float(at) for at in times if watchdog.repeated(2, float(at))]
    assert flagged
    assert flagged[0] - key_interval >= 30
    assert 4 * key_interval < flagged[0] + key_interval <= 60 + key_interval
    assert len(flagged) == len(times[times >= flagged[0]])
    assert not watchdog.repeated(3, 61.0)


def test_a_picture_that_changes_now_and_then_is_alive() -> None:
    watchdog = RepeatWatchdog()
    assert not any(watchdog.repeated(second // 20, float(second)) for second in range(600))


def night(number: int) -> Pixels:
    """A dark, still street through a sensor with a little noise."""
    noise = np.random.default_rng(number).normal(0, 1.5, (180, 320, 1))
    pixels = np.full((180, 320, 3), 12.0) + noise
    pixels[20:30, 40:44] = 200
    return pixels.clip(0, 255).astype(np.uint8)


def digests(path: Path, noon: datetime) -> list[int]:
    frames = VideoFile(path, camera="c", started_at=noon).frames()
    return [frame.picture.digest() for frame in frames if isinstance(frame.picture, VideoPicture)]


def test_a_still_noisy_night_is_no_repeated_picture(tmp_path: Path, noon: datetime) -> None:
    path = make_clip(tmp_path / "night.mp4", seconds=20, key_every=0.5, pixels=night, options={"crf": "32"})
    seen = digests(path, noon)
    assert len(seen) == 40
    assert len(set(seen)) == 40
    watchdog = RepeatWatchdog()
    assert not any(watchdog.repeated(seen[n % 40], n * 2.0) for n in range(1800))


def test_the_same_picture_has_the_same_digest(tmp_path: Path, noon: datetime) -> None:
    path = make_clip(tmp_path / "stuck.mp4", pixels=lambda _: night(1), key_every=0.1, options={"qp": "20"})
    assert len(set(digests(path, noon))) == 1


@pytest.mark.parametrize(
    ("ahead", "skew"), [(0, None), (5, None), (-5, None), (6, 6.0), (-6, -6.0), (86400, 86400.0), (-86400, -86400.0)]
)
def test_a_wrong_camera_clock_is_measured(noon: datetime, ahead: float, skew: float | None) -> None:
    assert clock_skew(noon + timedelta(seconds=ahead), noon) == skew
