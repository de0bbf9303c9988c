"""Months: their span, their moves, their votes."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from cases.appraisal.period import Period, PeriodAct, PeriodState, Vote, first_day, mean_votes
from cases.appraisal.scheme import STANDARD
from cases.errors import AppraisalError

NOW = datetime(2026, 11, 2, 1, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_a_month_is_published_perhaps_again_then_locked_for_good() -> None:
    month = Period(month="2026-10")
    published = month.moved(PeriodAct.PUBLISH, by="li", at=NOW, scheme=STANDARD)
    again = published.moved(PeriodAct.REPUBLISH, by="li", at=NOW, scheme=STANDARD, reason="appeal granted")
    locked = again.moved(PeriodAct.LOCK, by="wang", at=NOW, scheme=STANDARD)
    assert [one.state for one in (published, again, locked)] == ["published", "published", "locked"]
    assert (locked.revision, locked.scheme, locked.actor) == (2, STANDARD, "wang")


@pytest.mark.parametrize(
    ("state", "act"),
    [
        (PeriodState.OPEN, PeriodAct.REPUBLISH),
        (PeriodState.OPEN, PeriodAct.LOCK),
        (PeriodState.PUBLISHED, PeriodAct.PUBLISH),
        *((PeriodState.LOCKED, act) for act in PeriodAct),
    ],
)
def test_what_the_table_does_not_allow_is_refused(state: PeriodState, act: PeriodAct) -> None:
    with pytest.raises(AppraisalError, match="allowed now"):
        Period(month="2026-10", state=state).moved(act, by="li", at=NOW, scheme=STANDARD, reason="why not")


def test_publishing_again_needs_a_reason() -> None:
    with pytest.raises(AppraisalError, match="say why"):
        Period(month="2026-10", state=PeriodState.PUBLISHED).moved(
            PeriodAct.REPUBLISH, by="li", at=NOW, scheme=STANDARD, reason="  "
        )


def test_a_month_begins_at_midnight_of_the_city() -> None:
    start, end = Period(month="2026-12").span(SHANGHAI)
    assert (start, end) == (datetime(2026, 11, 30, 16, tzinfo=UTC), datetime(2026, 12, 31, 16, tzinfo=UTC))
    assert Period.holding(start, SHANGHAI).month == "2026-12"
    assert Period.holding(end, SHANGHAI).month == "2027-01"


@pytest.mark.parametrize("written", ["2026-13", "2026-1", "", "2026-10-01", "1999-12", "２０２６-10"])
def test_what_is_no_month_is_refused(written: str) -> None:
    with pytest.raises(AppraisalError, match="2026-10"):
        first_day(written)


def test_votes_are_averaged_over_the_streets() -> None:
    votes = [
        Vote(month="2026-10", street=street, department="police", points=points, actor="zhao", at=NOW)
        for street, points in (("s1", 60.0), ("s2", 90.0))
    ]
    assert mean_votes(votes) == {"police": 75.0}


@pytest.mark.parametrize("points", [-1, 100.5, float("nan")])
def test_a_vote_outside_0_to_100_is_refused(points: float) -> None:
    with pytest.raises(AppraisalError, match="between 0 and 100"):
        Vote(month="2026-10", street="s1", department="police", points=points, actor="zhao", at=NOW)
