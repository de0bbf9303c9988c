"""A worker killed at any moment and started again gives the same cases, each filed once, with whole evidence.

JIEXUN_TEST_KILLS sets how often on each database: 4 and 2 in the suite, 50 and more by hand.
"""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.rigs.databases import Databases, how_many
from tests.rigs.spot_city import SpotCity, kill_often, spot_city


@pytest.fixture
def city(databases: Databases, tmp_path: Path) -> Iterator[SpotCity]:
    if not databases.is_postgresql:
        yield spot_city(tmp_path)
        return
    with databases.empty() as url:
        yield spot_city(tmp_path, database=url)


def assert_each_parked_car_is_filed_once(city: SpotCity) -> None:
    assert city.rows("select kind from cases") == [("illegal_parking",)] * 2
    assert city.rows("select count(*) from findings") == [(2,)]
    assert city.rows("select count(distinct case_id), count(*) from filings") == [(2, 2)]
    assert city.rows("select count(*) from filings where state = 'acknowledged' or state = 'sent'") == [(2,)]


def test_a_second_run_over_the_same_clip_changes_nothing(tmp_path: Path) -> None:
    city = spot_city(tmp_path)
    city.run()
    assert_each_parked_car_is_filed_once(city)
    before = city.whole()
    city.run()
    assert city.whole() == before


@pytest.mark.slow
@pytest.mark.timeout(0)  # ends by itself, after as many kills as were asked for
def test_kills_at_random_moments_lose_nothing_and_double_nothing(databases: Databases, city: SpotCity) -> None:
    kills = how_many("JIEXUN_TEST_KILLS", databases, sqlite=4, postgresql=2)
    assert kill_often(city, kills, Random(2026), longest=1.2) > 0
    assert_each_parked_car_is_filed_once(city)
