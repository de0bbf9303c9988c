"""Names of workers: one for each process, and the same again for whoever follows."""

from pathlib import Path

import pytest

from api.errors import SettingsError
from api.work.naming import worker_name


def test_processes_have_names_of_their_own_and_successors_inherit(tmp_path: Path) -> None:
    with worker_name(tmp_path / "workers") as first:
        with worker_name(tmp_path / "workers") as second:
            assert first != second
        with worker_name(tmp_path / "workers") as third:
            assert third == second
    with worker_name(tmp_path / "workers") as again:
        assert again == first


def test_installations_of_one_machine_have_names_of_their_own(tmp_path: Path) -> None:
    with worker_name(tmp_path / "east") as east, worker_name(tmp_path / "west") as west:
        assert east != west


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(SettingsError, match="cannot be written"), worker_name(tmp_path / "file" / "workers"):
        pass
