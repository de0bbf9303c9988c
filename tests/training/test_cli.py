import json
import subprocess
import sys
from pathlib import Path

from tests.detector_models import bright_spot_folder
from tests.labelled_street import draw, write_labels

ROOT = Path(__file__).parents[2]


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "training.cli", *(str(argument) for argument in arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


def test_evaluate_prints_one_json_object(tmp_path: Path) -> None:
    draw(tmp_path / "images/a.png", [(1, 0.5, 0.5, 0.2, 0.4)])
    write_labels(tmp_path / "labels/a.txt", [(0, 0.5, 0.5, 0.2, 0.4)])
    (tmp_path / "data.yaml").write_text("val: images\nnames: [bright]\n", encoding="utf-8")
    done = run(
        "evaluate", "--data", tmp_path / "data.yaml", "--model", bright_spot_folder(tmp_path / "model"), "--json"
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["classes"]["bright"]["ap50"] == 1


def test_a_refusal_is_one_sentence_and_exit_status_2(tmp_path: Path) -> None:
    done = run("evaluate", "--data", tmp_path / "none.txt", "--model", bright_spot_folder(tmp_path / "model"))
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert "none.txt cannot be read" in done.stderr
