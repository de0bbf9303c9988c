"""Sites over passes, and the map under them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.errors import EvidenceError, MapError
from inference.evidence.spool import MemorySpool
from inference.geo import LatLon
from inference.memory import MemoryUnreadable
from inference.patrol.encounter import Encounter
from inference.patrol.fusion import fused
from inference.patrol.motion_fit import motion_of
from inference.patrol.pass_memory import read_pass, read_site, written_site
from inference.patrol.pictures import SitePictures
from inference.patrol.sighting import Sighting
from inference.patrol.site_book import ENCOUNTERS_KEPT, SiteBook
from inference.patrol.spread import Spread, round_spread
from inference.patrol.street_map import Ground, street_map_from

HERE = LatLon(lat=31.2304, lon=121.4737)
BEGAN = datetime(2026, 5, 14, 4, 0, tzinfo=UTC)


def sighting(second: float, east: float = 0.0, *, from_east: float = -15.0, own: float = 1.0) -> Sighting:
    return Sighting(
        at=BEGAN + timedelta(seconds=second),
        object_class="garbage",
        confidence=0.8,
        box=(0.4, 0.5, 0.5, 0.6),
        where=HERE.moved(east, 0),
        own=round_spread(own),
        shared=2.0,
        seen_from=HERE.moved(from_east, 0),
        right=3.0,
        ahead=east - from_east,
    )


def encounter(hours: float, east: float = 0.0, *, vehicle: str = "van", family: str = "rubbish") -> Encounter:
    one = sighting(hours * 3600, east)
    return Encounter(
        vehicle=vehicle,
        started=one.at,
        family=family,
        sightings=(one,),
        views=1,
        where=one.where,
        own=one.own,
        shared=2.0,
    )


def test_encounters_within_their_errors_are_one_site_and_others_are_not() -> None:
    book = SiteBook()
    sites = [book.add(encounter(hours, east)) for hours, east in ((0, 0.0), (1, 3.0), (2, -2.0), (3, 15.0))]
    assert sites[0].key == sites[1].key == sites[2].key != sites[3].key
    assert sites[2].passes == 3
    assert sites[2].uncertainty < sites[0].uncertainty


def test_another_family_is_another_site_but_a_stall_and_its_parts_are_one() -> None:
    book = SiteBook()
    for number, family in enumerate(("rubbish", "stall", "stall_part")):
        book.add(encounter(number, family=family))
    assert sorted(site.family for site in book.sites) == ["rubbish", "stall"]


def test_sites_stay_few_and_small_and_say_what_has_changed() -> None:
    book = SiteBook(most=10, forgotten_after=timedelta(hours=24))
    for number in range(40):
        book.add(encounter(number / 10, east=50.0 * number))
    book.forget(BEGAN + timedelta(hours=5))
    assert len(book.sites) == 10
    grown = [book.add(encounter(5 + number / 10, east=50.0 * 39)) for number in range(30)]
    assert len(grown[-1].encounters) == ENCOUNTERS_KEPT
    changes = book.take_changes()
    assert len(changes.gone) == 30
    assert {s.key for s in changes.saved} == {s.key for s in book.sites}
    assert book.take_changes().saved == ()
    again = SiteBook(read_site(written_site(s)) for s in book.sites)
    assert again.sites == book.sites
    again.forget(BEGAN + timedelta(days=3))
    assert again.sites == ()
    assert again.near(HERE, 1000) == []


def test_what_is_reported_stays_so() -> None:
    book = SiteBook()
    site = book.reported(book.add(encounter(0)), "exposed_garbage")
    assert book.add(encounter(1)).reported == site.reported == ("exposed_garbage",)


def test_damaged_memories_are_refused() -> None:
    for read in (read_pass, read_site):
        for data in (b"", b"{}", b"[1]", b"\xff", b'{"version": NaN}'):
            with pytest.raises(MemoryUnreadable, match="delete its row"):
                read(data)


def spread_of(east: float, north: float, tie: float) -> Spread:
    return Spread(east=east, north=north, both=tie * (east * north) ** 0.5)


spreads = st.builds(spread_of, st.floats(0.05, 40), st.floats(0.05, 40), st.floats(-0.95, 0.95))
looks = st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9), spreads), min_size=1, max_size=8)


@settings(max_examples=100, deadline=None)
@given(looks)
def test_many_looks_together_lie_among_them_and_are_no_less_sure(
    given_looks: list[tuple[float, float, Spread]],
) -> None:
    together = [(HERE.moved(east, north), spread) for east, north, spread in given_looks]
    where, spread = fused(together)
    best = min(s.metres for _, s in together)
    assert spread.metres <= best * 1.3 + 0.2
    assert abs(spread.both) <= (spread.east * spread.north) ** 0.5
    assert where.metres_to(HERE) < 60
    assert fused(together[:1])[0].metres_to(together[0][0]) < 1e-3


@pytest.mark.parametrize(
    ("easts", "moves", "stands"),
    [((0.0, 0.2, -0.1, 0.1), False, True), ((0.0, 8.0, 16.0, 24.0), True, False), ((0.0, 4.0, 8.1, 12.0), True, False)],
)
def test_movement_over_the_ground_is_told_from_standing(easts: Sequence[float], moves: bool, stands: bool) -> None:
    motion = motion_of([sighting(n, east, from_east=-20 + 8.0 * n) for n, east in enumerate(easts)])
    assert motion is not None
    assert (motion.moves, motion.stands) == (moves, stands)


def test_one_look_tells_no_movement() -> None:
    assert motion_of([sighting(0)]) is None


def collection(*features: object) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features})


def feature(kind: str, geometry: Mapping[str, object], **more: object) -> dict[str, object]:
    return {"type": "Feature", "properties": {"kind": kind, **more}, "geometry": geometry}


def test_a_line_becomes_a_road_of_its_width() -> None:
    far = HERE.moved(100, 0)
    line = {"type": "LineString", "coordinates": [[HERE.lon, HERE.lat], [far.lon, far.lat]]}
    streets = street_map_from(collection(feature("carriageway", line, width=7, id="main")))
    sure = round_spread(0.1)
    [(part, share)] = streets.shares(HERE.moved(50, 3.0), sure)
    assert (part.id, part.ground, share) == ("main", Ground.CARRIAGEWAY, 1.0)
    assert streets.shares(HERE.moved(50, 4.0), sure) == []
    [(_, likely)] = streets.shares(HERE.moved(50, 3.5), round_spread(2.0))
    assert 0.3 < likely < 0.7
    assert streets.has(Ground.CARRIAGEWAY)
    assert not streets.has(Ground.NO_PARKING)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"features": 5}',
        collection(None),
        collection(feature("motorway", {"type": "Point", "coordinates": [1, 2]})),
        collection(feature("pavement", {"type": "Point", "coordinates": [1, 2]})),
        collection(feature("pavement", {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 1], [1, 0], [0, 0]]]})),
        collection(feature("pavement", {"type": "LineString", "coordinates": [[0, 0], [999, 999]]})),
        collection(feature("pavement", {"type": "LineString", "coordinates": [[0, 0], [0, 1]]}, width="NaN")),
        "[" * 100_000,
    ],
)
def test_a_map_that_is_none_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(MapError, match="street map"):
        street_map_from(text)


@pytest.mark.parametrize(
    ("plates", "same"), [(("京A·1", "京A·1"), True), (("京A·1", "京A·2"), False), ((None, "京A·1"), False)]
)
def test_a_plate_that_a_plug_in_reads_decides(plates: tuple[str | None, str | None], same: bool) -> None:
    book = SiteBook()
    patches = [bytes(range(256)) * 3, bytes(reversed(range(256))) * 3]  # that do not resemble one another
    for number, plate in enumerate(plates):
        met = encounter(number, family="vehicle")
        seen = replace(met.sightings[0], plate=plate, patch=patches[number])
        book.add(replace(met, sightings=(seen,)))
    assert len(book.sites) == (1 if same else 2)


def test_a_site_s_picture_is_thrown_away_only_when_the_look_that_gives_it_up_is_written_down() -> None:
    spool = MemorySpool()
    name = spool.put(b"a picture")
    pictures = SitePictures(spool, {name})
    pictures.sweep(set())
    assert spool.get(name) == b"a picture"  # whoever dies now finds it needed again
    pictures.sweep(set())
    with pytest.raises(EvidenceError, match="no picture"):
        spool.get(name)
