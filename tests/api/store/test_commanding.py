"""Direct orders, consultations and watches in a database."""

from datetime import timedelta

from api.store.store import SqlStore
from cases.commanding import CommandDesk
from cases.escalation import Audience
from cases.instructing import InstructionDesk
from cases.notices import Addressee
from cases.reach import EVERYTHING, Reach
from tests.case_builders import NOON
from tests.joint_city import CASE, Scene


def commanded(store: SqlStore) -> tuple[Scene, CommandDesk]:
    scene = Scene(store)
    scene.do("confirm")
    return scene, CommandDesk(store, scene.city, clock=scene.clock, new_id=scene.ids)


def test_orders_and_consultations_come_back_as_they_were_written(store: SqlStore) -> None:
    scene, desk = commanded(store)
    case = desk.order(CASE, "street", version=scene.case.version, by="陈", issuer="p-1", text="清空车道", minutes=5)
    case = desk.acknowledge(CASE, case.orders[0].id, version=case.version, by="王")
    case = desk.reply(CASE, case.orders[0].id, version=case.version, by="王", text="已清空")
    names = ("police", "李")
    desk.consult(
        CASE, version=case.version, by="陈", held_at=NOON - timedelta(hours=1), participants=names, decision="封路"
    )
    read = store.dossier(CASE).case
    [order], [record] = read.orders, read.consultations
    assert (order.unit, order.text, order.due_at, order.reply, order.replied_by) == (
        "street",
        "清空车道",
        NOON + timedelta(minutes=5),
        "已清空",
        "王",
    )
    assert (record.participants, record.decision, record.held_at) == (names, "封路", NOON - timedelta(hours=1))
    assert store.cases().items[0] == read


def test_orders_are_listed_for_their_unit_while_nobody_has_replied(store: SqlStore) -> None:
    scene, desk = commanded(store)
    case = desk.order(CASE, "street", version=scene.case.version, by="li", issuer="p-1", text="first")
    scene.clock.forward(minutes=1)
    case = desk.order(CASE, "cleaning", version=case.version, by="li", issuer="p-1", text="second")
    assert [one.order.text for one in store.orders().items] == ["second", "first"]
    assert [one.order.text for one in store.orders("street").items] == ["first"]
    theirs = store.within(Reach(departments=frozenset({"street"})))
    assert theirs.cases().total == 1
    assert store.within(Reach(departments=frozenset({"moon"}))).orders().total == 0
    case = desk.reply(CASE, case.orders[0].id, version=case.version, by="wang", text="done")
    assert store.orders("street").total == 0
    [about] = store.orders("street", unanswered=False).items
    assert (about.case_id, about.case_number, about.case_version) == (CASE, case.number, case.version)


def test_an_unread_order_is_told_once(store: SqlStore) -> None:
    scene, desk = commanded(store)
    desk.order(CASE, "street", version=scene.case.version, by="li", issuer="p-1", text="first")
    for _ in range(3):
        scene.wait(minutes=16)
    told = [one.audience for one in store.dossier(CASE).notices if one.about == "order"]
    assert told == [Audience.DISPATCHER, Audience.LEADERS]


def test_an_unread_order_without_a_case_is_told_once_and_none_that_was_read(store: SqlStore) -> None:
    scene = Scene(store)
    desk = InstructionDesk(store, scene.city, clock=scene.clock, new_id=scene.ids)
    desk.give("street", by="li", issuer="p-1", text="first")
    read = desk.give("police", by="li", issuer="p-1", text="second", minutes=5)
    assert read.due_at == NOON + timedelta(minutes=5)
    desk.acknowledge(read.id, by="wang")
    assert desk.tick() is None
    scene.clock.forward(minutes=16)
    assert desk.tick() is not None
    assert desk.tick() is None
    for audience in (Audience.DISPATCHER, Audience.LEADERS):
        someone = Addressee(reader="p-9", audiences=frozenset({audience}), reach=EVERYTHING)
        assert [one.notice.about for one in store.notices.given_to(someone).items] == ["order"]
    street = Addressee(reader="p-8", names=frozenset({"street"}), reach=Reach(departments=frozenset({"street"})))
    given = store.notices.given_to(street).items
    assert [(one.notice.about, one.case_number, one.notice.case_id) for one in given] == [("order_given", None, None)]
    assert street.gets(given[0].notice, None)
    assert {one.order.text for one in store.orders().items} == {"second", "first"}
    assert store.orders("street").total == 1
    assert store.within(Reach(areas=frozenset({"north"}))).orders(person="p-1").total == 2
    assert store.within(Reach(areas=frozenset({"north"}))).orders(person="p-2").total == 0


def test_watchers_are_told_and_find_their_cases(store: SqlStore) -> None:
    scene, desk = commanded(store)
    with store.transaction() as book:
        assert book.watch(CASE, "p-7", by="Chen", at=NOON)
        assert not book.watch(CASE, "p-7", by="Chen", at=NOON)
    assert store.is_watched(CASE, "p-7")
    assert [case.id for case in store.watched("p-7").items] == [CASE]
    assert store.within(Reach()).watched("p-7").total == 0
    scene.do("accept", by="police")
    desk.order(CASE, "street", version=scene.case.version, by="li", issuer="p-1", text="first")
    told = [(one.name, one.about) for one in store.dossier(CASE).notices if one.audience is Audience.WATCHER]
    assert told == [("p-7", "accept"), ("p-7", "order_given")]
    with store.transaction() as book:
        assert book.unwatch(CASE, "p-7", by="Chen")
        assert not book.unwatch(CASE, "p-7", by="Chen")
    assert store.watched("p-7").total == 0
    deeds = [entry.what for entry in store.audit_of(CASE)]
    assert deeds.count("case.watched") == deeds.count("case.unwatched") == 1
