"""What a city decides about its cases. Data, read from the city file; no city has code of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cases.appraisal.league import Measure
from cases.appraisal.scheme import STANDARD, Scheme
from cases.clocks import WorkCalendar
from cases.duty_list import Duty, DutyList
from cases.filing import Channel
from cases.grid import Grid
from cases.policy import AutoFilePolicy
from inference.findings import Finding, ViolationKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """Somebody who handles cases.

    Attributes:
        id: stable, used in the duty list and in addresses.
        name: for people.
        channel: how it gets its cases.
    """

    id: str
    name: str
    channel: Channel = Channel.INBOX


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeRules:
    """When two findings are one matter.

    Attributes:
        same_place_overlap: 0..1; boxes of one fixed camera are one place from this intersection over union on.
        radius_metres: findings of different sources at most so far apart can be one matter.
        within: and at most so long apart.
        recurrence_within: a case at the same place at most so long after another was closed repeats it.
        patrols: cameras that move, for which a place in the picture means nothing.
    """

    same_place_overlap: float = 0.3
    radius_metres: float = 50.0
    within: timedelta = timedelta(hours=24)
    recurrence_within: timedelta = timedelta(days=30)
    patrols: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class CityOrder:
    """Everything that `cases` needs to know about a city.

    Attributes:
        duty_list: who is responsible.
        departments: by id; one that the duty list names but that is missing here gets its cases in the inbox.
        policy: what is filed without a verdict.
        merging: when two findings are one matter.
        areas: the area of each camera, by camera, where the city names one.
        grid: its map.
        scheme: how the appraisal gives points.
        measures: sizes of areas, by code.
        calendar: when its offices work, and the time zone whose years number the cases.
    """

    duty_list: DutyList
    departments: Mapping[str, Department] = field(default_factory=dict[str, Department])
    policy: AutoFilePolicy = field(default_factory=AutoFilePolicy)
    merging: MergeRules = field(default_factory=MergeRules)
    areas: Mapping[str, str] = field(default_factory=dict[str, str])
    grid: Grid = field(default_factory=Grid)
    scheme: Scheme = STANDARD
    measures: Mapping[str, Measure] = field(default_factory=dict[str, Measure])
    calendar: WorkCalendar = field(default_factory=WorkCalendar)

    def channel_of(self, department: str) -> Channel:
        """How a department gets its cases."""
        known = self.departments.get(department)
        return known.channel if known else Channel.INBOX

    def area_of(self, finding: Finding) -> str | None:
        """The area that a finding belongs to: by its place, within what the city says about its camera."""
        return self.grid.area_of(finding.where, self.areas.get(finding.camera))

    def duty_for(self, kind: ViolationKind | None, area: str | None, at: datetime, *, code: str | None = None) -> Duty:
        """Who has to see to a matter of `kind`, or of the city's own `code`, in `area` at `at`."""
        return self.duty_list.duty_for(kind, self.grid.path(area), at, code=code)
