"""Orders of the menu of services on both databases: of any number who claim one at once, one gets it."""

import threading
from dataclasses import replace

import pytest

from api.store.store import SqlStore
from cases.errors import CaseNotFound, MoveRefused
from cases.participation.menu import OrderState, OrderStep, Part, Service, ServiceOrder
from cases.participation.menu_desk import MenuDesk, Wanted
from cases.participation.policy import ResidentPolicy
from tests.case_builders import NOON, CountedIds, HandClock, a_city

CITY = replace(a_city(), residents=ResidentPolicy(open=True, services={"repairs": Service(id="repairs", name="小修")}))
WANTED = Wanted(service="repairs", area="", words="the tap drips", name="Wu", phone="138", address="12 Main Street")
AT_ONCE = 8


@pytest.fixture
def desk(store: SqlStore) -> MenuDesk:
    return MenuDesk(store, CITY, clock=HandClock(), new_id=CountedIds())


def offered(desk: MenuDesk) -> ServiceOrder:
    order = desk.order(WANTED, secret_hash="secret")
    return desk.by_staff(order.id, OrderStep.OFFER, Part.COMMUNITY, who="c", by="Committee", words="a tap to mend")


def test_of_many_who_claim_an_order_at_once_exactly_one_gets_it(store: SqlStore, desk: MenuDesk) -> None:
    order = offered(desk)
    barrier, won, lost = threading.Barrier(AT_ONCE), list[str](), list[str]()

    def claim(who: str) -> None:
        barrier.wait()
        try:
            desk.by_staff(order.id, OrderStep.CLAIM, Part.VOLUNTEER, who=who, by=who)
            won.append(who)
        except MoveRefused:
            lost.append(who)

    threads = [threading.Thread(target=claim, args=(f"v{n}",)) for n in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (1, AT_ONCE - 1)
    kept = store.public.service_order(order.id)
    assert kept is not None
    assert (kept.state, kept.claimed_by, kept.version) == (OrderState.CLAIMED, won[0], 3)
    assert [made.step for made in kept.history].count(OrderStep.CLAIM) == 1


def test_an_order_goes_its_whole_way_and_every_step_is_logged(store: SqlStore, desk: MenuDesk) -> None:
    order = offered(desk)
    desk.by_staff(order.id, OrderStep.CLAIM, Part.VOLUNTEER, who="v", by="Zhao")
    desk.by_staff(order.id, OrderStep.RELEASE, Part.VOLUNTEER, who="v", by="Zhao", words="I am ill")
    desk.by_staff(order.id, OrderStep.CLAIM, Part.VOLUNTEER, who="w", by="Qian")
    with pytest.raises(MoveRefused, match="claimed by somebody else"):
        desk.by_staff(order.id, OrderStep.FINISH, Part.VOLUNTEER, who="v", by="Zhao")
    desk.by_staff(order.id, OrderStep.FINISH, Part.VOLUNTEER, who="w", by="Qian")
    rated = desk.by_resident("secret", OrderStep.RATE, rating=5, words="thank you")
    assert (rated.state, rated.rating) == (OrderState.RATED, 5)
    assert store.public.service_order(secret_hash="secret") == replace(rated, version=rated.version + 1)
    whats = [entry.what for entry in store.audit_entries()]
    assert whats == [f"service.{made.step}" for made in rated.history]


def test_the_same_form_is_one_order_and_numbers_go_up(store: SqlStore, desk: MenuDesk) -> None:
    first = desk.order(WANTED, secret_hash="a")
    assert desk.order(WANTED, secret_hash="a") == first
    assert desk.order(replace(WANTED, service=None), secret_hash="b").number == f"S{NOON.year}-000002"
    assert [one.number[-1] for one in store.public.service_orders()] == ["1", "2"]
    assert store.public.service_orders(areas=["elsewhere"]) == ()
    assert store.public.service_orders(states=[OrderState.DONE]) == ()


def test_what_cannot_be_ordered_is_refused(store: SqlStore, desk: MenuDesk) -> None:
    for wrong in (replace(WANTED, service="flights"), replace(WANTED, service=None, words=" ")):
        with pytest.raises(MoveRefused):
            desk.order(wrong, secret_hash="x")
    with pytest.raises(CaseNotFound):
        desk.by_resident("unknown", OrderStep.WITHDRAW)
    assert store.public.service_orders() == ()
