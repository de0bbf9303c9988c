from collections.abc import Callable
from pathlib import Path

import pytest

Write = Callable[[str | bytes], Path]


@pytest.fixture(scope="session")
def full() -> str:
    """A city file that uses every key."""
    return (Path(__file__).parent / "full.yaml").read_text(encoding="utf-8")


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes a city file and gives its path, short as a user would type it."""
    monkeypatch.chdir(tmp_path)

    def city(content: str | bytes) -> Path:
        path = Path("city.yaml")
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return city
