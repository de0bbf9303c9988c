"""A worker that is killed at random moments of a real clip files exactly the cases of one that nobody killed."""

import os
import shutil
from pathlib import Path
from random import Random

import pytest

from tests.rigs.spot_city import SpotCity, kill_often

ROOT = Path(__file__).parents[2]
STREET = ROOT.parent / "shared/video/parking_street.mp4"
KILLS = int(os.environ.get("JIEXUN_TEST_KILLS", "2"))
"""2 on every commit; 50 and more by hand."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(0),  # ends by itself, after as many kills as were asked for
    pytest.mark.skipif(not STREET.is_file(), reason=f"the real clips are not part of the project: no {STREET}"),
    pytest.mark.skipif(not (ROOT / "models/current").exists(), reason="no model is shipped yet"),
]


def test_kills_change_no_case(tmp_path: Path) -> None:
    shutil.copy(ROOT / "tests/cities/parking_street.yaml", tmp_path / "city.yaml")
    (tmp_path / "clip.mp4").symlink_to(STREET)
    (tmp_path / "models").symlink_to(ROOT / "models")
    city = SpotCity(folder=tmp_path)
    assert kill_often(city, KILLS, Random(2026), longest=4.0) > 0

    assert len(city.whole()) == 3
