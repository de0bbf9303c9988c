"""The queue of the reviewers."""

from api.accounts.roles import Role
from inference.findings import ViolationKind
from tests.web_house import House


def order(house: House, query: str = "") -> list[str]:
    answer = house.browser(Role.SUPERVISOR).get(f"/v1/review?limit=64&{query}")
    assert answer.status_code == 200
    return [item["number"] for item in answer.json()["items"]]


def test_what_may_take_less_time_what_is_surer_and_what_waited_longer_comes_first(house: House) -> None:
    slow = house.case(kind=ViolationKind.EXPOSED_GARBAGE, camera="market-street")
    unsure = house.case(zone="a", camera="patrol-7", confidence=0.3, kind=ViolationKind.STALL_ENCROACHMENT)
    sure = house.case(zone="b", confidence=0.9)
    assert order(house) == [sure.number, slow.number, unsure.number]
    house.clock.forward(hours=30)
    new = house.case(zone="c", camera="market-street", confidence=0.95)
    assert order(house) == [sure.number, slow.number, unsure.number, new.number]


def test_an_item_brings_all_that_one_looks_at(house: House) -> None:
    finding = house.finding()
    case = house.take_in(finding)
    [item] = house.browser(Role.SUPERVISOR).get("/v1/review").json()["items"]
    assert (item["case_id"], item["version"], item["finding"]) == (case.id, 1, finding.key)
    assert item["box"] == list(finding.box)
    for address in item["pictures"].values():
        assert house.browser(Role.SUPERVISOR).get(address).headers["content-type"] == "image/jpeg"


def test_what_is_known_or_decided_is_not_sent_again(house: House) -> None:
    one, two, three = (
        house.case(zone=zone, camera=camera, kind=kind)
        for zone, camera, kind in (
            ("a", "east-gate", ViolationKind.ILLEGAL_PARKING),
            ("b", "market-street", ViolationKind.EXPOSED_GARBAGE),
            ("c", "patrol-7", ViolationKind.STALL_ENCROACHMENT),
        )
    )
    house.confirmed(two)
    assert order(house, f"known={one.id}") == [three.number]
    answer = house.browser(Role.SUPERVISOR).get("/v1/review?limit=1").json()
    assert (len(answer["items"]), answer["waiting"]) == (1, 2)


def test_a_supervisor_of_an_area_judges_what_is_in_it(house: House) -> None:
    house.case(camera="east-gate")
    south = house.case(camera="market-street", kind=ViolationKind.EXPOSED_GARBAGE)
    [item] = house.browser(Role.SUPERVISOR, areas=["south"]).get("/v1/review").json()["items"]
    assert item["case_id"] == south.id
