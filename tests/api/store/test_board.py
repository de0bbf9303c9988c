"""The queues of the board and the changes of the stream, on both databases."""

from datetime import timedelta

from api.bench.store_filling import fill
from api.store.store import SqlStore
from cases.board import STATES_OF, Queue
from cases.reach import Reach
from cases.states import OPEN

CASES = 120


def test_queues_hold_what_they_say_nearest_deadline_first(url: str, store: SqlStore) -> None:
    fill(url, CASES, lambda _: None)
    everything = store.cases(limit=CASES).items
    deadlines = sorted(
        case.deadline_at for case in everything if case.deadline_at and case.state in STATES_OF[Queue.LATE]
    )
    now = deadlines[len(deadlines) // 2] + timedelta(seconds=1)
    for queue in set(Queue) - {Queue.JOINT}:
        wanted = [case for case in everything if case.state in STATES_OF[queue]]
        if queue is Queue.LATE:
            wanted = [case for case in wanted if case.is_overdue(now)]
        wanted.sort(key=lambda one: (one.deadline_at is None, one.deadline_at or now, one.opened_at, one.number))
        found = store.queue(queue, now=now, limit=CASES)
        assert [case.id for case in found.items] == [case.id for case in wanted], queue
        assert store.queue_lengths(now)[queue] == found.total == len(wanted)
    part = store.within(Reach(departments=frozenset({"police"})))
    assert all(case.department == "police" for case in part.queue(Queue.ALL, now=now, limit=CASES).items)
    assert {case.id for case in store.these([case.id for case in everything])} == {case.id for case in everything}
    assert {case.state in OPEN for case in part.queue(Queue.ALL, now=now, limit=CASES).items} <= {True}
