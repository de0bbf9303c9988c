"""The plan: what is worth a visit, tours that keep their time and the direction of traffic, and what is refused."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest

from cases.errors import PlanRefused
from cases.patrolling.gpx import NAMESPACE, gpx_of
from cases.patrolling.plan import Matter, Reason, Worth, worths
from cases.patrolling.roads import RoadMap
from cases.patrolling.roster import Vehicle
from cases.patrolling.tours import tours
from inference.geo import LatLon
from tests.cases.patrolling.test_roads import a_road, at

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
RING = RoadMap(
    [
        a_road("south", at(0, 0), at(300, 0)),
        a_road("east", at(300, 0), at(300, 300), one_way=True),
        a_road("north", at(300, 300), at(0, 300)),
        a_road("west", at(0, 300), at(0, 0)),
        a_road("far", at(0, 300), at(0, 3000)),
    ]
)


def place(east: float, north: float) -> LatLon:
    lon, lat = at(east, north)
    return LatLon(lat=lat, lon=lon)


def a_vehicle(id: str = "car", minutes: float = 10.0) -> Vehicle:
    return Vehicle(id=id, start=place(0, 0), minutes=minutes, speed=5.0)


def asked(*matters: Matter, seen: dict[str, datetime] | None = None) -> tuple[Worth, ...]:
    known = {stretch.id: NOW - timedelta(hours=1) for stretch in RING.stretches} if seen is None else seen
    return worths(RING, matters, known, at=NOW, seen_every=timedelta(hours=24), zone=UTC)


def test_each_reason_sends_a_vehicle_where_it_belongs() -> None:
    waits = Matter(place=place(150, 10), seen_at=NOW - timedelta(hours=8), awaits_check=True)
    comes_back = Matter(place=place(290, 150), seen_at=NOW - timedelta(hours=8), recurs=True)
    this_hour = Matter(place=place(150, 290), seen_at=NOW - timedelta(days=3, minutes=30))
    nowhere = Matter(place=place(9000, 0), seen_at=NOW, awaits_check=True)
    found = asked(waits, comes_back, this_hour, nowhere)
    assert [(one.block.road.id, set(one.by_reason)) for one in found] == [
        ("south", {Reason.RECHECK}),
        ("east", {Reason.RECURRENCE}),
        ("north", {Reason.RISK}),
    ]


def test_streets_that_nobody_saw_are_owed_and_those_just_seen_are_not() -> None:
    assert asked() == ()
    never = asked(seen={})
    assert never[0].block.road.id == "far"
    yesterday = asked(seen={stretch.id: NOW - timedelta(hours=30) for stretch in RING.stretches})
    assert never[-1].total > yesterday[-1].total > 0


def test_a_tour_visits_what_it_is_sent_to_in_the_direction_of_traffic_and_comes_home() -> None:
    [tour] = tours(
        RING, asked(Matter(place=place(290, 150), seen_at=NOW, awaits_check=True)), [a_vehicle()], iterations=50
    )
    assert [(leg.block.road.id, leg.forward) for leg in tour.legs][:2] == [("south", True), ("east", True)]
    assert tour.line[0].metres_to(tour.line[-1]) < 1
    assert tour.seconds <= 600
    assert [leg.worth is not None for leg in tour.legs] == [False, True, *[False] * (len(tour.legs) - 2)]


def test_what_does_not_fit_into_the_time_is_left_out() -> None:
    [short] = tours(RING, asked(seen={}), [a_vehicle(minutes=5)], iterations=100)
    assert "far" not in {leg.block.road.id for leg in short.legs}
    assert 0 < short.seconds <= 300
    [none] = tours(RING, asked(), [a_vehicle()], iterations=50)
    assert (none.legs, none.line, none.worth) == ((), (), 0)


def test_two_vehicles_share_the_work_and_the_same_question_has_the_same_answer() -> None:
    vehicles = [a_vehicle("a", 30), a_vehicle("b", 30)]
    both = tours(RING, asked(seen={}), vehicles, iterations=100)
    visited = [leg.block.id for tour in both for leg in tour.legs if leg.worth]
    assert len(visited) == len(set(visited))
    assert tours(RING, asked(seen={}), vehicles, iterations=100) == both


def test_a_tour_is_a_gpx_track_with_its_visits() -> None:
    [tour] = tours(
        RING, asked(Matter(place=place(150, 10), seen_at=NOW, awaits_check=True)), [a_vehicle()], iterations=50
    )
    root = ElementTree.fromstring(gpx_of(tour, "一号车"))
    points = root.findall(f"{{{NAMESPACE}}}trk/{{{NAMESPACE}}}trkseg/{{{NAMESPACE}}}trkpt")
    assert len(points) == len(tour.line)
    assert float(points[0].attrib["lat"]) == pytest.approx(tour.line[0].lat, abs=1e-6)
    [visit] = root.findall(f"{{{NAMESPACE}}}wpt/{{{NAMESPACE}}}desc")
    assert visit.text is not None
    assert "recheck" in visit.text


@pytest.mark.parametrize(
    ("roads", "vehicles", "sentence"),
    [
        (RoadMap(), [a_vehicle()], "names no roads"),
        (RING, [], "no vehicle has a crew"),
        (RING, [Vehicle(id="x", start=LatLon(lat=0, lon=0), minutes=10, speed=5)], "correct it in the city file"),
    ],
)
def test_what_cannot_be_planned_is_refused_in_words(roads: RoadMap, vehicles: list[Vehicle], sentence: str) -> None:
    with pytest.raises(PlanRefused, match=sentence):
        tours(roads, asked(seen={}), vehicles)
