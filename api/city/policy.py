"""What happens to a finding or report before a person has looked: merged, filed at once, or left for a verdict."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field, model_validator

from api.city.part import AtKey, Code, Flag, Fraction, Identifier, Number, Part, Text
from api.city.time_limits import EscalationStep, StageLimit, Stages
from cases.clocks import ClockKind
from cases.merging import Nearness
from cases.policy import BY_URGENCY, AfterPicturePolicy, ReportPolicy
from cases.recheck import RecheckRule
from cases.source import Source
from cases.supervision import SupervisionLevel, SupervisionPolicy
from inference.findings import ViolationKind


class AutoFile(Part):
    """Findings of `kind` with at least `min_confidence` are filed without waiting for a verdict.

    With `cameras` or `zones` only where these saw them.
    """

    kind: ViolationKind
    min_confidence: Fraction
    cameras: tuple[Identifier, ...] = ()
    zones: tuple[Identifier, ...] = ()


class Near(Part):
    """So many metres and hours apart, two sources speak of one matter (50 m and 24 h are the field's habit).

    A new case within `recurrence_days` after the last one at its place was closed is linked to it (复发).
    """

    metres: Annotated[Number, Field(gt=0, le=1000)] = 50
    hours: Annotated[Number, Field(gt=0, le=720)] = 24
    recurrence_days: Annotated[Number, Field(ge=0, le=366)] = 30

    def build(self) -> Nearness:
        """The same for `cases`."""
        return Nearness(
            radius_metres=self.metres,
            within=timedelta(hours=self.hours),
            recurrence_within=timedelta(days=self.recurrence_days),
        )


class Merge(Near):
    """How near two sources must be, with other figures for single event codes.

    An address under `unit_addresses` is what offices fill in where nobody knows the place: it never joins two cases.
    """

    by_code: dict[Code, Near] = Field(default={}, max_length=1000)
    unit_addresses: tuple[Text, ...] = Field(default=(), max_length=1000)


class Reports(Part):
    """What happens to a case that rests on people's words.

    Cases from the sources under `verify` wait for a look on the spot (核实); those under `file_at_once` are filed
    without a verdict. `by_urgency` orders the looks; what is left out comes last.
    """

    verify: tuple[Source, ...] = tuple(sorted(ReportPolicy().verify))
    verify_minutes: Annotated[Number, Field(gt=0, le=10_080)] = 30
    file_when_verified: Flag = False
    file_at_once: tuple[Source, ...] = ()
    by_urgency: tuple[Source, ...] = BY_URGENCY

    def build(self) -> ReportPolicy:
        """The same for `cases`."""
        return ReportPolicy(
            verify=frozenset(self.verify),
            verify_within=timedelta(minutes=self.verify_minutes),
            file_when_verified=self.file_when_verified,
            file_at_once=frozenset(self.file_at_once),
            by_urgency=self.by_urgency,
        )


class RecheckPart(Part):
    """When matters of `kind` are looked at again after handling (核查), by the camera that saw them.

    With `same_time_of_day` at the time at which it was seen (同时段核查). With `auto_close` an empty place closes it.
    """

    kind: ViolationKind
    after_minutes: Annotated[Number, Field(ge=0, le=10_080)] = 5
    same_time_of_day: Flag = False
    within_minutes: Annotated[Number, Field(ge=1, le=10_080)] = 60
    auto_close: Flag = False

    def build(self) -> RecheckRule:
        """The same for `cases`."""
        return RecheckRule(
            after=timedelta(minutes=self.after_minutes),
            same_time_of_day=self.same_time_of_day,
            within=timedelta(minutes=self.within_minutes),
            auto_close=self.auto_close,
        )


LONGEST_DAYS, LONGEST_HOURS = 30, 240
"""For a reply that the machine asks for."""
IN_DAYS = (ClockKind.WORKING_DAYS, ClockKind.CALENDAR_DAYS)


class SupervisionPart(Part):
    """What is ordered by itself (超时督办) when handling has taken half as long again as its limit.

    Attributes:
        automatic: whether anything is.
        level: of the order.
        requirement: what the department is to do.
        reply_within: how long its reply may take; none is needed without.
    """

    automatic: Flag = False
    level: SupervisionLevel = SupervisionLevel.ORDINARY
    requirement: Text = SupervisionPolicy().requirement
    reply_within: StageLimit | None = None

    @model_validator(mode="after")
    def _comes_in_time(self) -> "SupervisionPart":
        wait = self.reply_within
        if wait is not None and wait.amount > (LONGEST_DAYS if wait.clock in IN_DAYS else LONGEST_HOURS):
            raise AtKey("reply_within", f"must be at most {LONGEST_DAYS} days or {LONGEST_HOURS} hours")
        return self

    def build(self) -> SupervisionPolicy:
        """The same for `cases`."""
        return SupervisionPolicy(
            automatic=self.automatic, level=self.level, requirement=self.requirement, reply_within=self.reply_within
        )


class AfterPicture(Part):
    """Whose handling has to be shown by a picture at once: every case's, or those of some event codes."""

    always: Flag = False
    codes: Annotated[tuple[Code, ...], Field(max_length=1000)] = ()

    def build(self) -> AfterPicturePolicy:
        """The same for `cases`."""
        return AfterPicturePolicy(always=self.always, codes=frozenset(self.codes))


class Policy(Part):
    """Without lines under `auto_file` every finding waits for a supervisor."""

    auto_file: tuple[AutoFile, ...] = ()
    merge: Merge = Merge()
    reports: Reports = Reports()
    recheck: tuple[RecheckPart, ...] = ()
    stages: Stages = Stages()
    supervision: SupervisionPart = SupervisionPart()
    escalation: tuple[EscalationStep, ...] = Field(default=(), max_length=100)
    after_picture: AfterPicture = AfterPicture()
