from collections.abc import Callable
from pathlib import Path

import pytest

from api.city.city import load_city
from api.city.doubts import doubts
from api.city.reading import read_document

COMMUNITY_LINE = """        - {kind: exposed_garbage, code: "1", area: "990101001001", department: wardens,
           limit: 1 hour, filing_condition: x}
policy:
"""

OTHER_STREET = """  - {code: "990101002", level: street, parent: "990101", name: {zh: 东, en: East}}
departments:
"""


def told(text: str, write: Callable[[str], Path]) -> list[str]:
    path = write(text)
    return [f"{doubt.key}: {doubt.sentence}" for doubt in doubts(load_city(path), read_document(path))]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "kerb",
            "kerb",
            "duty_list.editions[0]: has nothing about stall_encroachment: the fallback owner gets its cases",
        ),
        (
            "departments:\n",
            OTHER_STREET,
            "duty_list.editions[0]: has exposed_garbage only for some areas: "
            "in 990101002 the territorial or fallback owner gets its cases",
        ),
        (
            "policy:\n",
            COMMUNITY_LINE,
            "duty_list.editions[0].lines[2]: lies inside the area of lines[1], which has another owner: "
            "here this one is asked",
        ),
        ("    moving: true\n", "", "cameras[1]: has no zones: nothing will ever be found here"),
        (
            '    area: "990101001001"\n    gb',
            "    gb",
            "cameras[0]: has no `area`: only duty lines for everywhere and the fallback owner apply",
        ),
        (
            "    position: {lat: 31.23, lon: 121.47}\n",
            "",
            "cameras[0]: has no `position`: its cases appear on no map and merge with no other camera's",
        ),
        (
            '        hours: ["Mon-Fri 07:00-09:30", "Sat,Sun 22:00-06:00"]\n',
            "",
            "cameras[0].zones[0]: is a permitted_market without `hours`: it permits day and night",
        ),
        (
            "bus: 60",
            "bus: 6",
            "cameras[0].zones[0].dwell: is below 10 s, which evidence needs between two pictures: 10 s hold",
        ),
    ],
)
def test_what_the_author_may_not_have_meant(
    old: str, new: str, sentence: str, full: str, write: Callable[[str], Path]
) -> None:
    text = full.replace(old, new, 1)
    if "permitted_market" in sentence:
        text = text.replace("no_parking", "permitted_market")
    assert sentence in told(text, write)


def test_a_city_that_cannot_file_is_doubted(write: Callable[[str], Path]) -> None:
    assert told("city: {name: {zh: 城, en: City}}\n", write) == [
        "duty_list: is missing: findings can be made, but no case can be filed"
    ]


def test_an_inner_area_with_the_same_owner_is_not_doubted(full: str, write: Callable[[str], Path]) -> None:
    line = COMMUNITY_LINE.replace("wardens", "sanitation")
    assert not any("lies inside" in doubt for doubt in told(full.replace("policy:\n", line), write))


def test_the_demo_city_leaves_no_doubt() -> None:
    demo = Path(__file__).parents[3] / "datasets/demo/city.yaml"
    assert list(doubts(load_city(demo), read_document(demo))) == []
