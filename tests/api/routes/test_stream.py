"""Server-sent events: each account hears of its own cases, once, in order, and no longer than it is signed in."""

import json
from collections.abc import Iterator

import httpx

from api.accounts.roles import Role
from api.app import create_app
from api.live import Feed
from inference.findings import ViolationKind
from tests.patrolled_house import driving
from tests.rigs.served_app import served
from tests.web_house import Browser, House

Event = tuple[str, str, dict[str, object]]
"""Its id, its name, and what it says."""


def heard(browser: Browser, **headers: str) -> list[Event]:
    """What a stream says at once, when it is left at once."""
    answer = browser.get("/v1/stream?for_seconds=0", headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    return list(events(answer.text.split("\n")))


def events(lines: Iterator[str] | list[str]) -> Iterator[Event]:
    """Events as a browser understands them: what has no data is none."""
    fields: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        else:
            if "data" in fields:
                yield fields.get("id", ""), fields.get("event", "message"), json.loads(fields["data"])
            fields = {}


def last_entry(house: House) -> str:
    return str(house.store.audit_tail().sequence)


def test_who_comes_back_hears_what_has_happened_since_each_case_once(house: House) -> None:
    browser = house.browser()
    assert heard(browser) == []
    before = last_entry(house)
    case = house.confirmed(house.case())
    other = house.case(kind=ViolationKind.EXPOSED_GARBAGE, camera="market-street")
    told = heard(browser, **{"Last-Event-ID": before})
    assert [(name, said["id"]) for _, name, said in told] == [("case", case.id), ("case", other.id)]
    assert told[0][2]["state"] == "filed"
    assert told[0][2]["number"] == case.number
    assert heard(browser, **{"Last-Event-ID": told[0][0]}) == told[1:]
    assert heard(browser, **{"Last-Event-ID": told[1][0]}) == []


def test_nobody_hears_of_what_is_not_theirs(house: House) -> None:
    before = last_entry(house)
    mine = house.case(camera="east-gate")
    house.case(kind=ViolationKind.EXPOSED_GARBAGE, camera="market-street")
    north = house.browser_of(house.person(Role.SUPERVISOR, areas=["north"]))
    assert [said["id"] for _, _, said in heard(north, **{"Last-Event-ID": before})] == [mine.id]
    observer = house.browser_of(house.person(Role.OBSERVER, name="deputy"))
    assert heard(observer, **{"Last-Event-ID": before}) == []
    house.confirmed(mine)
    [(_, name, said)] = heard(observer, **{"Last-Event-ID": before})
    assert (name, said["id"]) == ("case", mine.id)


def test_a_department_hears_that_a_case_is_no_longer_its_own(house: House) -> None:
    case = house.confirmed(house.case())
    police = house.browser_of(house.person(Role.HANDLER, name="police", departments=["police"]))
    wardens = house.browser_of(house.person(Role.HANDLER, name="wardens", departments=["wardens"]))
    before = last_entry(house)
    returned = house.doors.desk.send_back(case.id, version=case.version, by="police", reason="not ours")
    house.doors.desk.reassign(case.id, version=returned.version, by="Chen Yu", department="wardens", reason="theirs")
    [(_, name, said)] = heard(police, **{"Last-Event-ID": before})
    assert (name, said) == ("gone", {"id": case.id})
    assert [name for _, name, _ in heard(wardens, **{"Last-Event-ID": before})] == ["case"]
    sanitation = house.browser_of(house.person(Role.HANDLER, name="other", departments=["sanitation"]))
    assert heard(sanitation, **{"Last-Event-ID": before}) == []


def test_who_has_missed_more_than_is_remembered_reads_everything_again(house: House) -> None:
    house.case()
    [(_, name, _)] = heard(house.browser(), **{"Last-Event-ID": "99999"})
    assert name == "reset"
    assert house.browser().get("/v1/stream", headers={"Last-Event-ID": "soon"}).status_code == 422


def test_a_stream_ends_when_its_reader_signs_out(house: House) -> None:
    session = house.accounts.open_session(house.person(Role.SUPERVISOR))
    with served(house.doors) as address, httpx.Client(base_url=address, cookies={"jiexun": session}) as client:
        with client.stream("GET", "/v1/stream", timeout=30) as answer:
            told = events(answer.iter_lines())
            case = house.case()
            assert next(told)[2]["id"] == case.id
            house.accounts.sign_out(session)
            house.case(kind=ViolationKind.EXPOSED_GARBAGE, camera="market-street")
            assert [name for _, name, _ in told] == ["over"]
        assert client.get("/v1/stream?for_seconds=0").status_code == 401


def test_so_many_watch_and_no_more(house: House) -> None:
    app = create_app(house.doors)
    browser, feed = house.browser_of(house.person(Role.SUPERVISOR), app), app.state.feed
    assert isinstance(feed, Feed)
    me = house.person(Role.SUPERVISOR).id
    for _ in range(4):
        feed.enter(me)
    refused = browser.get("/v1/stream?for_seconds=0", headers={})
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "60")
    feed.leave(me)
    assert browser.get("/v1/stream?for_seconds=0").status_code == 200
    assert feed.watching == 3


def test_a_vehicle_that_moves_is_told_to_those_who_may_see_it(house: House) -> None:
    driving(house, 1)
    [(id, name, said)] = heard(house.browser(Role.DISPATCHER))
    assert (id, name, said["id"]) == ("", "vehicle", "patrol-7")
    assert said["geometry"] == {"type": "Point", "coordinates": [121.4701, 31.23]}
    assert heard(house.browser(Role.HANDLER, departments=["police"])) == []
    assert heard(house.browser(Role.SUPERVISOR, areas=["north"])) == []


def test_vehicles_on_the_map_lie_in_somebody_s_areas_and_are_live_while_they_drive(house: House) -> None:
    driving(house, 1)
    address = "/v1/patrols/vehicles.geojson"
    [shown] = house.browser(Role.LEADER).get(address).json()["features"]
    assert (shown["id"], shown["properties"]["name_en"], shown["properties"]["live"]) == (
        "patrol-7",
        "Patrol car 7",
        True,
    )
    assert house.browser(Role.SUPERVISOR, areas=["north"]).get(address).json()["features"] == []
    house.clock.forward(minutes=10)
    [shown] = house.browser(Role.LEADER).get(address).json()["features"]
    assert not shown["properties"]["live"]
    assert heard(house.browser(Role.DISPATCHER)) == []
