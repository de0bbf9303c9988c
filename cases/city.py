"""What a city decides about its cases. Data, read from the city file; no city has code of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from cases.appraisal.league import Measure
from cases.appraisal.scheme import STANDARD, Scheme
from cases.case import Case
from cases.clocks import WorkCalendar
from cases.duty_list import Duty, DutyLine, DutyList
from cases.errors import ReportRefused
from cases.escalation import LADDER, Ladder
from cases.filing import Channel
from cases.grid import Grid
from cases.limit import Limit
from cases.merging import MergeRules
from cases.organisation import Organisation
from cases.participation.policy import ResidentPolicy
from cases.policy import AfterPicturePolicy, AutoFilePolicy, ReportPolicy
from cases.recheck import RULES, RecheckRule
from cases.supervision import SupervisionPolicy
from cases.timers import TimerKind
from cases.timing import STAGE_LIMITS, TimeRules
from inference.findings import Finding, ViolationKind
from inference.geo import LatLon


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


class StaffFinder(Protocol):
    """Knows who of the grid staff can go and look."""

    def nearest(self, place: LatLon | None, area: str | None) -> str | None:
        """The name of whoever is nearest to a place, or on duty in an area; None where nobody is known."""
        ...


class NoStaff:
    """A city that names no grid staff: whoever is there may go and look."""

    def nearest(self, place: LatLon | None, area: str | None) -> str | None:  # noqa: ARG002
        """Nobody."""
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class CityOrder:
    """Everything that `cases` needs to know about a city.

    Attributes:
        duty_list: who is responsible.
        departments: by id; one that the duty list names but that is missing here gets its cases in the inbox.
        policy: what is filed without a verdict.
        reporting: what happens to cases that rest on people's words.
        merging: when two findings or reports are one matter.
        rechecking: when each kind of matter is looked at again after handling.
        staff: who can go and look.
        areas: the area of each camera, by camera, where the city names one.
        grid: its map.
        organisation: everybody who has a part in it, departments included.
        scheme: how the appraisal gives points.
        measures: sizes of areas, by code.
        calendar: when its offices work, and the time zone whose years number the cases.
        stages: how long each stage may take.
        ladder: who is told when how much of a limit has run.
        supervision: what is ordered where handling takes far too long.
        residents: what everybody may see and do.
        after_picture: whose handling has to be shown at once.
    """

    duty_list: DutyList
    departments: Mapping[str, Department] = field(default_factory=dict[str, Department])
    policy: AutoFilePolicy = field(default_factory=AutoFilePolicy)
    reporting: ReportPolicy = field(default_factory=ReportPolicy)
    rechecking: Mapping[ViolationKind, RecheckRule] = field(default_factory=lambda: RULES)
    staff: StaffFinder = field(default_factory=NoStaff)
    merging: MergeRules = field(default_factory=MergeRules)
    areas: Mapping[str, str] = field(default_factory=dict[str, str])
    grid: Grid = field(default_factory=Grid)
    organisation: Organisation = field(default_factory=Organisation)
    scheme: Scheme = STANDARD
    measures: Mapping[str, Measure] = field(default_factory=dict[str, Measure])
    calendar: WorkCalendar = field(default_factory=WorkCalendar)
    stages: Mapping[TimerKind, Limit] = field(default_factory=lambda: STAGE_LIMITS)
    ladder: Ladder = field(default_factory=lambda: LADDER)
    supervision: SupervisionPolicy = field(default_factory=SupervisionPolicy)
    residents: ResidentPolicy = field(default_factory=ResidentPolicy)
    after_picture: AfterPicturePolicy = field(default_factory=AfterPicturePolicy)

    @property
    def times(self) -> TimeRules:
        """What it decides about time."""
        return TimeRules(calendar=self.calendar, stages=self.stages, ladder=self.ladder, supervision=self.supervision)

    def channel_of(self, department: str) -> Channel:
        """How a department gets its cases."""
        known = self.departments.get(department)
        return known.channel if known else Channel.INBOX

    def area_of(self, finding: Finding) -> str | None:
        """The area that a finding belongs to: by its place, within what the city says about its camera."""
        return self.grid.area_of(finding.where, self.areas.get(finding.camera))

    def duty_for(
        self,
        kind: ViolationKind | None,
        area: str | None,
        at: datetime,
        *,
        code: str | None = None,
        line: str | None = None,
    ) -> Duty:
        """Who has to see to a matter of `kind`, or of the city's own `code`, in `area` at `at`; see `DutyList`."""
        return self.duty_list.duty_for(kind, self.grid.path(area), at, code=code, line=line)

    def conditions(self, case: Case, at: datetime) -> tuple[DutyLine, ...]:
        """The lines under which a candidate can be filed at `at`; the usual one first."""
        code = case.code if case.code is not None and self.duty_list.lists(case.code, at) else None
        return self.duty_list.conditions(case.kind, self.grid.path(case.area), at, code=code)

    def filed_line(self, case: Case) -> DutyLine | None:
        """The line of the duty list that a case was filed under; None for the fallback owner, or one it has no more."""
        return self.duty_list.line(case.duty_edition, case.duty_line)

    def line_of(self, department: str, case: Case) -> DutyLine | None:
        """The line by which a department is responsible for a filed case, in the edition that it was filed under."""
        filed = self.filed_line(case)
        if filed is not None and department == case.department:
            return filed
        areas = self.grid.path(case.area)
        return self.duty_list.line_of(department, case.duty_edition, case.kind, areas, code=case.code)

    def matter(
        self, kind: ViolationKind | None, code: str | None, area: str | None, at: datetime
    ) -> tuple[ViolationKind | None, str | None]:
        """Both names of a matter of which at least one is known, as the duty list pairs them.

        Raises:
            ReportRefused: no line of the duty list has the code, or it is the code of another kind.
        """
        if code is None:
            return kind, self.duty_for(kind, area, at).code if kind else None
        edition = self.duty_list.edition_at(at)
        lines = [line for line in edition.lines if line.code == code] if edition else []
        if not lines:
            raise ReportRefused(f"no line of the duty list has the event code {code}; choose one that it has")
        kinds = {line.kind for line in lines if line.kind is not None}
        if kind is not None and kinds and kind not in kinds:
            raise ReportRefused(f"the event code {code} does not mean {kind}; leave one of the two out")
        return kind or (kinds.pop() if len(kinds) == 1 else None), code
