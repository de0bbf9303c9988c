from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.rigs.clips import make_clip


@pytest.fixture(scope="session")
def noon() -> datetime:
    return datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """6 s of H.264 with B-frames, a key packet every 2 s."""
    return make_clip(tmp_path_factory.mktemp("clip") / "street.mp4")


@pytest.fixture(scope="session")
def real_clips() -> Path:
    folder = Path(__file__).parents[4] / "shared" / "video"
    if not folder.is_dir():
        pytest.skip("the real street clips (../shared/video) are not on this machine")
    return folder
