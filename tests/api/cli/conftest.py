from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest

from api.cli import main


@dataclass(frozen=True)
class Said:
    """What a command left behind."""

    status: int
    out: str
    err: str


Run = Callable[[Sequence[object]], Said]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs one command the way the shell does."""

    def command(arguments: Sequence[object]) -> Said:
        with pytest.raises(SystemExit) as left:
            main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Said(left.value.code if isinstance(left.value.code, int) else 0, said.out, said.err)

    return command
