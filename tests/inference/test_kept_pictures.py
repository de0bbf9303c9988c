"""Evidence shows the moment it claims to show, whatever fails between two looks."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from inference.errors import EvidenceError
from inference.evidence.panorama import encode_jpeg
from inference.evidence.spool import MemorySpool
from inference.findings import EvidenceRole, Finding
from inference.sources.pictures import ArrayPicture
from inference.sources.still_picture import still_picture
from inference.zones.hours import HoursSpan, Schedule
from inference.zones.zone import ZoneKind
from tests.street import START, Street, found, inspector, looks, noon_and, zone

CAR = (300.0, 150.0, 420.0, 220.0)
OTHER = (430.0, 150.0, 550.0, 220.0)
BUS = (260.0, 110.0, 520.0, 235.0)


def taken_at(finding: Finding, role: EvidenceRole) -> float:
    """Seconds after the start at which a picture was taken."""
    [ref] = [ref for ref in finding.evidence if ref.role is role and ref.of is None]
    return (ref.captured_at - START).total_seconds()


@dataclass(slots=True, kw_only=True)
class BrokenStore:
    """Refuses one `put` after so many."""

    refuses_after: int
    kept: MemorySpool = field(default_factory=MemorySpool)

    def put(self, data: bytes) -> str:
        self.refuses_after -= 1
        if self.refuses_after == 0:
            raise EvidenceError("the disk is full; free space there")
        return self.kept.put(data)

    def get(self, sha256: str) -> bytes:
        return self.kept.get(sha256)


class NotingSpool(MemorySpool):
    """Notes what was ever put into it."""

    def __init__(self) -> None:
        super().__init__()
        self.names = set[str]()

    def put(self, data: bytes) -> str:
        name = super().put(data)
        self.names.add(name)
        return name


def test_a_car_hidden_when_the_hours_begin_is_shown_when_it_comes_to_sight_again() -> None:
    hours = Schedule(spans=(HoursSpan(start=noon_and(minutes=1), end=noon_and(minutes=59)),))
    street = Street().add("car", CAR).add("bus", BUS, since=57, until=65)
    watcher = inspector(street, zones=(zone(ZoneKind.NO_PARKING, schedule=hours),))
    [finding] = [f for f in found(street, watcher, until=100) if f.object_class == "car"]
    assert taken_at(finding, EvidenceRole.FIRST) == 66


def test_the_first_picture_is_the_first_sight() -> None:
    [finding] = found(Street().add("car", CAR, since=4), until=40)
    assert taken_at(finding, EvidenceRole.FIRST) == 4


def test_pictures_of_the_same_second_are_told_apart() -> None:
    street = Street().add("car", CAR, since=0.5)
    store, shown, findings = MemorySpool(), b"", list[Finding]()
    watcher = inspector(street, store=store)
    for frame in street.frames(until=30, every=0.5):
        to_the_second = frame.captured_at.replace(microsecond=0)
        shown = encode_jpeg(frame.picture.bgr())
        findings += watcher.look(replace(frame, captured_at=to_the_second)).findings
        if findings:
            break
    [ref] = [ref for ref in findings[0].evidence if ref.role is EvidenceRole.LAST]
    assert store.get(ref.sha256) == shown


def test_a_picture_that_was_lost_with_the_spool_is_taken_anew() -> None:
    street = Street().add("car", CAR)
    watcher = inspector(street)
    looks(street, watcher, until=8)
    again = inspector(street, remembered=watcher.memory(), spool=MemorySpool())
    [finding] = found(street, again, since=10, until=40)
    assert finding.first_seen == START
    assert taken_at(finding, EvidenceRole.FIRST) == 10
    assert taken_at(finding, EvidenceRole.LAST) == 20


def test_a_look_that_was_never_written_down_takes_no_picture_away() -> None:
    street = Street().add("car", CAR, confidence=lambda t: 0.9 if t >= 6 else 0.5)
    spool = MemorySpool()
    watcher = inspector(street, spool=spool)
    looks(street, watcher, until=4)
    written = watcher.memory()
    looks(street, watcher, since=6, until=6)  # a surer picture replaces an older one; then the worker dies
    looks(street, inspector(street, remembered=written, spool=spool), since=8, until=10)
    [finding] = found(street, inspector(street, remembered=written, spool=spool), since=8, until=40)
    assert finding.first_seen == START


def test_what_nobody_remembers_is_thrown_away_at_the_start() -> None:
    street = Street().add("car", CAR)
    spool = MemorySpool()
    watcher = inspector(street, spool=spool)
    looks(street, watcher, until=4)
    orphan = spool.put(b"of a look that was never written down")
    again = inspector(street, remembered=watcher.memory(), spool=spool)
    with pytest.raises(EvidenceError):
        spool.get(orphan)
    assert len(found(street, again, since=6, until=40)) == 1


def test_pictures_of_cars_that_have_left_are_thrown_away() -> None:
    street = Street().add("car", CAR, until=8)
    spool = NotingSpool()
    looks(street, inspector(street, spool=spool), until=60)
    assert spool.names
    for name in spool.names:
        with pytest.raises(EvidenceError):
            spool.get(name)


@pytest.mark.parametrize("refused", range(1, 20, 3))
def test_when_evidence_cannot_be_kept_the_next_look_makes_every_finding_again(refused: int) -> None:
    street = Street().add("car", CAR).add("car", OTHER)
    watcher = inspector(street, store=BrokenStore(refuses_after=refused))
    looks(street, watcher, until=10)
    with pytest.raises(EvidenceError):
        looks(street, watcher, since=12, until=12)
    assert [f.first_seen for f in found(street, watcher, since=14, until=20)] == [START, START]


def test_a_stream_that_changes_its_resolution_keeps_its_stays_and_evidence() -> None:
    street = Street().add("car", CAR, confidence=lambda t: 0.9 if t == 0 else 0.6)
    store = MemorySpool()
    watcher, findings = inspector(street, store=store), list[Finding]()
    for frame in street.frames(until=30):
        if street.now < 2:  # the first picture came at half the size; the detector gives boxes of the full picture
            frame = replace(frame, picture=ArrayPicture(pixels=frame.picture.bgr((320, 180))))
        findings += watcher.look(frame).findings
    [finding] = findings
    assert finding.first_seen == START
    assert finding.last_seen == START + timedelta(seconds=12)
    [crop] = [ref for ref in finding.evidence if ref.role is EvidenceRole.CROP]
    width, height = still_picture(store.get(crop.sha256)).size_wh
    assert (width, height) == pytest.approx((60 * 1.3, 35 * 1.3), abs=2)  # the car in the small picture, and its margin
