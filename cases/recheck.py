"""The re-check (核查): after handling, the same camera looks at the old place, and several looks that agree decide."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

from inference.findings import ViolationKind
from inference.sight import Sight

LOOKS = 2
"""Looks in a row that must agree: nothing rests on one picture."""

APART = timedelta(seconds=10)
"""Between the first and the last of them, as between the two panoramas of a finding (GA/T 832)."""


BY_PASSES = timedelta(days=7)
"""How long a matter that only patrols have seen waits for a vehicle that passes it."""


class RecheckResult(StrEnum):
    """What came of a re-check."""

    GONE = "gone"
    STILL_THERE = "still_there"
    CANNOT_SEE = "cannot_see"


class Hindrance(StrEnum):
    """Why a re-check cannot say anything."""

    NO_CAMERA = "no_camera"
    """Neither a fixed camera nor a patrol has seen the matter at a known place."""
    NO_PICTURE = "no_picture"
    """The camera gave no picture in time, or the one from before is lost."""
    HIDDEN = "hidden"
    TURNED = "turned"
    DARK = "dark"
    FROZEN = "frozen"
    UNSURE = "unsure"
    OVERTAKEN = "overtaken"
    """Somebody moved the case on before the camera had looked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecheckRule:
    """When a kind of matter is looked at again.

    Attributes:
        after: so long after handling at the earliest.
        same_time_of_day: at the time of day at which it was seen (同时段核查), for what comes back every evening.
        within: the camera has so long to see the place.
        auto_close: a place that is seen empty closes the case; without it a person closes.
    """

    after: timedelta = timedelta(minutes=5)
    same_time_of_day: bool = False
    within: timedelta = timedelta(hours=1)
    auto_close: bool = False

    def look_from(self, handled_at: datetime, seen_at: datetime, zone: tzinfo) -> datetime:
        """When the looking begins.

        Args:
            handled_at: aware UTC.
            seen_at: aware UTC, when the matter was seen last.
            zone: the city's time zone.

        Returns:
            Aware, in `zone`.
        """
        earliest = (handled_at + self.after).astimezone(zone)
        if not self.same_time_of_day:
            return earliest
        same = datetime.combine(earliest.date(), seen_at.astimezone(zone).time(), tzinfo=zone)
        return same if same >= earliest else datetime.combine(same.date() + timedelta(days=1), same.time(), tzinfo=zone)


RULES: Mapping[ViolationKind, RecheckRule] = {
    ViolationKind.ILLEGAL_PARKING: RecheckRule(),
    ViolationKind.EXPOSED_GARBAGE: RecheckRule(after=timedelta(minutes=10)),
    ViolationKind.STALL_ENCROACHMENT: RecheckRule(same_time_of_day=True),
}
"""Where a city says nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recheck:
    """One question to one camera: does it still stand there?

    Attributes:
        id: random.
        case_id: the handled case.
        handled_at: aware UTC, which handling is meant; each one is looked at once.
        finding: key of the finding whose place is looked at; None where no fixed camera has seen the matter.
        camera: whom it is put to; None where only patrols have seen it: then to whatever vehicle passes.
        asked_at: aware UTC.
        look_from: aware UTC, looks before do not count.
        give_up_at: aware UTC, looks from then on do not count.
        sights: how often each answer was given.
        streak: the last answer that told something, as long as no look has contradicted it.
        streak_looks: looks that gave it.
        streak_since, streak_until: aware UTC of the first and the last of them.
        result: what came of it; None while it is open.
        hindrance: why nothing could be said.
        decided_at: aware UTC.
    """

    id: str
    case_id: str
    handled_at: datetime
    finding: str | None
    camera: str | None
    asked_at: datetime
    look_from: datetime
    give_up_at: datetime
    sights: Mapping[Sight, int] = field(default_factory=dict[Sight, int])
    streak: Sight | None = None
    streak_looks: int = 0
    streak_since: datetime | None = None
    streak_until: datetime | None = None
    result: RecheckResult | None = None
    hindrance: Hindrance | None = None
    decided_at: datetime | None = None

    @property
    def is_by_passes(self) -> bool:
        """Whether a vehicle that passes answers it: from two places on its way, which takes no ten seconds."""
        return self.camera is None and self.finding is not None

    @property
    def verdict(self) -> RecheckResult | None:
        """What the looks so far say, if enough of them agree."""
        since, until = self.streak_since, self.streak_until
        if since is None or until is None or self.streak_looks < LOOKS:
            return None
        if until - since < APART and not self.is_by_passes:
            return None
        return RecheckResult.GONE if self.streak is Sight.EMPTY else RecheckResult.STILL_THERE

    @property
    def obstacle(self) -> Hindrance:
        """What stood most in the way; a place that was seen now and then, but never twice in a row, is unsure."""
        if not self.sights:
            return Hindrance.NO_PICTURE
        blind = {sight: count for sight, count in self.sights.items() if not sight.tells}
        return Hindrance(max(blind, key=lambda sight: blind[sight]).value) if blind else Hindrance.UNSURE

    def counts(self, at: datetime) -> bool:
        """Whether a look at `at` counts."""
        return self.result is None and self.look_from <= at < self.give_up_at

    def seen(self, sight: Sight, at: datetime) -> "Recheck":
        """The re-check after one more look. One in which the place cannot be seen neither confirms nor contradicts."""
        counted = replace(self, sights={**self.sights, sight: self.sights.get(sight, 0) + 1})
        if not sight.tells:
            return counted
        if sight is not self.streak or self.streak_until is None or at < self.streak_until:
            return replace(counted, streak=sight, streak_looks=1, streak_since=at, streak_until=at)
        return replace(counted, streak_looks=self.streak_looks + 1, streak_until=at)

    def decided(self, result: RecheckResult, at: datetime, hindrance: Hindrance | None = None) -> "Recheck":
        """The re-check at its end."""
        return replace(self, result=result, hindrance=hindrance, decided_at=at)
