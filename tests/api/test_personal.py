"""What people have left of themselves goes when its time is over, with a receipt, and is not written back."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from api.purging import purge_personal
from api.receiving import receive
from cases.dossier import Change
from cases.errors import MoveRefused
from cases.participation.menu import OrderState, OrderStep, Part, ServiceOrder
from cases.participation.menu_desk import Wanted
from cases.report import Contact
from cases.retention import Retention
from cases.standing import Appeal
from inference.findings import ViolationKind
from tests.case_builders import a_report
from tests.web_house import House, build_house

RULES = Retention(contacts=30, orders=14)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = build_house(tmp_path)
    with house.store:
        yield house


def run(house: House, rules: Retention = RULES) -> int:
    return purge_personal(house.store.personal, rules, by="jiexun", clock=house.clock)


def reported(house: House, key: str, *, rejected: bool = True) -> str:
    """A case that somebody reported who can be reached."""
    contact = Contact(name="Canary", phone="13800004321", email="canary@example.org")
    report = a_report(key, code=None, kind=ViolationKind.EXPOSED_GARBAGE)
    told = receive(house.store, house.doors.intake, report, at=house.clock(), contact=contact)
    case = house.store.dossier(told.case_id).case
    if rejected:
        house.doors.desk.reject(case.id, version=case.version, by="Chen Yu", reason="not there")
    return case.id


def contacts_of(house: House, case_id: str) -> int:
    with house.store.transaction() as book:
        return len(book.contacts_of(case_id))


def order(house: House, *steps: tuple[OrderStep, Part]) -> ServiceOrder:
    """An order that a resident placed, after some steps with words in each."""
    wanted = Wanted(
        service="repairs",
        area="north",
        words="canary words",
        name="Canary",
        phone="13800004321",
        address="Canary Lane 1",
    )
    placed = house.doors.menu.order(wanted, secret_hash="5" * 64)
    for step, part in steps:
        words = f"{step}: ladder, please"
        if part is Part.RESIDENT:
            rating = 4 if step is OrderStep.RATE else None
            placed = house.doors.menu.by_resident("5" * 64, step, words=words, rating=rating)
        else:
            placed = house.doors.menu.by_staff(placed.id, step, part, who="v", by="Li Wei", words=words)
    return placed


DONE = ((OrderStep.OFFER, Part.COMMUNITY), (OrderStep.CLAIM, Part.VOLUNTEER), (OrderStep.FINISH, Part.VOLUNTEER))


def test_contacts_go_with_a_receipt_once_their_case_is_over_for_long(house: House) -> None:
    case = reported(house, "first")
    house.clock.forward(days=29, hours=23)
    assert (run(house), contacts_of(house, case)) == (0, 1)
    house.clock.forward(hours=2)
    assert (run(house, Retention()), contacts_of(house, case)) == (0, 1)
    assert (run(house), contacts_of(house, case)) == (1, 0)
    assert run(house) == 0
    [receipt] = house.store.audit_search(what="contact.purged")
    assert (receipt.object, '"contacts":1' in receipt.payload.replace(" ", "")) == (case, True)
    assert house.notary.sign() is not None


@pytest.mark.parametrize(("appeal", "left"), [(Appeal.LODGED, 1), (Appeal.SECONDED, 1), (Appeal.GRANTED, 0)])
def test_contacts_stay_as_long_as_an_appeal_is_pending(house: House, appeal: Appeal, left: int) -> None:
    case = reported(house, "first")
    with house.store.transaction() as book:
        book.write(Change(case=replace(book.dossier(case).case, appeal=appeal), entries=()))
    house.clock.forward(days=31)
    assert house.store.personal.purge_contacts(case, RULES, by="jiexun") == 1 - left
    assert (run(house), contacts_of(house, case)) == (0, left)


def test_an_open_case_keeps_its_contacts_however_old_it_is(house: House) -> None:
    case = reported(house, "first", rejected=False)
    house.clock.forward(days=400)
    assert (run(house), contacts_of(house, case)) == (0, 1)
    assert house.store.personal.purge_contacts(case, RULES, by="jiexun") == 0


def test_of_an_order_that_is_over_nothing_personal_is_left_but_its_figures_are(house: House) -> None:
    placed = order(house, *DONE)
    house.clock.forward(days=13, hours=23)
    assert run(house) == 0
    house.clock.forward(hours=2)
    assert run(house) == 1
    assert run(house) == 0
    [gone] = house.store.public.service_orders()
    assert not gone.is_personal
    assert (gone.number, gone.service, gone.area, gone.state) == (placed.number, "repairs", "north", OrderState.DONE)
    assert [made.step for made in gone.history] == [made.step for made in placed.history]
    [receipt] = house.store.audit_search(what="service.purged")
    assert (receipt.object, placed.number in receipt.payload) == (placed.id, True)
    with pytest.raises(MoveRefused), house.store.transaction() as book:
        book.keep_order(placed)  # by somebody who holds it as it was


def test_words_of_a_rating_that_came_later_go_as_well(house: House) -> None:
    order(house, *DONE)
    house.clock.forward(days=15)
    assert run(house) == 1
    house.doors.menu.by_resident("5" * 64, OrderStep.RATE, words="ladder, please", rating=4)
    assert run(house) == 0
    house.clock.forward(days=15)
    assert run(house) == 1
    [gone] = house.store.public.service_orders()
    assert (gone.is_personal, gone.rating, run(house)) == (False, 4, 0)


def test_an_order_that_somebody_still_sees_to_stays(house: House) -> None:
    order(house, *DONE[:2])
    house.clock.forward(days=400)
    assert run(house) == 0
    [kept] = house.store.public.service_orders()
    assert not house.store.personal.purge_order(kept.id, RULES, by="jiexun")
    assert kept.is_personal


def test_the_page_shows_what_is_due_and_deletes_it(house: House) -> None:
    reported(house, "first")
    order(house, (OrderStep.WITHDRAW, Part.RESIDENT))
    house.clock.forward(days=31)
    house.door_clock.now = house.clock.now
    rules = house.city.file.retention.model_copy(update={"contacts": 30, "orders": 14})
    house.city = replace(house.city, file=house.city.file.model_copy(update={"retention": rules}))
    browser = house.browser()
    text = browser.get("/admin/retention?lang=en").text
    assert "contacts of 1 cases" in text
    assert "1 orders of services" in text
    assert browser.post("/admin/retention/purge").status_code == 303
    after = browser.get("/admin/retention?lang=en").text
    assert "Nothing is due." in after
    assert "Contacts deleted" in after
