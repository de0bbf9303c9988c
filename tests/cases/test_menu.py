"""The menu of services: every step of the table, and no other."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.errors import MoveRefused
from cases.participation.announcement import Announcement
from cases.participation.menu import STEPS, OrderState, OrderStep, Part, ServiceOrder, make_step, steps_from
from tests.case_builders import NOON

ORDER = ServiceOrder(
    id="o",
    number="S2026-000001",
    service="repairs",
    area="north",
    words="",
    name="",
    phone="1",
    address="",
    secret_hash="h",
)


def made(order: ServiceOrder, step: OrderStep, part: Part, who: str = "") -> ServiceOrder:
    rating = 4 if step is OrderStep.RATE else None
    return make_step(order, step, part, at=NOON, actor=who or part, who=who, words="a few words", rating=rating)


@given(st.sampled_from(OrderState), st.sampled_from(OrderStep), st.sampled_from(Part), st.sampled_from(["li", "wu"]))
def test_exactly_what_the_table_allows_can_be_done(state: OrderState, step: OrderStep, part: Part, who: str) -> None:
    order = replace(ORDER, state=state, claimed_by="li" if state in (OrderState.CLAIMED, OrderState.DONE) else None)
    row = STEPS.get(step)
    may = row is not None and row.part is part and state in row.before and (not row.by_claimer or who == "li")
    assert (step in steps_from(order, part, who=who)) == may
    if row is not None and may:
        after = made(order, step, part, who)
        assert after.state is row.after
        assert after.history[-1].step is step
    else:
        with pytest.raises(MoveRefused):
            made(order, step, part, who)


@given(st.lists(st.tuples(st.sampled_from(OrderStep), st.sampled_from(Part), st.sampled_from(["li", "wu"]))))
def test_whatever_is_tried_an_order_that_is_claimed_has_one_claimer(
    tried: list[tuple[OrderStep, Part, str]],
) -> None:
    order = ORDER
    for step, part, who in tried:
        try:
            order = made(order, step, part, who)
        except MoveRefused:
            continue
        assert (order.claimed_by is not None) == (
            order.state in (OrderState.CLAIMED, OrderState.DONE, OrderState.RATED)
        )
    assert len(order.history) <= len(tried)


def test_a_step_that_needs_words_or_a_rating_is_refused_without() -> None:
    with pytest.raises(MoveRefused, match="add a few words"):
        make_step(ORDER, OrderStep.OFFER, Part.COMMUNITY, at=NOON, actor="li")
    done = replace(ORDER, state=OrderState.DONE, claimed_by="li")
    for rating in (None, 0, 6):
        with pytest.raises(MoveRefused, match="from 1 to 5"):
            make_step(done, OrderStep.RATE, Part.RESIDENT, at=NOON, actor="resident", rating=rating)


def test_an_announcement_is_shown_from_then_until_then() -> None:
    told = Announcement(
        id="a",
        area="north",
        title="t",
        text="x",
        shown_from=NOON,
        shown_until=NOON + timedelta(days=1),
        written_by="li",
        written_at=NOON,
    )
    shown = [told.is_shown(NOON + timedelta(hours=hours)) for hours in (-1, 0, 23, 24)]
    assert shown == [False, True, True, False]
    assert not told.taken_back(by="wu", at=NOON).is_shown(NOON)
    for wrong in ({"shown_until": NOON}, {"title": " "}, {"text": ""}, {"shown_until": NOON + timedelta(days=400)}):
        with pytest.raises(MoveRefused):
            replace(told, **wrong)  # pyright: ignore[reportArgumentType]  # one wrong field at a time
