"""A worker killed at any moment and started again gives the same cases, each filed once, with whole evidence."""

import os
from pathlib import Path
from random import Random

import pytest

from tests.rigs.spot_city import SpotCity, kill_often, spot_city

KILLS = int(os.environ.get("JIEXUN_TEST_KILLS", "6"))
"""6 on every commit; 50 and more by hand."""


def assert_each_parked_car_is_filed_once(city: SpotCity) -> None:
    assert city.rows("select kind from cases") == [("illegal_parking",)] * 2
    assert city.rows("select count(*) from findings") == [(2,)]
    assert city.rows("select count(distinct case_id), count(*) from filings") == [(2, 2)]


def test_work_files_each_parked_car_once(tmp_path: Path) -> None:
    city = spot_city(tmp_path)
    city.run()
    assert_each_parked_car_is_filed_once(city)
    assert city.rows("select count(*) from filings where state = 'acknowledged' or state = 'sent'") == [(2,)]


def test_a_second_run_over_the_same_clip_changes_nothing(tmp_path: Path) -> None:
    city = spot_city(tmp_path)
    city.run()
    before = city.whole()
    city.run()
    assert city.whole() == before


@pytest.mark.slow
def test_kills_at_random_moments_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    city = spot_city(tmp_path)
    assert kill_often(city, KILLS, Random(2026), longest=1.2) > 0
    assert_each_parked_car_is_filed_once(city)
