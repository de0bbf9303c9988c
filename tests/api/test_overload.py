"""Many times more frames than can be looked at (reliability C1, C3): nothing that was taken is lost, nobody is starved.

`JIEXUN_TEST_OVERLOAD` says for how many seconds. How long health and pages take is told by `tests/rigs/overload.py`.
"""

import os
from pathlib import Path

import pytest

from tests.rigs.empty_database import empty_database
from tests.rigs.fakedept import fake_department
from tests.rigs.overload import flooded
from tests.rigs.served_city import served_city
from tests.rigs.starting import Shell

SECONDS = float(os.environ.get("JIEXUN_TEST_OVERLOAD", "3"))
MOST_BYTES = 512 * 2**20
"""That a flood may add to what the service has when it rests."""


@pytest.mark.slow
@pytest.mark.timeout(0)  # ends by itself, after as many seconds as were asked for
def test_a_flood_is_shed_frame_by_frame_and_loses_no_report(tmp_path: Path) -> None:
    url = empty_database(tmp_path / "jiexun.db")
    with fake_department() as department, served_city(tmp_path, url, department, Shell()) as city:
        flood = flooded(city, url, SECONDS)
        told = flood.told
        assert told.unaccounted == []
        looked_at = told.looked_at
        assert told.offered > 2 * sum(looked_at.values()), "no overload, so nothing is shown"
        assert min(looked_at.values()) >= 0.9 * max(looked_at.values()) - 3, looked_at
        assert {status for answers in told.frames.values() for status in answers} <= {202, 429, 503}
        assert told.without_hint == 0
        assert told.rss - told.idle_rss < MOST_BYTES
        assert told.reports
        assert flood.said_again() == told.reports
