"""Who is given which notice: the question in SQL and the rule in plain Python say the same."""

from dataclasses import replace
from itertools import product

import pytest

from api.store.store import SqlStore
from cases.dossier import Change
from cases.errors import NoticeNotFound
from cases.escalation import Audience, Notice
from cases.notices import Addressee
from cases.reach import EVERYTHING, Reach
from cases.states import CaseState
from tests.case_builders import NOON, a_case

NAMES = ("", "police", "cleaning", "person-1")
WHO = (
    Addressee(reader="nobody"),
    Addressee(reader="acceptor", audiences=frozenset({Audience.ACCEPTOR}), reach=EVERYTHING),
    Addressee(
        reader="north-dispatcher",
        audiences=frozenset({Audience.DISPATCHER}),
        streets=frozenset({"north"}),
        reach=Reach(areas=frozenset({"north"})),
    ),
    Addressee(reader="police-officer", names=frozenset({"police"}), reach=Reach(departments=frozenset({"police"}))),
    Addressee(reader="person-1"),
    Addressee(reader="leader", audiences=frozenset({Audience.LEADERS}), reach=EVERYTHING),
)


@pytest.fixture
def filled(store: SqlStore) -> SqlStore:
    """A case of the police in the north and one of cleaning in the south, each with every notice there can be."""
    cases = (
        replace(a_case(CaseState.ACCEPTED), id="a", department="police", area="north"),
        replace(a_case(CaseState.ACCEPTED), id="b", department="cleaning", area="south"),
    )
    with store.transaction() as book:
        for case in cases:
            written = book.open(Change(case=case, entries=()), year=2026)
            told = tuple(
                Notice(
                    id=f"{case.id}/{audience}/{name}",
                    case_id=case.id,
                    audience=audience,
                    name=name,
                    about="disposal",
                    at=NOON,
                )
                for audience, name in product(Audience, NAMES)
            )
            book.note(Change(case=written, entries=(), notices=told))
    return store


def everything(store: SqlStore) -> list[tuple[Notice, str]]:
    return [(notice, case) for case in ("a", "b") for notice in store.dossier(case).notices]


@pytest.mark.parametrize("who", WHO, ids=lambda who: who.reader)
def test_everybody_gets_what_is_meant_for_them_and_nothing_else(filled: SqlStore, who: Addressee) -> None:
    meant = {notice.id for notice, case in everything(filled) if who.gets(notice, filled.dossier(case).case)}
    found = filled.notices.given_to(who, limit=200)
    assert {given.notice.id for given in found.items} == meant
    assert (found.total, filled.notices.unread(who)) == (len(meant), len(meant))
    assert [given.number for given in found.items] == sorted((given.number for given in found.items), reverse=True)


def test_the_rule_itself(filled: SqlStore) -> None:
    given = {who.reader: filled.notices.given_to(who, limit=200).items for who in WHO}
    told = {
        reader: {(one.notice.case_id, one.notice.audience.value, one.notice.name) for one in found}
        for reader, found in given.items()
    }
    assert told["nobody"] == set()
    assert told["acceptor"] == {("a", "acceptor", ""), ("b", "acceptor", "")}
    assert told["north-dispatcher"] == {("a", "dispatcher", ""), ("a", "street", "")}
    assert {(case, name) for case, _, name in told["police-officer"]} == {("a", "police")}
    assert {name for _, _, name in told["person-1"]} == {"person-1"}
    assert told["leader"] == {("a", "leaders", ""), ("b", "leaders", "")}


def test_what_one_has_read_is_still_new_to_the_other(filled: SqlStore) -> None:
    acceptor, other = WHO[1], replace(WHO[1], reader="other")
    [newest, older] = filled.notices.given_to(acceptor).items
    filled.notices.read(newest.number, acceptor, by="Li", at=NOON)
    filled.notices.read(newest.number, acceptor, by="Li", at=NOON)
    assert [given.number for given in filled.notices.given_to(acceptor, unread=True).items] == [older.number]
    assert filled.notices.given_to(acceptor).items[0].read_at == NOON
    assert filled.notices.unread(other) == 2
    assert filled.notices.read_all(other, up_to=older.number, by="Wang", at=NOON) == 1
    assert filled.notices.read_all(other, up_to=newest.number, by="Wang", at=NOON) == 1
    assert (filled.notices.unread(other), filled.notices.unread(acceptor)) == (0, 1)
    first = {notice.id: notice.read_by for notice, _ in everything(filled) if notice.read_at}
    assert first == {newest.notice.id: "Li", older.notice.id: "Wang"}


def test_what_is_read_one_by_one_in_any_order_stays_read_and_what_comes_later_is_new(filled: SqlStore) -> None:
    acceptor = WHO[1]
    [newest, older] = filled.notices.given_to(acceptor).items
    for number, left in ((newest.number, [older.number]), (older.number, [])):
        filled.notices.read(number, acceptor, by="Li", at=NOON)
        assert [given.number for given in filled.notices.given_to(acceptor, unread=True).items] == left
    assert [given.read_at for given in filled.notices.given_to(acceptor).items] == [NOON, NOON]
    late = Notice(id="late", case_id="a", audience=Audience.ACCEPTOR, about="acceptance", at=NOON)
    with filled.transaction() as book:
        book.note(Change(case=filled.dossier("a").case, entries=(), notices=(late,)))
    assert [given.notice.id for given in filled.notices.given_to(acceptor, unread=True).items] == ["late"]
    assert filled.notices.read_all(acceptor, up_to=10**6, by="Li", at=NOON) == 1
    with filled.transaction() as book:
        later = replace(late, id="later")
        book.note(Change(case=filled.dossier("a").case, entries=(), notices=(later,)))
    assert filled.notices.unread(acceptor) == 1


def test_nobody_reads_what_is_not_theirs(filled: SqlStore) -> None:
    [newest, _] = filled.notices.given_to(WHO[1]).items
    with pytest.raises(NoticeNotFound, match="there is no notice"):
        filled.notices.read(newest.number, WHO[5], by="Chief", at=NOON)
    assert filled.notices.unread(WHO[1]) == 2


def test_the_counting_ends_somewhere(filled: SqlStore) -> None:
    case = filled.dossier("a").case
    many = tuple(
        Notice(id=f"n{number}", case_id="a", audience=Audience.LEADERS, about="disposal", at=NOON)
        for number in range(120)
    )
    with filled.transaction() as book:
        book.note(Change(case=case, entries=(), notices=many))
    assert filled.notices.unread(WHO[5]) == 100
    assert filled.notices.given_to(WHO[5]).total == 122
