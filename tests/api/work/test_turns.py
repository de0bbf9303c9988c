"""Whose turn it is: every frame accounted for, the newest looked at, nobody starved, and rules not kept waiting."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from api.work.turns import LEAST_PAUSE, Counts, Outcome, Turns, Verdict
from inference.frame import Frame
from tests.street import Street

START = datetime(2026, 5, 14, 4, 0, tzinfo=UTC)
PICTURE = next(iter(Street().frames(until=1, camera="x"))).picture
CAMERAS = ("east", "north", "west")


def frame(camera: str, at: float) -> Frame:
    return Frame(camera=camera, captured_at=START + timedelta(seconds=at), pts=at, picture=PICTURE)


def is_exact(counts: Counts) -> bool:
    ended = counts.inspected + counts.gated + counts.rested + counts.shed + counts.refused
    return counts.offered == ended + counts.waiting and counts.waiting >= 0


STEP = st.tuples(
    st.sampled_from(("offer", "offer", "offer", "next", "next", "done", "done", "pass", "close", "wait")),
    st.sampled_from(CAMERAS),
    st.floats(0, 20),
    st.sampled_from((Outcome.INSPECTED, Outcome.GATED, Outcome.REFUSED)),
)


@settings(max_examples=150)
@given(st.lists(STEP, max_size=80))
def test_every_frame_is_accounted_for_whatever_happens(steps: list[tuple[str, str, float, Outcome]]) -> None:
    turns, now, offered = Turns(), 0.0, Counter[str]()
    at_hand: dict[str, Frame] = {}
    newest: dict[str, float] = {}
    for camera in CAMERAS:
        turns.open(camera, every_frame=camera == "west")
    for what, camera, number, outcome in steps:
        if what == "wait":
            now += number
        elif what == "offer" and (camera != "west" or turns.has_room(camera)):
            turns.offer(camera, frame(camera, now), now)
            newest[camera] = now
            offered[camera] += 1
        elif what == "next" and (turn := turns.next(now)) is not None:
            assert turn[0] not in at_hand
            assert turn[1].pts == newest[turn[0]], "a newer frame was there"
            at_hand[turn[0]] = turn[1]
        elif what == "done" and at_hand.pop(camera, None):
            due = START + timedelta(seconds=now + number) if number > 10 else None
            turns.done(camera, Verdict(outcome=outcome, rest=number / 2, due=due), now)
        elif what == "pass" and turns.is_resting(camera, now):
            turns.pass_over(camera)
            offered[camera] += 1
        elif what == "close" and camera not in at_hand:
            turns.close(camera)
            turns.open(camera, every_frame=camera == "west")
        assert all(is_exact(counts) for counts in turns.counts.values())
        assert {camera: counts.offered for camera, counts in turns.counts.items() if counts.offered} == offered
    assert turns.counts["west"].shed <= len(steps)
    assert turns.counts["west"].rested == 0


def test_the_newest_frame_wins() -> None:
    turns = Turns()
    turns.open("east", every_frame=False)
    for at in range(3):
        turns.offer("east", frame("east", at), float(at))
    turn = turns.next(3.0)
    assert turn is not None
    assert turn[1].pts == 2
    assert (turns.counts["east"].shed, turns.counts["east"].waiting) == (2, 1)


def test_a_camera_that_sends_a_hundred_times_as_much_gets_no_more_than_its_share() -> None:
    turns, looks = Turns(), Counter[str]()
    for camera in CAMERAS:
        turns.open(camera, every_frame=False)
    for tick in range(3000):
        now = tick / 100
        turns.offer("east", frame("east", now), now)
        if tick % 100 == 0:
            for camera in ("north", "west"):
                turns.offer(camera, frame(camera, now), now)
        if tick % 20 == 0 and (turn := turns.next(now)) is not None:  # a look takes a fifth of a second
            looks[turn[0]] += 1
            turns.done(turn[0], Verdict(outcome=Outcome.INSPECTED), now)
    assert looks["north"] == looks["west"] == 30
    assert looks["east"] <= 30 / LEAST_PAUSE + 1


def test_whoever_has_waited_longest_is_next_and_a_rule_that_is_due_goes_first() -> None:
    turns = Turns()
    for number, camera in enumerate(CAMERAS):
        turns.open(camera, every_frame=False)
        turns.offer(camera, frame(camera, 0), 0.0)
        assert turns.next(float(number)) is not None
        due = START + timedelta(seconds=30) if camera == "west" else None
        turns.done(camera, Verdict(outcome=Outcome.INSPECTED, due=due), float(number))
    for at, expected in ((20.0, "east"), (40.0, "west")):
        for camera in CAMERAS:
            turns.offer(camera, frame(camera, at), at)
        turn = turns.next(at)
        assert turn is not None
        assert turn[0] == expected
        turns.done(turn[0], Verdict(outcome=Outcome.GATED), at)


def test_a_resting_camera_is_left_alone_until_a_rule_is_due() -> None:
    turns = Turns()
    turns.open("east", every_frame=False)
    turns.offer("east", frame("east", 0), 0.0)
    assert turns.next(0.0) is not None
    turns.done("east", Verdict(outcome=Outcome.GATED, rest=8.0), 0.0)
    assert turns.is_resting("east", 7.9)
    turns.offer("east", frame("east", 2), 2.0)
    assert turns.next(2.0) is None
    assert turns.pause(2.0) == 6.0
    turns.offer("east", frame("east", 4), 4.0)
    assert turns.counts["east"].rested == 1
    assert turns.next(8.0) is not None
    due = START + timedelta(seconds=10)
    turns.done("east", Verdict(outcome=Outcome.GATED, rest=8.0, due=due), 8.0)
    assert not turns.is_resting("east", 9.0)
    turns.offer("east", frame("east", 9.5), 9.5)
    assert turns.next(9.5) is None
    turns.offer("east", frame("east", 10), 10.0)
    assert turns.next(10.0) is not None


def test_ten_times_too_much_is_bounded_fresh_and_accounted_for() -> None:
    cameras = [f"cam-{n}" for n in range(40)]
    turns, ages, hands_free_at, step = Turns(), list[float](), [0.0, 0.0], 0.05
    for camera in cameras:
        turns.open(camera, every_frame=False)
    for tick in range(2400):  # two minutes; a look takes half a second, so two hands get 4 of 40 frames a second done
        now = tick * step
        for number, camera in enumerate(cameras):
            if (tick + number) % 20 == 0:
                turns.offer(camera, frame(camera, now), now)
        for hand, free_at in enumerate(hands_free_at):
            if free_at <= now and (turn := turns.next(now)) is not None:
                ages.append(now - turn[1].pts)
                hands_free_at[hand] = now + 0.5
                turns.done(turn[0], Verdict(outcome=Outcome.INSPECTED), now)
    assert sorted(ages)[int(0.95 * len(ages))] <= 2.0
    counts = turns.counts.values()
    assert all(is_exact(one) and one.waiting <= 1 for one in counts)
    assert sum(one.shed for one in counts) >= 0.85 * sum(one.offered for one in counts)
    looks = [one.inspected for one in counts]
    assert max(looks) - min(looks) <= 2
