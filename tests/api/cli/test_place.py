"""`jiexun place`: whom to speak to at a point, and who owns a matter there."""

import json
from pathlib import Path

import pytest

from tests.api.cli.conftest import Run

DEMO = Path(__file__).parents[3] / "datasets/demo/city.yaml"
HERE = ["--lat", "31.2304", "--lon", "121.4737"]


def test_a_point_has_its_areas_its_people_and_an_owner(run: Run) -> None:
    said = run(["place", DEMO, *HERE, "--code", "0110"])
    assert (said.status, said.err) == (0, "")
    lines = [" ".join(line.split()) for line in said.out.splitlines()]
    assert lines[:5] == [
        "inside the map",
        "cell 990101001001010 990101001001010 / 990101001001010",
        "community 990101001001 桥头社区 / Bridgehead",
        "street 990101001 青石街道 / Qingshi Street",
        "district 990101 示范区 / Demo District",
    ]
    assert "grid_staff grid-112 李强, 李强 0512-555 0211" in lines
    assert "party_branch bridgehead-branch 桥头社区党支部" in lines
    assert lines[-1] == "owner: sanitation 环境卫生管理所, 4紧急工作时, line 0110-1 of edition 2026-1"


def test_as_json(run: Run) -> None:
    told = json.loads(run(["place", DEMO, *HERE, "--kind", "illegal_parking", "--json"]).out)
    assert (told["standing"], told["owner"]["department"], told["owner"]["code"]) == (
        "inside",
        "city-management",
        "0497",
    )
    assert [area["level"] for area in told["areas"]] == ["cell", "community", "street", "district"]
    assert told["people"][0]["contact"] == {"name": "李强", "phone": "0512-555 0211"}


def test_outside_of_the_map_the_fallback_owns_it(run: Run) -> None:
    said = run(["place", DEMO, "--lat", "0", "--lon", "0", "--code", "9999"])
    assert said.out.splitlines() == [
        "outside the map",
        "owner: operations  城市运行管理中心, 24紧急工作时, no line names it",
    ]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--lat", "91", "--lon", "0"], "latitude must lie between -90 and 90 degrees, not 91.0; write --lat and"),
        (["--lat", "nan", "--lon", "0"], "latitude must lie between"),
        (["--lat", "1"], "Missing option '--lon'"),
        ([*HERE, "--kind", "parking"], "Invalid value for '--kind'"),
    ],
)
def test_what_is_no_place(words: list[str], says: str, run: Run) -> None:
    said = run(["place", DEMO, *words])
    assert (said.status, said.out) == (2, "")
    assert said.err.startswith(says), said.err
    assert said.err.count("\n") == 1
