"""What residents hold, on both databases: links, and what everybody may ask."""

from dataclasses import replace
from datetime import timedelta

import pytest

from api.store.store import SqlStore
from cases.case import Case
from cases.desk import Desk
from cases.errors import MoveRefused
from cases.history import Entry
from cases.intake import Intake
from cases.participation.answering import Answer, answer
from cases.participation.following import Follow, hash_of, secret_of
from cases.participation.policy import ResidentPolicy
from cases.participation.public import listed, public_case
from cases.report import Attachment
from cases.source import Source
from cases.states import Act, CaseState
from tests.case_builders import NOON, CountedIds, HandClock, a_city, a_proof, a_report

CITY = replace(a_city(), residents=ResidentPolicy(open=True, answer_within=timedelta(days=3)))
PUBLIC = CITY.residents.public
LINK = hash_of(secret_of("0" * 32))


def handled(store: SqlStore, clock: HandClock) -> Case:
    """A resident's report whose department says that it is done, with a link to follow it."""
    report = a_report(source=Source.RESIDENT)
    with store.transaction() as book:
        case = Intake(store, CITY, clock=clock, new_id=CountedIds()).receive(book, report).case
        book.begin_follow(LINK, report.key, clock())
        book.begin_follow(LINK, report.key, clock())
    desk = Desk(store, CITY, clock=clock, new_id=CountedIds(100))
    case = desk.confirm(case.id, version=case.version, by="chen")
    case = desk.accept(case.id, version=case.version, by="li")
    return desk.handle(case.id, version=case.version, by="li", proofs=(a_proof(),))


def say(store: SqlStore, clock: HandClock, said: Answer) -> Case:
    with store.transaction() as book:
        link = book.follow(LINK)
        assert link is not None
        return answer(book, CITY, link, said, clock=clock)


def test_an_answer_and_what_it_moves_are_one_transaction(store: SqlStore) -> None:
    clock = HandClock()
    handled(store, clock)
    case = say(store, clock, Answer(satisfied=False, rating=2, words="still there"))
    assert (case.state, case.rework_count, case.satisfied) == (CaseState.REWORK, 1, False)
    told: list[Entry] = [*store.dossier(case.id).history[-2:]]
    assert [(entry.act, entry.choice) for entry in told] == [(Act.ANSWER, "dissatisfied 2"), (Act.REWORK, "")]
    found = store.public.behind(LINK)
    assert found is not None
    assert found[0] == Follow(
        token_hash=LINK,
        report_key=found[0].report_key,
        case_id=case.id,
        made_at=NOON,
        answered_at=NOON,
        answered_round=0,
    )
    with pytest.raises(MoveRefused, match="nothing waits for your answer"):
        say(store, clock, Answer(satisfied=True, rating=5))
    assert store.dossier(case.id).case == case


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (Answer(satisfied=True, rating=0), "from 1 to 5"),
        (Answer(satisfied=True, rating=6), "from 1 to 5"),
        (Answer(satisfied=False, rating=1, words="  "), "say what is still not done"),
    ],
)
def test_a_bad_answer_leaves_everything_as_it_was(store: SqlStore, said: Answer, words: str) -> None:
    clock = HandClock()
    case = handled(store, clock)
    with pytest.raises(MoveRefused, match=words):
        say(store, clock, said)
    assert store.dossier(case.id).case == case


def test_everybody_sees_what_was_filed_and_is_of_a_public_kind(store: SqlStore) -> None:
    clock = HandClock()
    case = handled(store, clock)
    with store.transaction() as book:
        late = a_report(key="r-2", source=Source.RESIDENT, at=clock() - timedelta(days=9))
        waiting = Intake(store, CITY, clock=clock, new_id=CountedIds(200)).receive(book, late).case
    assert waiting.state is CaseState.CANDIDATE
    assert [one.number for one in store.public.cases(PUBLIC).items] == [case.number]
    assert store.public.cases(PUBLIC, is_over=True).total == 0
    assert store.public.cases(PUBLIC, code="none").total == 0
    assert store.public.dossier(PUBLIC, waiting.number) is None
    assert case.code is not None
    for hiding in (
        ResidentPolicy(open=True, private_codes=frozenset({case.code})),
        ResidentPolicy(open=True, codes=frozenset({"none"})),
        ResidentPolicy(open=False),
    ):
        assert store.public.cases(hiding.public).total == 0
        assert store.public.dossier(hiding.public, case.number) is None
        assert not hiding.public.covers(case)
    assert PUBLIC.covers(case)


def test_a_public_case_says_no_more_than_its_fields(store: SqlStore) -> None:
    case = handled(store, HandClock())
    dossier = store.public.dossier(PUBLIC, case.number)
    assert dossier is not None
    shown = public_case(dossier, CITY.residents)
    assert replace(shown, pictures=(), timeline=(), updated_at=NOON) == listed(case, CITY.residents, updated_at=NOON)
    assert [step.act for step in shown.timeline] == [Act.OPEN, Act.FILE, Act.ACCEPT, Act.HANDLE]


def test_a_public_copy_is_remembered_with_its_picture(store: SqlStore) -> None:
    clock = HandClock()
    plain = Attachment(sha256="a" * 64, media_type="image/jpeg", size_bytes=1, received_at=NOON)
    masked = replace(plain, public_sha256="b" * 64)
    with store.transaction() as book:
        assert book.attach(plain) == plain
        assert book.attach(masked) == masked
        assert book.attach(plain) == masked
        report = a_report(source=Source.RESIDENT, attachments=(masked,))
        case = Intake(store, CITY, clock=clock, new_id=CountedIds()).receive(book, report).case
    assert store.dossier(case.id).reports[0].attachments == (masked,)
    assert not store.public.holds_copy(PUBLIC, "b" * 64)
    Desk(store, CITY, clock=clock, new_id=CountedIds(100)).confirm(case.id, version=1, by="chen")
    assert store.public.holds_copy(PUBLIC, "b" * 64)
    assert not store.public.holds_copy(PUBLIC, "a" * 64)
