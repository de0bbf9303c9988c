"""Workers share cameras evenly, and take over from the dead in time: by a clock that the test turns."""

from collections import Counter
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from api.work.leases import Change, Leases, Rhythm
from api.work.sharing import quotas
from tests.case_builders import HandClock
from tests.rigs.memory_leases import MemoryLeases

RHYTHM = Rhythm()
MOVED_WITHIN = 15.0


@dataclass
class Worker:
    """One that obeys: what is to be given up is at rest by the next sign."""

    leases: Leases
    next_sign: float
    watching: set[str] = field(default_factory=set[str])
    giving_up: set[str] = field(default_factory=set[str])

    def sign(self, report: str = "{}") -> Change:
        at_rest, self.giving_up = self.giving_up, set()
        change = self.leases.sign(at_rest, report)
        self.watching |= {lease.camera for lease in change.taken}
        self.watching -= {*change.lost, *change.give_up}
        self.giving_up |= {*change.give_up}
        return change


@dataclass
class Yard:
    """Workers on one store, each with a beat of its own, and a clock for all."""

    cameras: list[str]
    store: MemoryLeases = field(default_factory=MemoryLeases)
    now: float = 1000.0
    workers: dict[str, Worker] = field(default_factory=dict[str, Worker])

    def hire(self, name: str, offset: float = 0.0) -> Worker:
        leases = Leases(self.store, name, self.cameras, clock=HandClock(), rhythm=RHYTHM, monotonic=lambda: self.now)
        self.workers[name] = Worker(leases=leases, next_sign=self.now + offset)
        return self.workers[name]

    def wait(self, seconds: float) -> None:
        until = self.now + seconds
        while due := [w for w in self.workers.values() if w.next_sign <= until]:
            first = min(due, key=lambda worker: worker.next_sign)
            self.now = max(self.now, first.next_sign)
            first.sign()
            first.next_sign = self.now + RHYTHM.beat
        self.now = until

    def is_shared_evenly(self) -> bool:
        counts = Counter(self.store.holders().values())
        shares = [counts[name] for name in self.workers]
        return sum(shares) == len(self.cameras) and max(shares) - min(shares) <= 1


def yard(cameras: int) -> Yard:
    return Yard(cameras=[f"cam-{n}" for n in range(cameras)])


@given(st.integers(0, 500), st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(0, 100), min_size=1))
def test_quotas_are_even_and_move_as_little_as_possible(cameras: int, held: dict[str, int]) -> None:
    shares = quotas(cameras, held)
    assert sum(shares.values()) == cameras
    assert max(shares.values()) - min(shares.values()) <= 1
    assert all(shares[a] >= shares[b] for a in held for b in held if held[a] > held[b])


def test_one_worker_takes_all_at_once() -> None:
    alone = yard(7).hire("a")
    assert len(alone.sign().taken) == 7


def test_a_second_worker_gets_half_without_a_camera_being_watched_twice() -> None:
    place = yard(7)
    first = place.hire("a")
    place.wait(1)
    second = place.hire("b", offset=0.5)
    for _ in range(12):
        place.wait(1)
        assert first.watching.isdisjoint(second.watching)
    assert place.is_shared_evenly()
    assert len(first.watching) == 4


@given(
    st.integers(0, 40),
    st.lists(st.floats(0, RHYTHM.beat), min_size=2, max_size=5),
    st.data(),
)
def test_cameras_of_the_killed_move_within_fifteen_seconds(
    cameras: int, offsets: list[float], data: st.DataObject
) -> None:
    place = yard(cameras)
    for number, offset in enumerate(offsets):
        place.hire(f"w{number}", offset)
    place.wait(40)
    assert place.is_shared_evenly()
    place.wait(data.draw(st.floats(0, 2 * RHYTHM.beat)))
    for name in data.draw(st.sets(st.sampled_from(sorted(place.workers)), min_size=1, max_size=len(offsets) - 1)):
        del place.workers[name]  # its row stays: nobody was told
    place.wait(MOVED_WITHIN)
    assert set(place.store.holders().values()) <= set(place.workers)
    assert len(place.store.holders()) == cameras
    place.wait(4 * RHYTHM.beat)
    assert place.is_shared_evenly()


def test_one_that_was_paused_learns_what_it_has_lost() -> None:
    place = yard(4)
    sleeper = place.hire("a")
    place.wait(1)
    place.hire("b")
    place.wait(20)
    had = set(sleeper.watching)
    del place.workers["a"]
    place.wait(20)
    change = sleeper.sign()
    assert set(change.lost) == had
    assert sleeper.watching == set()


def test_one_that_starts_again_under_its_name_has_its_cameras_at_once_under_new_tokens() -> None:
    place = yard(3)
    before = {lease.camera: lease.token for lease in place.hire("a").sign().taken}
    after = {lease.camera: lease.token for lease in place.hire("a").sign().taken}
    assert after == {camera: token + 1 for camera, token in before.items()}


def test_one_that_leaves_is_not_waited_for() -> None:
    place = yard(4)
    leaver, stayer = place.hire("a"), place.hire("b")
    place.wait(20)
    leaver.leases.leave()
    del place.workers["a"]
    place.wait(RHYTHM.beat)
    assert len(stayer.watching) == 4


def test_clocks_that_jump_kill_nobody() -> None:
    place = yard(4)
    clock = HandClock()
    store = place.store
    early = Leases(store, "a", place.cameras, clock=clock, monotonic=lambda: place.now)
    late = Leases(store, "b", place.cameras, clock=clock, monotonic=lambda: place.now)
    early.sign()
    clock.now = clock.now.replace(year=clock.now.year + 2)
    assert late.sign().taken == ()


def test_the_long_dead_are_taken_off_the_list() -> None:
    place = yard(2)
    place.hire("a").sign()
    del place.workers["a"]
    place.hire("b")
    place.wait(3590)
    assert "a" in place.store.workers
    place.wait(30)
    assert set(place.store.workers) == {"b"}
