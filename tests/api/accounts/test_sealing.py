"""What is sealed comes back unchanged, from nobody else, and not for ever."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.accounts.sealing import FILE, seal_of
from api.errors import AccountError, SettingsError

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SHORT = timedelta(minutes=10)


def test_a_seal_holds_for_its_time_and_for_every_process_of_the_installation(tmp_path: Path) -> None:
    sealed = seal_of(tmp_path).close("三只白鹭", at=NOON)
    assert seal_of(tmp_path).open(sealed, at=NOON + SHORT, good_for=SHORT) == "三只白鹭"
    assert seal_of(tmp_path).open(sealed, at=NOON + timedelta(days=4000)) == "三只白鹭"
    with pytest.raises(AccountError, match="too old"):
        seal_of(tmp_path).open(sealed, at=NOON + SHORT + timedelta(seconds=1), good_for=SHORT)


def test_what_is_changed_or_another_s_is_not_opened(tmp_path: Path) -> None:
    seal, other = seal_of(tmp_path), tmp_path / "other"
    other.mkdir()
    sealed = seal.close("person", at=NOON)
    for wrong in (sealed[:-5] + "AAAA=", sealed[1:], "", "三", seal_of(other).close("person", at=NOON)):
        with pytest.raises(AccountError):
            seal.open(wrong, at=NOON, good_for=SHORT)


def test_a_key_that_others_can_read_or_that_is_none_is_refused(tmp_path: Path) -> None:
    seal_of(tmp_path)
    (tmp_path / FILE).chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        seal_of(tmp_path)
    (tmp_path / FILE).chmod(0o600)
    (tmp_path / FILE).write_bytes(b"no key")
    with pytest.raises(SettingsError, match="no key"):
        seal_of(tmp_path)
