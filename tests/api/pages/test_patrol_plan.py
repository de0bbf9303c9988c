"""The plan on its page, and what it says where none can be made."""

from pathlib import Path

from api.accounts.roles import Role
from api.city.city import load_city
from tests.web_house import House

DEMO = Path(__file__).parents[3] / "datasets/demo/city.yaml"
MORNING = "2026-03-02T10:00"


def test_tours_of_the_crews_on_duty_and_their_files(house: House) -> None:
    house.city = load_city(DEMO)
    browser = house.browser(Role.DISPATCHER)
    text = browser.get(f"/patrols/plan?at={MORNING}&lang=en").text
    assert "Patrol car 1" in text
    assert "沈立、顾敏" in text
    file = browser.get(f"/patrols/plan/patrol-1.gpx?at={MORNING}")
    assert file.headers["content-type"] == "application/gpx+xml"
    assert b"<trkpt" in file.content


def test_where_nothing_can_be_planned_the_page_says_why(house: House) -> None:
    text = house.browser(Role.DISPATCHER).get(f"/patrols/plan?at={MORNING}&lang=en").text
    assert "names no roads" in text
    refused = house.browser(Role.DISPATCHER).get("/patrols/plan/patrol-7.gpx")
    assert refused.status_code == 409
