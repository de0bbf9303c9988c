"""The documents are true: links lead somewhere, and what can be set, written or called is described, nothing else."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Annotated, Union, get_args, get_origin

import pytest
import typer
from pydantic import BaseModel
from typer.core import TyperArgument, TyperGroup, TyperOption

from tests.documents import described, examples
from tests.tree import ROOT, files, name, text

PAGES = [*(name(path) for path in files(".md", under=("docs",))), "README.md", "README.zh-CN.md", "CONTRIBUTING.md"]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
IN_CODE = re.compile(r"`((?:inference|cases|api|training|tests)(?:[./][a-z_]+)+/?)`")
TYPED = re.compile(r"\$ (?:\.venv/bin/)?(jiexun .*)")
ADR = re.compile(r"(\d{4})-[a-z0-9-]+\.md")


@pytest.mark.parametrize("page", PAGES)
def test_every_link_to_a_file_of_ours_leads_somewhere(page: str) -> None:
    targets = [target.partition("#")[0] for target in LINK.findall(text(page)) if "://" not in target]
    assert [target for target in targets if target and not (ROOT / page).parent.joinpath(target).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_place_in_the_code_that_is_named_exists(page: str) -> None:
    places = {found[1].removesuffix(".py").replace(".", "/").rstrip("/") for found in IN_CODE.finditer(text(page))}
    assert [place for place in sorted(places) if not any(map(Path.exists, (ROOT / place, ROOT / f"{place}.py")))] == []


def test_decisions_are_numbered_once_and_without_gaps() -> None:
    names = [path.name for path in files(".md", under=("docs/decisions",))]
    numbers = [int(found[1]) if (found := ADR.fullmatch(file)) else file for file in names]
    assert numbers == list(range(1, len(names) + 1))


def test_a_decision_opens_with_its_own_number_and_says_where_it_stands() -> None:
    for path in files(".md", under=("docs/decisions",)):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert lines[0].startswith(f"# {path.name[:4]} "), name(path)
        assert lines[2].startswith("Status: "), name(path)


def test_pictures_need_nothing_from_elsewhere() -> None:
    outside = re.compile(r"""(?:href|src)\s*=\s*["'](?!#)|url\((?!#)|@import""")
    assert [name(path) for path in files(".svg", under=("docs",)) if outside.search(text(name(path)))] == []


def test_both_readmes_show_the_same_commands_and_the_same_rooms() -> None:
    assert examples("README.zh-CN.md") == examples("README.md")
    rooms = re.compile(r"^\| `([^`]+)` \|", re.MULTILINE)
    assert rooms.findall(text("README.zh-CN.md")) == rooms.findall(text("README.md"))


def test_the_readme_names_every_room() -> None:
    rooms = {path.name for path in ROOT.iterdir() if path.is_dir() and (path / "__init__.py").is_file()}
    rooms |= {"models", "datasets", "tests", "docs", "deploy", "constraints"}
    assert [room for room in sorted(rooms) if f"`{room}/`" not in text("README.md")] == []


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_every_make_target_that_is_shown_exists(page: str) -> None:
    shown = set(re.findall(r"`make ([a-z-]+)", text(page))) | set(re.findall(r"^\$ make ([a-z-]+)", text(page), re.M))
    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.M))
    assert shown
    assert shown - targets == set()


def test_every_make_target_is_listed_by_make() -> None:
    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.M))
    assert targets == set(re.findall(r"^([a-z-]+):.*## ", text("Makefile"), re.M))


def commands(group: TyperGroup, words: str) -> Iterator[tuple[str, set[str]]]:
    """Every command that does something, with the words a person types, and its arguments and options."""
    for word, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from commands(command, f"{words} {word}")
        if not isinstance(command, TyperGroup) or command.invoke_without_command:
            yield f"{words} {word}", {shown for parameter in command.params for shown in written(parameter)}


def written(parameter: object) -> set[str]:
    """How a person writes an argument or option."""
    if isinstance(parameter, TyperArgument):
        return {parameter.metavar or str(parameter.name).upper()}
    assert isinstance(parameter, TyperOption)
    return {*parameter.opts, *parameter.secondary_opts}


def test_every_command_and_option_is_described_and_no_other() -> None:
    from api.cli import build_app

    group = typer.main.get_command(build_app())
    assert isinstance(group, TyperGroup)
    assert described("docs/commands.md") == dict(commands(group, "jiexun"))


@pytest.mark.parametrize("page", PAGES)
def test_commands_in_examples_can_be_typed_like_that(page: str) -> None:
    known = described("docs/commands.md")
    for line in "".join(example.body for example in examples(page, "console")).splitlines():
        if typed := TYPED.fullmatch(line):
            command = max((words for words in known if f"{typed[1]} ".startswith(f"{words} ")), key=len, default=None)
            assert command is not None, line
            assert set(re.findall(r"--[a-z-]+", line)) - known[command] == set(), line


@pytest.mark.parametrize("page", PAGES)
def test_json_in_examples_is_json(page: str) -> None:
    for example in examples(page, "json"):
        assert json.loads(example.body)


def test_every_setting_is_described_and_no_other() -> None:
    from api.settings import Settings

    prefix = Settings.model_config.get("env_prefix", "")
    real = {f"{prefix}{field}".upper() for field in Settings.model_fields}
    assert {setting for section in described("docs/settings.md").values() for setting in section} == real


def parts(annotation: object) -> Iterator[tuple[str, type[BaseModel]]]:
    """Every model inside an annotation, with `[]` where it stands in a list."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield "", annotation
        return
    origin, inside = get_origin(annotation), get_args(annotation)
    for inner in inside[:1] if origin is Annotated else inside:
        for suffix, model in parts(inner):
            yield suffix if origin in (Annotated, Union, UnionType) else f"[]{suffix}", model


def keys(model: type[BaseModel], place: str = "") -> Iterator[tuple[str, str]]:
    """Every key of the city file, with the place it stands in."""
    for key, field in model.model_fields.items():
        yield place, key
        for suffix, below in parts(field.annotation):
            yield from keys(below, f"{place}.{key}{suffix}".lstrip("."))


def test_every_key_of_the_city_file_is_described_and_no_other() -> None:
    from api.city.file import CityFile

    real: dict[str, set[str]] = {}
    for place, key in keys(CityFile):
        # A name has the same two keys wherever it stands; they are described once.
        real.setdefault("city.name" if place.endswith(".name") else place, set()).add(key)
    top_level = real.pop("")
    assert described("docs/city-file.md") == real
    assert {place.partition(".")[0].removesuffix("[]") for place in real} == top_level


def test_every_kind_of_zone_is_described() -> None:
    from inference.zones.zone import ZoneKind

    assert [kind.value for kind in ZoneKind if f"| `{kind}` |" not in text("docs/city-file.md")] == []


def test_every_piece_of_evidence_is_described_and_no_other() -> None:
    from inference.findings import EvidenceRole

    assert described("docs/evidence.md") == {"roles": {role.value for role in EvidenceRole}}


def test_the_example_of_a_manifest_is_one() -> None:
    from inference.evidence.manifest import Manifest, ManifestItem

    [example] = examples("docs/evidence.md", "json")
    shown = json.loads(example.body)
    assert shown.keys() == Manifest.model_fields.keys()
    assert [item.keys() for item in shown["items"]] == [ManifestItem.model_fields.keys()]


def test_the_example_of_a_city_file_is_a_good_one(tmp_path: Path) -> None:
    from api.city.city import load_city

    [example] = examples("docs/city-file.md", "yaml")
    path = tmp_path / "city.yaml"
    path.write_text(example.body, encoding="utf-8")
    city = load_city(path, environment={"TRAFFIC_SECRET": "whsec_" + "A" * 32, "EAST_GATE_1": "user:password"})
    assert [zone.id for zone in city.view("east-gate-1").zones] == ["kerb", "shop-7"]
