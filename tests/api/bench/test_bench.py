import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

import pytest

from api.bench.stages import Stage
from api.cli import main
from tests.detector_models import bright_spot_folder
from tests.rigs.clips import make_clip, make_sound


@dataclass(frozen=True)
class Said:
    status: int
    out: str
    err: str


Bench = Callable[..., Said]


@pytest.fixture
def bench(capsys: pytest.CaptureFixture[str]) -> Bench:
    def command(*arguments: object) -> Said:
        with pytest.raises(SystemExit) as left:
            main(["bench", *map(str, arguments)])
        said = capsys.readouterr()
        return Said(left.value.code if isinstance(left.value.code, int) else 0, said.out, said.err)

    return command


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bright_spot_folder(tmp_path_factory.mktemp("bench") / "spot")


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_clip(tmp_path_factory.mktemp("bench") / "clip.mp4", seconds=5, key_every=1)


def numbers(said: object) -> Iterator[float]:
    if isinstance(said, dict):
        for value in said.values():
            yield from numbers(value)
    elif isinstance(said, list):
        for value in said:
            yield from numbers(value)
    elif isinstance(said, int | float):
        yield said


def test_every_figure_is_there_and_is_a_positive_number(bench: Bench, clip: Path, model: Path) -> None:
    said = bench("--clip", clip, "--model", model, "--seconds", 1, "--json")
    assert (said.status, said.err) == (0, "")
    told: dict[str, Any] = json.loads(said.out)
    assert told["command"] == f"jiexun bench --clip {clip} --model {model} --seconds 1 --json"
    [measured] = told["clips"]
    figures = measured["figures"]
    shares = [cameras.pop("gated_share") for cameras in figures["cameras"]]
    assert all(0 <= share <= 1 for share in shares)
    assert all(isfinite(number) and number > 0 for number in numbers(told))
    assert list(figures["path"]) == [stage.value for stage in Stage]
    assert figures["key_interval"] == pytest.approx(1.0)
    assert figures["objects"] == pytest.approx(1.0)  # the bright block
    assert shares[2] == pytest.approx(0.95)  # one look in 20 s at a key picture a second
    assert measured["peak_mb"] > 50  # no Python with OpenCV and ONNX Runtime is smaller


def test_tables_name_what_everything_is_divided_by(bench: Bench, clip: Path, model: Path) -> None:
    said = bench("--clip", clip, "--model", model, "--seconds", 1)
    assert (said.status, said.err) == (0, "")
    for words in ("bare session.run", "picture of the stream", "share of the path", "registration", "400 MB", "core"):
        assert words in " ".join(said.out.split()), words
    assert f"Again: jiexun bench --clip {clip} --model {model} --seconds 1\n" in said.out


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("missing.mp4", "does not exist"),
        ("empty.mp4", "is empty"),
        ("text.mp4", "cannot be read as a video"),
        ("sound.mp4", "no picture track"),
        ("one-key.mp4", "fewer than 3 key pictures"),
        ("cut.mp4", "breaks off"),
    ],
)
def test_a_bad_clip_is_one_sentence(bench: Bench, model: Path, tmp_path: Path, name: str, sentence: str) -> None:
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "text.mp4").write_text("not a video", encoding="utf-8")
    make_sound(tmp_path / "sound.mp4")
    make_clip(tmp_path / "one-key.mp4", seconds=2, key_every=4)
    whole = make_clip(tmp_path / "whole.mp4", seconds=8).read_bytes()
    (tmp_path / "cut.mp4").write_bytes(whole[: len(whole) // 2])
    said = bench("--clip", tmp_path / name, "--model", model, "--seconds", 1)
    assert (said.status, said.out) == (2, "")
    assert sentence in said.err
    assert said.err.count("\n") == 1


def test_a_missing_model_is_one_sentence(bench: Bench, clip: Path, tmp_path: Path) -> None:
    said = bench("--clip", clip, "--model", tmp_path / "nothing")
    assert (said.status, said.out) == (2, "")
    assert "name a model folder" in said.err
    assert said.err.count("\n") == 1


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "3601"])
def test_a_time_that_makes_no_sense_is_refused(bench: Bench, clip: Path, model: Path, seconds: Sequence[str]) -> None:
    said = bench("--clip", clip, "--model", model, "--seconds", seconds)
    assert (said.status, said.out) == (2, "")
    assert "--seconds" in said.err
