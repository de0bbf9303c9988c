"""One look at the log serves everybody who watches, and nobody misses a change without being told."""

from collections.abc import Sequence
from functools import partial

import anyio
from hypothesis import given
from hypothesis import strategies as st

from api.live import REMEMBERED, Feed, News
from cases.audit.entry import Tail


class FakeLog:
    """A log whose entries are about case `n`, or about no case where `n` is 0."""

    def __init__(self) -> None:
        self.entries: list[int] = []
        self.asked = 0

    def audit_tail(self) -> Tail:
        self.asked += 1
        return Tail(sequence=len(self.entries))

    def case_changes(self, *, after: int, until: int, limit: int) -> Sequence[tuple[int, str]]:
        numbered = enumerate(self.entries, start=1)
        return [(n, f"case-{about}") for n, about in numbered if after < n <= until and about][:limit]


def news(feed: Feed, after: int | None) -> News:
    return anyio.run(partial(feed.news, after))


def test_one_question_serves_all_who_watch() -> None:
    log = FakeLog()
    log.entries = [1, 0, 2]
    feed = Feed(log, every_seconds=3600)
    for _ in range(40):
        assert [case for _, case in news(feed, 0).changes] == ["case-1", "case-2"]
    assert log.asked == 1


@given(steps=st.lists(st.one_of(st.integers(1, REMEMBERED + 50), st.just(None)), max_size=6), start=st.integers(0, 30))
def test_a_reader_hears_every_change_once_or_is_told_that_it_missed_some(steps: list[int | None], start: int) -> None:
    log = FakeLog()
    log.entries = [index % 3 for index in range(start)]
    feed = Feed(log, every_seconds=0)
    at = news(feed, None).up_to
    assert at == start
    for grown in steps:
        before = len(log.entries)
        log.entries += [(before + index) % 3 for index in range(grown or 0)]
        told = news(feed, at)
        wanted = log.case_changes(after=at, until=len(log.entries), limit=10**6)
        assert told.up_to == len(log.entries)
        assert told.missed or list(told.changes) == list(wanted)
        assert told.missed == (grown is not None and grown > REMEMBERED)
        at = told.up_to


def test_who_comes_back_to_a_process_that_has_just_begun_goes_on_where_it_was() -> None:
    log = FakeLog()
    log.entries = [1] * 10
    assert len(news(Feed(log), 7).changes) == 3
    log.entries = [1] * (REMEMBERED + 10)
    assert news(Feed(log), 7).missed
    assert len(news(Feed(log), 10).changes) == REMEMBERED


def test_nobody_stays_when_the_process_stops() -> None:
    feed = Feed(FakeLog())
    assert not feed.closed
    feed.close()
    assert feed.closed
