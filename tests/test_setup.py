"""Setting up says plainly what is missing, and leaves nothing half-made."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.tree import ROOT

SCRIPT = ROOT / "deploy" / "make_venv.sh"


def command(folder: Path, name: str, body: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o755)


def set_up(*arguments: str, path: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["/bin/sh", str(SCRIPT), *arguments],
        env={"PATH": str(path), "HOME": str(path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A PATH with the two commands that the script itself calls, and no Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    command(folder, "rm", 'exec /bin/rm "$@"')
    return folder


def test_a_machine_without_python_is_told_to_install_one(machine: Path, tmp_path: Path) -> None:
    ran = set_up(str(tmp_path / "venv"), path=machine)
    assert ran.returncode == 2
    assert ran.stderr.startswith("jiexun: Python 3.11, 3.12 or 3.13 is missing: install one (apt-get install")
    assert ran.stderr.count("\n") == 1


def test_a_python_that_is_too_old_counts_as_missing(machine: Path, tmp_path: Path) -> None:
    command(machine, "python3", "exit 1")
    ran = set_up(str(tmp_path / "venv"), path=machine)
    assert (ran.returncode, "is missing" in ran.stderr) == (2, True)


def test_a_wrong_python_named_by_hand_is_refused_not_replaced(machine: Path, tmp_path: Path) -> None:
    command(machine, "python3.11", f'exec {sys.executable} "$@"')
    ran = set_up(str(tmp_path / "venv"), "/no/such/python", path=machine)
    assert ran.returncode == 2
    assert ran.stderr == (
        "jiexun: PYTHON=/no/such/python is no Python 3.11, 3.12 or 3.13: name one that is, or leave PYTHON out.\n"
    )
    assert not (tmp_path / "venv").exists()


def test_a_python_without_venv_and_pip_is_named_with_the_package_to_install(machine: Path, tmp_path: Path) -> None:
    command(machine, "python3.12", 'case "$2" in *ensurepip*|*pip*) exit 1;; --version) echo Python;; esac')
    ran = set_up(str(tmp_path / "venv"), path=machine)
    assert ran.returncode == 2
    assert ran.stderr == (
        "jiexun: python3.12 has neither venv with ensurepip nor pip: install them (apt-get install python3-venv).\n"
    )


def test_an_environment_that_cannot_be_made_is_not_left_behind(machine: Path, tmp_path: Path) -> None:
    venv = tmp_path / "venv"
    command(machine, "python3.11", f'case "$1$2" in -mvenv) /bin/mkdir {venv}; echo disk full >&2; exit 1;; esac')
    ran = set_up(str(venv), path=machine)
    assert ran.returncode == 2
    assert "disk full\njiexun: python3.11 cannot make an environment" in ran.stderr
    assert not venv.exists()


@pytest.mark.slow
def test_an_environment_is_made_with_the_python_of_the_machine(machine: Path, tmp_path: Path) -> None:
    command(machine, "python3.11", f'exec {sys.executable} "$@"')
    venv = tmp_path / "venv"
    ran = set_up(str(venv), path=machine)
    assert ran.returncode == 0, ran.stderr
    assert (venv / "bin" / "pip").is_file()
