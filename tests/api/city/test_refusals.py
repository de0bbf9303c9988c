"""Every way in which a city file can be wrong, with the exact sentence that its author gets."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import yaml

from api.city.city import load_city
from api.errors import CityError

TABLE = Path(__file__).parent / "refusals.yaml"
REFUSALS = [row for rows in yaml.safe_load(TABLE.read_text(encoding="utf-8")).values() for row in rows]

BYTES = [
    (b"", "city.yaml:1: is empty; start with `city:`"),
    (b"# nothing\n", "city.yaml:1: is empty; start with `city:`"),
    (b"- 1\n", "city.yaml:1: must be a mapping of keys such as `city:` and `cameras:`"),
    (b"null\n", "city.yaml:1: must be a mapping of keys such as `city:` and `cameras:`"),
    ("city:\n  name: {zh: 城, en: x}".encode("gbk"), "city.yaml:2: is not UTF-8; save the file as UTF-8"),
    ("city: {}".encode("utf-16"), "city.yaml:1: is not UTF-8; save the file as UTF-8"),
    (b"city: \x00", "city.yaml:1: holds a control character; delete it"),
    ("# \u202eright to left".encode(), "city.yaml:1: holds a control character; delete it"),
    (b"# " + b"x" * 1_000_000, "city.yaml: is larger than 1,000,000 bytes; shorten it"),
    (b"city: " + b"[" * 900_000, "city.yaml:1: is nested deeper than 20 levels"),
    (b"city: " + b"{a: " * 200_000, "city.yaml:1: is nested deeper than 20 levels"),
    (b"cameras: []\n", "city.yaml:1: city: is required"),
]


@pytest.mark.parametrize("row", REFUSALS, ids=lambda row: row["says"][:50])
def test_what_is_wrong_is_said_with_file_line_and_key(
    row: Mapping[str, str], full: str, write: Callable[[str], Path]
) -> None:
    assert row["old"] in full
    with pytest.raises(CityError) as refused:
        load_city(write(full.replace(row["old"], row["new"], 1)))
    assert str(refused.value) == f"city.yaml:{row['says']}"


@pytest.mark.parametrize(("content", "sentence"), BYTES, ids=lambda value: value[-30:])
def test_what_is_no_city_file_at_all(content: bytes, sentence: str, write: Callable[[bytes], Path]) -> None:
    with pytest.raises(CityError) as refused:
        load_city(write(content))
    assert str(refused.value) == sentence


@pytest.mark.parametrize(("name", "why"), [("missing.yaml", "No such file or directory"), (".", "Is a directory")])
def test_what_cannot_be_opened(name: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CityError) as refused:
        load_city(Path(name))
    assert str(refused.value) == f"{name}: cannot be read ({why}); name an existing file"


def test_secrets_that_the_environment_has(full: str, write: Callable[[str], Path]) -> None:
    environment = {"WARDENS_SECRET": "whsec_x", "EAST_GATE": "admin:hunter2"}
    assert load_city(write(full), environment=environment).order


def test_secrets_that_the_environment_lacks(full: str, write: Callable[[str], Path]) -> None:
    with pytest.raises(CityError) as refused:
        load_city(write(full), environment={"EAST_GATE": "hunter2"})
    assert [str(problem) for problem in refused.value.problems] == [
        "city.yaml:14: departments[0].channel.secret_env: names an environment variable that is not set; "
        "set it to the department's signing secret",
        "city.yaml:48: cameras[0].credentials_env: names an environment variable that is not set; "
        "set it to the camera's user:password",
    ]


def test_all_problems_are_told_in_the_order_of_the_file(full: str, write: Callable[[str], Path]) -> None:
    with pytest.raises(CityError) as refused:
        load_city(write(full.replace("lat: 31.23", "lat: 91").replace("metres: 40", "metres: 0")))
    assert [problem.line for problem in refused.value.problems] == [40, 49]
    assert str(refused.value).endswith("must be greater than 0 (1 more: `jiexun check` lists them)")
