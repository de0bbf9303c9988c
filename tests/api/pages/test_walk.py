"""Every page in a real browser: both languages and themes, phone and desk.

In the suite every page is looked at twice, so that each language, theme and size is seen; JIEXUN_WALK=all looks at all
eight combinations.
"""

import os
import re
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
import yaml

from api.accounts.roles import Role
from api.app import create_app
from api.pages.language import Language
from tests.rigs.chromium import PROGRAM
from tests.rigs.page_stops import NO_PAGES, html_routes
from tests.rigs.page_tour import LOOKS as SHOWN
from tests.rigs.page_tour import MOST_BYTES, file_of
from tests.rigs.page_walk import Look, Walk, walking
from tests.tree import ROOT, text

pytestmark = [
    pytest.mark.skipif(PROGRAM is None, reason="no chromium here: apt-get install chromium"),
    pytest.mark.timeout(600),
]
ROWS: list[dict[str, Any]] = yaml.safe_load(text("tests/api/matrix.yaml"))["rows"]
MOST_OF_ALL = 4_000_000
"""Bytes of all pictures of pages together."""
IN_THE_SUITE = (
    Look(language=Language.ZH, dark=True, phone=True),
    Look(language=Language.EN, dark=False, phone=False),
)
ALL = tuple(
    Look(language=one, dark=dark, phone=phone) for phone, dark, one in product((False, True), (False, True), Language)
)
LOOKS = ALL if os.environ.get("JIEXUN_WALK") == "all" else IN_THE_SUITE


@pytest.fixture(scope="module")
def walk() -> Iterator[Walk]:
    with walking() as walk:
        yield walk


def test_every_page_has_its_place_in_the_walk(walk: Walk) -> None:
    walked = {stop.route for stop in walk.stops}
    assert html_routes(create_app(walk.town.house.doors)) == walked | NO_PAGES.keys()
    assert walked.isdisjoint(NO_PAGES)


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_nothing_is_wrong_with_any_page(walk: Walk, look: Look) -> None:
    walk.look(look)
    assert [complaint for stop in walk.stops for complaint in walk.complaints(stop, look)] == []


@pytest.mark.parametrize("width", [700, 1000])
def test_all_sections_fit_between_a_phone_and_a_desk(walk: Walk, width: int) -> None:
    walk.browser.look_like(width, 844)
    first = walk.stops[0]
    for language in Language:
        walk.open(first, language)
        assert walk.browser.value("document.documentElement.scrollWidth") <= width
        assert walk.browser.value("(nav => nav.scrollWidth <= nav.clientWidth)(document.querySelector('.top nav'))")


def test_every_page_is_described_with_who_opens_it_and_shown(walk: Walk) -> None:
    told = text("docs/pages.md")
    allowed = {row["route"].removeprefix("GET "): row["allow"] for row in reversed(ROWS)}
    for stop in walk.stops:
        allow = allowed[stop.route]
        people = ", ".join(role for role in Role if role in allow)
        who = "everybody, without signing in" if "public" in allow else people
        assert f"\n`{stop.route}` · {who}\n" in told, stop.route
    shown = re.findall(r'src="pictures/pages/([^"]+)"', told)
    assert sorted(shown) == sorted(file_of(stop.name, look) for stop in walk.stops for look in SHOWN)
    pictures = {path.name: path.stat().st_size for path in (ROOT / "docs/pictures/pages").iterdir()}
    assert pictures.keys() == set(shown)
    assert max(pictures.values()) <= MOST_BYTES
    assert sum(pictures.values()) <= MOST_OF_ALL
