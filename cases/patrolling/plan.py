"""The patrol plan (巡查计划): which blocks are worth a visit now, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

from cases.patrolling.roads import STRETCH_METRES, Block, RoadMap
from inference.geo import LatLon

NEAR_METRES = 40.0
"""A matter belongs to the nearest block so far away at most."""

MOST_DEBT = 3.0
"""Times the wanted interval; beyond that a stretch is no more urgent, or never-seen streets would drown all else."""

HOURS_AROUND = 1
"""Risk counts matters of this hour of the day and of one before and after."""


class Reason(StrEnum):
    """Why a block is worth a visit."""

    RECHECK = "recheck"
    """Something there was handled, and nobody has looked whether it is gone."""
    RECURRENCE = "recurrence"
    """Something there has come back after it was closed (复发)."""
    RISK = "risk"
    """Matters were found there at this hour of the day."""
    COVERAGE = "coverage"
    """It has not been seen for too long."""


WEIGHTS: Mapping[Reason, float] = {
    Reason.RECHECK: 20.0,
    Reason.RECURRENCE: 8.0,
    Reason.RISK: 3.0,
    Reason.COVERAGE: 1.0,
}
"""What one of each is worth: a re-check as much as a kilometre of streets that are due. Ours."""

MOST_OF_A_KIND = 5
"""Matters of one reason and block that count: one dump must not send every vehicle there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A case as the plan sees it.

    Attributes:
        place: WGS84.
        seen_at: aware UTC, when it was seen first.
        awaits_check: it was handled and has not been looked at again.
        recurs: it repeats a closed case.
    """

    place: LatLon
    seen_at: datetime
    awaits_check: bool = False
    recurs: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """How much a visit to a block is worth, by reason.

    Attributes:
        block: the block.
        by_reason: 0 or more; a reason that is missing is worth nothing.
    """

    block: Block
    by_reason: Mapping[Reason, float] = field(default_factory=dict[Reason, float])

    @property
    def total(self) -> float:
        """All reasons together."""
        return sum(self.by_reason.values())


def worths(
    roads: RoadMap,
    matters: Iterable[Matter],
    seen_last: Mapping[str, datetime],
    *,
    at: datetime,
    seen_every: timedelta,
    zone: tzinfo,
) -> tuple[Worth, ...]:
    """Every block that is worth a visit at `at`, the worthiest first.

    Args:
        roads: the city's.
        matters: of the last weeks.
        seen_last: when each stretch was seen last, by id.
        at: aware UTC, when the tour begins.
        seen_every: how often each stretch should be seen.
        zone: of the city, whose hours of the day count.
    """
    counted: dict[str, dict[Reason, int]] = {}
    for matter in matters:
        block = roads.block_near(matter.place, NEAR_METRES)
        for reason in _reasons(matter, at, zone) if block else ():
            of_block = counted.setdefault(block.id, {}) if block else {}
            of_block[reason] = of_block.get(reason, 0) + 1
    found = [_worth(block, counted.get(block.id, {}), seen_last, at, seen_every) for block in roads.blocks]
    return tuple(sorted((one for one in found if one.total > 0), key=lambda one: (-one.total, one.block.id)))


def _reasons(matter: Matter, at: datetime, zone: tzinfo) -> Iterable[Reason]:
    if matter.awaits_check:
        yield Reason.RECHECK
    if matter.recurs:
        yield Reason.RECURRENCE
    apart = abs(matter.seen_at.astimezone(zone).hour - at.astimezone(zone).hour)
    if min(apart, 24 - apart) <= HOURS_AROUND:
        yield Reason.RISK


def _worth(
    block: Block, counts: Mapping[Reason, int], seen_last: Mapping[str, datetime], at: datetime, every: timedelta
) -> Worth:
    by_reason = {reason: WEIGHTS[reason] * min(MOST_OF_A_KIND, count) for reason, count in counts.items()}
    debt = 0.0
    for stretch in block.stretches:
        seen = seen_last.get(stretch.id)
        late = MOST_DEBT if seen is None else min(MOST_DEBT, (at - seen) / every)
        debt += late * stretch.metres / STRETCH_METRES if late >= 1 else 0.0
    if debt:
        by_reason[Reason.COVERAGE] = WEIGHTS[Reason.COVERAGE] * debt
    return Worth(block=block, by_reason=by_reason)
