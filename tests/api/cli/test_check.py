import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from api.cli import main

ROOT = Path(__file__).parents[3]
DEMO = ROOT / "datasets/demo/city.yaml"
FULL = ROOT / "tests/api/city/full.yaml"


def test_a_valid_city_is_shown(run: Callable[[Sequence[object]], Any]) -> None:
    said = run(["check", DEMO])
    assert (said.status, said.err) == (0, "")
    for word in ("示范区", "kerb", "no_parking", "sanitation", "0497", "qingshi-office", "valid, 0 warnings"):
        assert word in said.out


def test_a_valid_city_as_json(run: Callable[[Sequence[object]], Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARDENS_SECRET", "whsec_x")
    monkeypatch.setenv("EAST_GATE", "admin:hunter2")
    said = run(["check", FULL, "--json"])
    told = json.loads(said.out)
    assert (said.status, told["valid"], told["cameras"]["east-gate"]) == (0, True, ["kerb", "shop"])
    assert told["departments"] == {"wardens": "webhook", "sanitation": "inbox"}
    assert [(warning["line"], warning["key"]) for warning in told["warnings"]] == [
        (21, "duty_list.editions[0]"),
        (65, "cameras[1]"),
    ]
    assert "hunter2" not in said.out


def test_every_problem_of_a_wrong_city_is_told(run: Callable[[Sequence[object]], Any]) -> None:
    said = run(["check", FULL])
    assert (said.status, said.out) == (2, "")
    assert said.err.splitlines() == [
        f"{FULL}:14: departments[0].channel.secret_env: names an environment variable that is not set; "
        "set it to the department's signing secret",
        f"{FULL}:48: cameras[0].credentials_env: names an environment variable that is not set; "
        "set it to the camera's user:password",
    ]


def test_a_wrong_city_as_json(run: Callable[[Sequence[object]], Any]) -> None:
    said = run(["check", FULL, "--json"])
    told = json.loads(said.out)
    assert (said.status, said.err, told["valid"]) == (2, "", False)
    assert [problem["line"] for problem in told["problems"]] == [14, 48]


@pytest.mark.parametrize("name", ["missing.yaml", "."])
def test_a_city_that_cannot_be_read(
    name: str, run: Callable[[Sequence[object]], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = run(["check", name])
    assert said.status == 2
    assert said.err.startswith(f"{name}: cannot be read (")
    assert said.err.count("\n") == 1


def test_the_program_tells_its_version_and_its_commands(run: Callable[[Sequence[object]], Any]) -> None:
    assert run(["--version"]).out.startswith("jiexun ")
    said = run([])
    assert said.status == 2
    assert "check" in said.out + said.err


def test_chinese_names_survive_a_terminal_that_knows_only_ascii() -> None:
    command = [sys.executable, "-c", "from api.cli import main; main()", "check", str(DEMO)]
    environment = {**os.environ, "LANG": "C", "LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "示范区" in done.stdout.decode("utf-8")


def test_a_command_can_be_given_in_words() -> None:
    with pytest.raises(SystemExit) as left:
        main(["check"])
    assert left.value.code == 2
