"""Whoever reported says whether it is done: a satisfied answer is counted, a dissatisfied one has it done again."""

from dataclasses import dataclass, replace
from datetime import datetime

from cases.case import Case
from cases.city import CityOrder
from cases.dossier import Change
from cases.errors import MoveRefused
from cases.history import Entry
from cases.messages import with_messages
from cases.moving import move
from cases.participation.following import Follow, FollowBook
from cases.ports import Clock
from cases.states import Act, CaseState
from cases.timekeeping import ring, timed

RESIDENT = "resident"
"""The actor of what a resident did. Who that is stands nowhere in the history."""

RATINGS = range(1, 6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What somebody says of the work.

    Attributes:
        satisfied: whether it is done.
        rating: 1, the worst, to 5.
        words: in their own; needed where it is not done.
    """

    satisfied: bool
    rating: int
    words: str = ""


def may_answer(case: Case, follow: Follow, city: CityOrder, now: datetime) -> bool:
    """Whether whoever holds this link may answer now: once for each time that it was handled, and not too late."""
    since = case.handled_at if case.state is CaseState.HANDLED else case.ended_at
    if case.state not in (CaseState.HANDLED, CaseState.CLOSED) or since is None:
        return False
    return now <= since + city.residents.answer_within and follow.answered_round != case.rework_count


def answer(book: FollowBook, city: CityOrder, follow: Follow, said: Answer, *, clock: Clock) -> Case:
    """Take an answer, in a transaction that has begun. A case that is not done goes back to its department (返工).

    Args:
        book: the transaction.
        city: its order.
        follow: the link that was used, as this transaction reads it.
        said: the answer.
        clock: now.

    Raises:
        MoveRefused: nothing waits for an answer, words are missing, or the rating is none.
    """
    dossier, now, times = book.dossier(follow.case_id), clock(), city.times
    words = said.words.strip()
    if not may_answer(dossier.case, follow, city, now):
        raise MoveRefused(
            "nothing waits for your answer: you have given it, the work is not done, or the time for it is over"
        )
    if said.rating not in RATINGS:
        raise MoveRefused("rate the work from 1 to 5")
    if not said.satisfied and not words:
        raise MoveRefused("say what is still not done")
    rung = ring(dossier.case, dossier.timers, times, now)
    case = replace(rung.case, satisfied=said.satisfied)
    told = "satisfied" if said.satisfied else "dissatisfied"
    entry = Entry(
        at=now,
        actor=RESIDENT,
        act=Act.ANSWER,
        before=case.state,
        after=case.state,
        reason=words,
        choice=f"{told} {said.rating}",
    )
    entries: tuple[Entry, ...] = (entry,)
    if not said.satisfied:
        back = Act.REOPEN if case.state is CaseState.CLOSED else Act.REWORK
        case, again = move(case, back, by=RESIDENT, at=now, reason=words)
        entries = (entry, again)
    change = timed(Change(case=case, entries=entries), rung, dossier.timers, times, now)
    book.keep_follow(replace(follow, answered_at=now, answered_round=dossier.case.rework_count))
    return book.write(with_messages(change, city))
