from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from api.bench.street_clip import write_street_clip
from inference.sources.video_file import VideoFile

START = datetime(2026, 5, 14, 4, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> VideoFile:
    path = tmp_path_factory.mktemp("street") / "street.mp4"
    return VideoFile(
        write_street_clip(path, lambda share: None, seconds=6, size_wh=(640, 360)), camera="drawn", started_at=START
    )


def test_the_drawn_street_is_what_a_street_camera_sends(street: VideoFile) -> None:
    facts = street.facts
    assert (facts.codec, facts.size_wh) == ("h264", (640, 360))
    assert (facts.seconds, facts.key_interval) == pytest.approx((6.0, 2.0))


def test_cars_drive_past_one_that_stands(street: VideoFile) -> None:
    first, *later = [frame.picture.luma((64, 36)).astype(np.float32) for frame in street.frames()]
    moved = np.abs(later[-1] - first)
    assert moved[21:28, 10:28].max() < 12  # the car at the kerb, but for the camera's noise
    assert moved[13:21].max() > 60  # the lanes behind


def test_the_progress_ends_at_one(tmp_path: Path) -> None:
    told: list[float] = []
    write_street_clip(tmp_path / "street.mp4", told.append, seconds=1, size_wh=(64, 36))
    assert told == sorted(told)
    assert (told[-1], len(told)) == (1.0, 25)
