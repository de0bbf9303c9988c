"""A worker killed at any moment and started again gives the same cases, each filed once, with whole evidence."""

import hashlib
import os
import subprocess
import time
from pathlib import Path
from random import Random

from tests.rigs.spot_city import SpotCity, spot_city

KILLS = int(os.environ.get("JIEXUN_TEST_KILLS", "6"))
"""6 on every commit; 50 and more by hand."""


def run(city: SpotCity) -> None:
    done = subprocess.run(city.command, env=city.environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr


def run_and_kill(city: SpotCity, after: float) -> bool:
    """Start the worker, kill it after so many seconds of its work; say whether it was still at it."""
    with subprocess.Popen(city.command, env=city.environment, stderr=subprocess.DEVNULL) as worker:
        deadline = time.monotonic() + 30
        while not (city.folder / "data" / "jiexun.db").exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(after)
        killed = worker.poll() is None
        worker.kill()
        return killed


def cases(city: SpotCity) -> list[tuple[object, ...]]:
    return city.rows("select kind, state, camera from cases order by number")


def test_work_files_each_parked_car_once(tmp_path: Path) -> None:
    city = spot_city(tmp_path)
    run(city)
    assert [kind for kind, _, _ in cases(city)] == ["illegal_parking"] * 2
    assert city.rows("select count(*) from filings where state = 'acknowledged' or state = 'sent'") == [(2,)]


def test_a_second_run_over_the_same_clip_changes_nothing(tmp_path: Path) -> None:
    city = spot_city(tmp_path)
    run(city)
    before = cases(city)
    run(city)
    assert cases(city) == before


def test_kills_at_random_moments_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    random, city = Random(2026), spot_city(tmp_path)
    killed = sum(run_and_kill(city, random.uniform(0.05, 1.2)) for _ in range(KILLS))
    run(city)
    assert killed > 0
    assert [kind for kind, _, _ in cases(city)] == ["illegal_parking"] * 2
    assert city.rows("select count(*) from findings") == [(2,)]
    assert city.rows("select count(distinct case_id) from filings") == [(2,)]
    for (name,) in city.rows("select distinct sha256 from evidence"):
        path = tmp_path / "data" / "evidence" / str(name)[:2] / str(name)
        assert hashlib.sha256(path.read_bytes()).hexdigest() == name
