"""The track that an action camera wrote into its own video, beside the table that was made of it."""

from datetime import timedelta
from pathlib import Path

import pytest

from inference.patrol.readers import read_track

VIDEO = Path(__file__).parents[3].parent / "shared/video"

pytestmark = pytest.mark.skipif(
    not (VIDEO / "walk_gps.mp4").is_file(), reason=f"the real clips are not part of the project: no {VIDEO}"
)


def test_the_track_in_the_video_equals_the_table() -> None:
    own, table = read_track(VIDEO / "walk_gps.mp4"), read_track(VIDEO / "walk_gps.csv")
    assert len(own.track.fixes) == len(table.track.fixes) == 191
    for a, b in zip(own.track.fixes, table.track.fixes, strict=True):
        assert (a.where, a.speed, a.accuracy) == (b.where, b.speed, b.accuracy)
        assert abs(a.at - b.at) < timedelta(seconds=0.5)  # the table spreads its packets over the video evenly
    assert own.starts_with_video == 0.0
    assert own.report.oddities == {}
    assert 10 < own.track.metres < 20  # a walk of 10 s
    assert own.track.at(own.track.start - timedelta(seconds=1)) is None
