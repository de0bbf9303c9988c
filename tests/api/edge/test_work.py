"""`jiexun work --center`: a whole box on a clip, with a centre that is not there."""

from pathlib import Path

import pytest

from api.cli import main
from api.store.store import SqlStore
from tests.rigs.spot_city import spot_city


def work(folder: Path, monkeypatch: pytest.MonkeyPatch, center: str, key: str | None) -> int | str | None:
    city = spot_city(folder)
    for name in ("JIEXUN_DATA_DIR", "JIEXUN_MODELS_DIR"):
        monkeypatch.setenv(name, city.environment[name])
    if key:
        monkeypatch.setenv("JIEXUN_CENTER_KEY", key)
    with pytest.raises(SystemExit) as ended:
        main(["work", "--once", "--city", str(folder / "city.yaml"), "--center", center])
    return ended.value.code


def test_findings_wait_in_the_box_and_no_case_is_made_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert work(tmp_path, monkeypatch, "http://127.0.0.1:9", "box.secret") in (0, None)
    city = spot_city(tmp_path)
    assert city.rows("select count(*), count(delivered_at) from outgoing_findings") == [(2, 0)]
    assert city.rows("select count(*) from cases") == [(0,)]
    [(key,)] = city.rows("select min(key) from outgoing_findings")
    with SqlStore(city.url) as store:
        store.edge.refuse(str(key), "no such camera")
    work(tmp_path, monkeypatch, "http://127.0.0.1:9", "box.secret")
    assert city.rows("select count(*) from outgoing_findings where refused is null") == [(2,)], "each start tries anew"


@pytest.mark.parametrize(
    ("center", "key", "why"),
    [
        ("https://centre.example", None, "JIEXUN_CENTER_KEY"),
        ("http://centre.example", "box.secret", "must begin with https://"),
    ],
)
def test_a_key_is_needed_and_travels_over_tls_only(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    center: str,
    key: str | None,
    why: str,
) -> None:
    assert work(tmp_path, monkeypatch, center, key) == 2
    assert why in capsys.readouterr().err
