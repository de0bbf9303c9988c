from dataclasses import replace

from api.app import create_app
from api.store.store import SqlStore
from cases.overview import Summary
from tests.web_house import Browser, House


def test_it_lives_and_is_ready(browser: Browser) -> None:
    assert browser.get("/livez").text == "ok\n"
    assert browser.get("/readyz").text == "ok\n"


class Counts(SqlStore):
    """Whoever counts everything takes long in a large city."""

    def summary(self) -> Summary:
        raise AssertionError("everybody may ask this as often as they like")


def test_whether_it_is_ready_costs_nothing(house: House) -> None:
    with Counts(f"sqlite:///{house.folder}/jiexun.db") as store:
        assert Browser(create_app(replace(house.doors, store=store))).get("/readyz").text == "ok\n"


def test_metrics_count_cases_by_state_and_deliveries_that_need_a_person(house: House, browser: Browser) -> None:
    house.case()
    lines = browser.get("/metrics").text.splitlines()
    assert 'jiexun_cases{state="candidate"} 1' in lines
    assert 'jiexun_cases{state="closed"} 0' in lines
    assert 'jiexun_cases_by_kind{kind="illegal_parking"} 1' in lines
    assert "jiexun_findings 1" in lines
    assert "jiexun_filings_waiting_for_a_person 0" in lines
    assert all(line.startswith("#") or line.rsplit(" ", 1)[1].isdecimal() for line in lines)


def test_a_summary_counts_every_kind_and_state(house: House, browser: Browser) -> None:
    house.confirmed(house.case())
    counted = browser.get("/v1/summary").json()
    assert (counted["findings"], counted["cases"], counted["filed"]) == (1, 1, 1)
    assert counted["by_state"]["filed"] == 1
    assert set(counted["by_kind"].values()) == {0, 1}
