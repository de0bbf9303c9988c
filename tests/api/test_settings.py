from pathlib import Path

import pytest

from api.accounts.roles import Role
from api.errors import SettingsError
from api.settings import load_settings

SECRET = "hunter2"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Tests start from an environment without our settings, in a folder of their own."""
    monkeypatch.chdir(tmp_path)
    for name in ("CITY_FILE", "DATA_DIR", "DATABASE_URL", "EVIDENCE_DIR", "MODELS_DIR", "HOST", "PORT", "HOSTS"):
        monkeypatch.delenv(f"JIEXUN_{name}", raising=False)


def test_without_settings_everything_lies_in_data_and_only_this_machine_comes_in(tmp_path: Path) -> None:
    settings = load_settings()
    assert settings.database == f"sqlite:///{tmp_path}/data/jiexun.db"
    assert settings.evidence == tmp_path / "data/evidence"
    assert (settings.host, settings.port, settings.base_url) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")
    assert settings.allowed_hosts == {"localhost", "127.0.0.1", "[::1]"}


def test_the_environment_says_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIEXUN_DATABASE_URL", f"postgresql+psycopg://u:{SECRET}@db/jiexun")
    monkeypatch.setenv("JIEXUN_EVIDENCE_DIR", "/var/evidence")
    monkeypatch.setenv("JIEXUN_PUBLIC_URL", "https://cases.example/")
    monkeypatch.setenv("JIEXUN_HOSTS", "Cases.example, 10.0.0.7")
    settings = load_settings()
    assert settings.database.endswith("@db/jiexun")
    assert SECRET not in repr(settings)
    assert settings.evidence == Path("/var/evidence")
    assert settings.base_url == "https://cases.example"
    assert settings.allowed_hosts == {"cases.example", "10.0.0.7"}


def test_what_the_command_line_says_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIEXUN_PORT", "1")
    settings = load_settings(port=8001, city_file=Path("/c.yaml"))
    assert (settings.port, settings.city_file) == (8001, Path("/c.yaml"))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_loopback_needs_no_login(host: str) -> None:
    assert load_settings(host=host).base_url == f"http://{'[::1]' if host == '::1' else host}:8000"


def test_other_machines_come_in_only_through_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIEXUN_HOST", "0.0.0.0")
    with pytest.raises(SettingsError) as refused:
        load_settings()
    assert str(refused.value) == (
        "JIEXUN_HOST opens the service to other machines, where passwords would travel in the clear; put a proxy "
        "with TLS in front and set JIEXUN_PUBLIC_URL=https://…, or listen on 127.0.0.1"
    )
    monkeypatch.setenv("JIEXUN_PUBLIC_URL", "https://cases.example")
    assert load_settings().host == "0.0.0.0"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("JIEXUN_PORT", SECRET, "JIEXUN_PORT must be a whole number"),
        (
            "JIEXUN_DATABASE_URL",
            f"nosql://u:{SECRET}@db",
            "JIEXUN_DATABASE_URL must begin with sqlite://// or postgresql+psycopg://",
        ),
        ("JIEXUN_PORT", "70000", "JIEXUN_PORT must be less than or equal to 65535"),
        (
            "JIEXUN_DATABASE_URL",
            "postgresql+psycopg://jiexun:Postgres1@db/jiexun",
            "JIEXUN_DATABASE_URL holds a password that stands in manuals; give the database user another one",
        ),
        ("JIEXUN_PUBLIC_URL", SECRET, "JIEXUN_PUBLIC_URL must begin with https:// or http://"),
        ("JIEXUN_DATABASE_ULR", SECRET, "JIEXUN_DATABASE_ULR is not a setting; did you mean JIEXUN_DATABASE_URL?"),
    ],
)
def test_a_wrong_setting_is_named_but_not_its_value(
    name: str, value: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        load_settings()
    assert str(refused.value) == sentence


@pytest.mark.parametrize(("device", "first"), [("cpu", "CPU"), ("cuda", "CUDA"), ("tensorrt", "Tensorrt")])
def test_the_detector_runs_where_it_is_told_to(monkeypatch: pytest.MonkeyPatch, device: str, first: str) -> None:
    monkeypatch.setenv("JIEXUN_DEVICE", device)
    providers = load_settings().device.providers
    assert providers[0] == f"{first}ExecutionProvider"
    assert providers[-1] == "CPUExecutionProvider"


def test_a_device_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIEXUN_DEVICE", "abacus")
    with pytest.raises(SettingsError, match="JIEXUN_DEVICE must be 'cpu', 'cuda' or 'tensorrt'"):
        load_settings()


def test_second_factors_and_a_provider_are_off_until_they_are_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (load_settings().with_second_factor, load_settings().oidc_issuer) == (frozenset(), None)
    monkeypatch.setenv("JIEXUN_SECOND_FACTOR", "admin, supervisor")
    monkeypatch.setenv("JIEXUN_OIDC_ISSUER", "https://login.city.example/realm")
    monkeypatch.setenv("JIEXUN_OIDC_CLIENT_ID", "jiexun")
    monkeypatch.setenv("JIEXUN_OIDC_CLIENT_SECRET", SECRET)
    monkeypatch.setenv("JIEXUN_OIDC_NEW_ROLES", "observer")
    settings = load_settings()
    assert settings.with_second_factor == {Role.ADMIN, Role.SUPERVISOR}
    assert settings.new_roles == {Role.OBSERVER}
    assert SECRET not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("SECOND_FACTOR", "admin,king", "names a role that there is not"),
        ("OIDC_NEW_ROLES", "handler", "needs a department"),
        ("OIDC_NEW_ROLES", "admin", "by hand"),
        ("OIDC_ISSUER", "http://login.city.example", "must begin with https://"),
        ("OIDC_ISSUER", "https://u:hunter2@login.city.example", "must begin with https://"),
        ("OIDC_ISSUER", "https://login.city.example", "needs JIEXUN_OIDC_CLIENT_ID"),
    ],
)
def test_ways_in_that_would_be_unsafe_are_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, word: str
) -> None:
    monkeypatch.setenv(f"JIEXUN_{name}", value)
    with pytest.raises(SettingsError, match=word) as refused:
        load_settings()
    assert SECRET not in str(refused.value)
