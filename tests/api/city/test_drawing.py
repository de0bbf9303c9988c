"""Drawings: what is drawn on a page is what a city file says, there and back."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.city.city import load_city
from api.city.drawing import Drawing, read_drawing
from api.city.hours import DAY_KINDS, WEEKDAYS, parse_hours, parse_season, written_hours, written_season
from tests.web_house import CITY

FULL = Path(__file__).with_name("full.yaml")


def test_every_zone_of_a_full_city_survives_page_and_file(tmp_path: Path) -> None:
    city = load_city(FULL)
    assert any(camera.zones for camera in city.file.cameras)
    for camera in city.file.cameras:
        drawing = read_drawing(Drawing.of(camera).plain())
        assert drawing.on(city.view(camera.id), city.calendar).zones == city.view(camera.id).zones
        path = tmp_path / "city.yaml"
        fragment = "".join(f"    {line}\n" for line in drawing.as_yaml().splitlines())
        head = "city: {name: {zh: 一, en: One}}\ncameras:\n  - id: cam\n    name: {zh: 一, en: One}\n"
        path.write_text(head + fragment, encoding="utf-8")
        assert Drawing.of(load_city(path).file.cameras[0]).plain() == drawing.plain()


@given(
    days=st.one_of(
        st.sampled_from(sorted(DAY_KINDS)),
        st.lists(st.sampled_from(WEEKDAYS), min_size=1, unique=True).map(",".join),
    ),
    start=st.integers(0, 1439),
    length=st.integers(1, 1440),
)
def test_hours_are_written_as_they_are_read(days: str, start: int, length: int) -> None:
    end = start + length if start + length == 1440 else (start + length) % 1440
    if start == end % 1440 and end != 1440:
        return
    text = f"{days} {start // 60:02d}:{start % 60:02d}-{end // 60:02d}:{end % 60:02d}"
    assert parse_hours(written_hours(parse_hours(text))) == parse_hours(text)


def test_a_season_is_written_as_it_is_read() -> None:
    assert written_season(parse_season("11-01..02-28")) == "11-01..02-28"


@pytest.mark.parametrize(
    ("zone", "word"),
    [
        ({"id": "a", "kind": "no_parking", "polygon": [[0, 0], [1, 1], [1, 0], [0, 1]]}, "cross"),
        ({"id": "a", "kind": "no_parking", "line": [[0, 0], [1, 1]]}, "polygon"),
        ({"id": "A b", "kind": "no_parking", "polygon": [[0, 0], [1, 0], [1, 1]]}, "small letters"),
        ({"id": "a", "kind": "no_parking", "polygon": [[0, 0], [1, 0], [1, 1]], "hours": ["soon"]}, "look like"),
        ({"id": "a", "kind": "no_parking", "polygon": [[0, 0], [1, 0], [1, 1]], "speed": 3}, "not a key"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_one_sentence(zone: dict[str, object], word: str) -> None:
    with pytest.raises(ValueError, match=word) as refused:
        read_drawing({"zones": [zone]})
    assert "\n" not in str(refused.value)


def test_no_two_zones_have_one_name() -> None:
    zone = {"id": "a", "kind": "no_parking", "polygon": [[0, 0], [1, 0], [1, 1]]}
    with pytest.raises(ValueError, match="called a"):
        read_drawing({"zones": [zone, zone]})
    assert load_city(CITY).file.cameras[0].reference_points == ()
