"""Retention: evidence goes when its time is over, with a receipt, and nothing that is still needed goes with it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from api.purging import purge, purge_tracks
from api.receiving import attach, receive
from api.store.store import SqlStore
from cases.case import Case
from cases.history import Proof
from cases.patrolling.passes import Pass, PassKind, TrackPoint
from cases.report import Attachment
from cases.retention import Retention, evidence_of
from cases.states import CaseState
from inference.findings import EvidenceRole, ViolationKind
from inference.geo import LatLon
from tests.case_builders import a_report
from tests.web_house import House, build_house, jpeg

RULES = Retention(days={CaseState.REJECTED: 30, CaseState.CLOSED: 365})


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = build_house(tmp_path)
    with house.store:
        yield house


def run(house: House, rules: Retention = RULES) -> int:
    return purge(house.store.purging, house.evidence, rules, by="jiexun", clock=house.clock)


def rejected(house: House, seed: int, **of_finding: object) -> Case:
    case = house.case(pictures=(jpeg(seed), jpeg(seed + 1)), zone=f"z{seed}", **of_finding)
    return house.doors.desk.reject(case.id, version=case.version, by="Chen Yu", reason="permitted bay")


def kept(house: House, case: Case) -> int:
    folder = house.folder / "evidence"
    return sum((folder / name[:2] / name).exists() for name in evidence_of(house.dossier(case)))


def test_nothing_goes_a_day_too_early_and_everything_goes_a_day_later(house: House) -> None:
    case, browser = rejected(house, 1), house.browser()
    original = next(ref for ref in house.dossier(case).findings[0].evidence if ref.role is EvidenceRole.LAST)
    house.clock.forward(days=29, hours=23)
    assert (run(house), kept(house, case) > 0) == (0, True)
    house.clock.forward(hours=2)
    house.door_clock.now = house.clock.now
    browser = house.browser()
    assert (run(house), kept(house, case)) == (1, 0)
    assert run(house) == 0
    gone = browser.get(f"/v1/evidence/{original.sha256}", headers={})
    assert (gone.status_code, "time was over" in gone.json()["detail"]) == (410, True)
    [receipt] = house.store.audit_search(what="evidence.purged")
    assert receipt.object == case.id
    assert original.sha256 in receipt.payload
    assert browser.get(f"/cases/{case.id}").status_code == 200
    page = browser.get(f"/findings/{house.dossier(case).findings[0].key}?lang=en").text
    assert ("when its time was over" in page, "missing or has been changed" in page) == (True, False)
    assert house.notary.sign() is not None


def test_what_another_case_needs_stays(house: House) -> None:
    pictures = (jpeg(70), jpeg(71))
    case = house.case(pictures=pictures, zone="a")
    house.doors.desk.reject(case.id, version=case.version, by="Chen Yu", reason="permitted bay")
    other = house.case(pictures=pictures, zone="b", camera="market-street", kind=ViolationKind.EXPOSED_GARBAGE)
    house.clock.forward(days=31)
    assert run(house) == 1
    shared = {ref.sha256 for ref in house.dossier(other).findings[0].evidence}
    assert kept(house, other) == len(shared)
    assert 0 < kept(house, case) < len(evidence_of(house.dossier(case)))


def test_what_several_cases_shared_goes_with_the_last_of_them(house: House) -> None:
    pictures = (jpeg(70), jpeg(71))
    case = house.case(pictures=pictures, zone="a")
    house.doors.desk.reject(case.id, version=case.version, by="Chen Yu", reason="permitted bay")
    house.clock.forward(days=10)
    other = house.case(pictures=pictures, zone="b", camera="market-street", kind=ViolationKind.EXPOSED_GARBAGE)
    house.doors.desk.reject(other.id, version=other.version, by="Chen Yu", reason="permitted bay")
    house.clock.forward(days=21)
    assert run(house) == 1
    assert kept(house, other) > 0
    house.clock.forward(days=10)
    assert run(house) == 1
    assert (kept(house, case), kept(house, other)) == (0, 0)


def test_the_masked_copy_of_a_photo_goes_with_the_photo(house: House) -> None:
    original, masked = house.evidence.put(jpeg(80)), house.evidence.put(jpeg(81))
    photo = Attachment(
        sha256=original, media_type="image/jpeg", size_bytes=1, received_at=house.clock(), public_sha256=masked
    )
    report = a_report(code="0110", attachments=(attach(house.store, photo),))
    receipt = receive(house.store, house.doors.intake, report, at=house.clock())
    case = house.store.dossier(receipt.case_id).case
    house.doors.desk.reject(case.id, version=case.version, by="Chen Yu", reason="permitted bay")
    house.clock.forward(days=31)
    assert run(house) == 1
    assert [place.name for place in (house.folder / "evidence").rglob("?" * 64)] == []


def closed_once_more(house: House, case: Case, seed: int) -> Case:
    desk, shown = house.doors.desk, house.evidence.put(jpeg(seed))
    proof = Proof(sha256=shown, media_type="image/jpeg", size_bytes=1, taken_at=house.clock())
    case = desk.handle(case.id, version=house.now(case).version, by="police", proofs=(proof,))
    return desk.close(case.id, version=case.version, by="Chen Yu", reason="clean")


def test_a_case_that_is_opened_again_after_its_time_ends_again(house: House) -> None:
    desk, case = house.doors.desk, house.confirmed(house.case(zone="again"))
    case = closed_once_more(house, desk.accept(case.id, version=case.version, by="police"), 60)
    with SqlStore(f"sqlite:///{house.folder}/jiexun.db", clock=house.clock) as store:

        def run_now() -> int:
            return purge(store.purging, house.evidence, RULES, by="jiexun", clock=house.clock)

        house.clock.forward(days=366)
        assert (run_now(), kept(house, case)) == (1, 0)
        case = desk.reopen(case.id, version=case.version, by="Chen Yu", reason="it is back")
        house.clock.forward(days=400)
        assert run_now() == 0
        for seed in (61, 60):  # the second picture is the one that was deleted before
            case = closed_once_more(house, case, seed)
            case = desk.reopen(case.id, version=case.version, by="Chen Yu", reason="it is back") if seed == 61 else case
        assert kept(house, case) == 2
        house.clock.forward(days=364)
        assert run_now() == 0
        house.clock.forward(days=2)
        assert (run_now(), kept(house, case), run_now()) == (1, 0, 0)


def test_the_public_page_shows_no_place_for_what_was_deleted(house: House) -> None:
    case = house.confirmed(house.case(zone="public", kind=ViolationKind.EXPOSED_GARBAGE))
    case = house.doors.desk.accept(case.id, version=case.version, by="sanitation")
    case = closed_once_more(house, case, 62)
    page = f"/public/cases/{case.number}"
    assert "/public/pictures/" in house.stranger().get(page).text
    house.clock.forward(days=366)
    with SqlStore(f"sqlite:///{house.folder}/jiexun.db", clock=house.clock) as store:
        assert purge(store.purging, house.evidence, RULES, by="jiexun", clock=house.clock) == 1
    shown = house.stranger().get(page)
    assert (shown.status_code, "/public/pictures/" in shown.text) == (200, False)


def test_open_cases_and_rules_that_say_nothing_delete_nothing(house: House) -> None:
    open_case, ended = house.case(zone="open"), rejected(house, 50, kind=ViolationKind.STALL_ENCROACHMENT)
    house.clock.forward(days=4000)
    assert run(house, Retention()) == 0
    assert run(house, Retention(days={CaseState.CLOSED: 30})) == 0
    assert run(house) == 1
    assert (kept(house, open_case) > 0, kept(house, ended)) == (True, 0)


def test_who_dies_behind_the_receipt_goes_on_there(house: House) -> None:
    case = rejected(house, 5)
    house.clock.forward(days=31)
    names = house.store.purging.write_receipt(case.id, RULES, by="jiexun")
    assert names
    assert kept(house, case) == len(names)
    assert run(house) == 0
    assert kept(house, case) == 0
    assert house.store.purging.write_receipt(case.id, RULES, by="jiexun") == ()


def test_the_page_shows_what_is_due_and_deletes_it(house: House) -> None:
    case = rejected(house, 9)
    house.clock.forward(days=31)
    house.door_clock.now = house.clock.now
    rules = house.city.file.retention.model_copy(update={"rejected": 30})
    house.city = replace(house.city, file=house.city.file.model_copy(update={"retention": rules}))
    browser = house.browser()
    assert case.number in browser.get("/admin/retention?lang=en").text
    assert browser.post("/admin/retention/purge").status_code == 303
    assert kept(house, case) == 0
    assert timedelta(days=30) == timedelta(days=house.city.retention.days[CaseState.REJECTED])


def a_pass(house: House, id: str, kind: PassKind, *, ended: bool) -> None:
    now = house.clock.now
    begun = Pass(id=id, vehicle="patrol-7", kind=kind, started_at=now, last_at=now)
    points = [
        TrackPoint(at=now + timedelta(seconds=n), place=LatLon(lat=31.23, lon=121.47), off_metres=3) for n in range(3)
    ]
    driven = replace(begun.further(points, 3.0, 1), ended=ended)
    with house.store.transaction() as book:
        book.keep_pass(driven, b"where it was")
        book.add_track(id, points)


def test_where_vehicles_were_goes_when_its_time_is_over_and_the_pass_stays(house: House) -> None:
    rules, told = Retention(tracks=14), list[tuple[str, int]]()
    a_pass(house, "old", PassKind.RECORDING, ended=True)
    a_pass(house, "never-ended", PassKind.LIVE, ended=False)
    a_pass(house, "waiting", PassKind.RECORDING, ended=False)
    house.clock.forward(days=13)
    a_pass(house, "new", PassKind.LIVE, ended=True)

    def tell(pass_id: str, places: int) -> None:
        told.append((pass_id, places))

    def tracks_purged(rules: Retention) -> int:
        return purge_tracks(house.store.purging, rules, by="jiexun", clock=house.clock, done=tell)

    assert tracks_purged(rules) == 0
    house.clock.forward(days=1, minutes=1)
    assert tracks_purged(Retention(days={CaseState.CLOSED: 30})) == 0
    assert tracks_purged(rules) == 2
    assert tracks_purged(rules) == 0
    assert sorted(told) == [("never-ended", 3), ("old", 3)]
    left = {one.id: len(house.store.patrols.track(one.id)) for one in house.store.patrols.passes()}
    assert left == {"old": 0, "never-ended": 0, "waiting": 3, "new": 3}
    known = house.store.patrols.one("old")
    assert known is not None
    assert (known[0].place, known[0].metres, known[0].pictures, known[1]) == (None, 0.0, 3, None)
    receipts = {one.object: one.payload for one in house.store.audit_search(what="track.purged")}
    assert sorted(receipts) == ["never-ended", "old"]
    assert '"places":3' in receipts["old"].replace(" ", "")
    assert house.notary.sign() is not None
    assert house.store.purging.purge_track("waiting", rules, by="jiexun") == 0


def test_the_page_shows_how_long_tracks_stay_and_deletes_them(house: House) -> None:
    a_pass(house, "old", PassKind.LIVE, ended=True)
    house.clock.forward(days=15)
    house.door_clock.now = house.clock.now
    rules = house.city.file.retention.model_copy(update={"tracks": 14})
    house.city = replace(house.city, file=house.city.file.model_copy(update={"retention": rules}))
    browser = house.browser()
    text = browser.get("/admin/retention?lang=en").text
    assert "14 days" in text
    assert "1 tracks of passes" in text
    assert browser.post("/admin/retention/purge").status_code == 303
    assert not house.store.patrols.track("old")
    assert "old" in browser.get("/admin/retention?lang=en").text
