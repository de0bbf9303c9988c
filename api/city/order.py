"""What the city file means for cases: who is responsible, what is filed at once, when two findings are one matter."""

from datetime import UTC, date, datetime, time

from api.city.departments import Department as DepartmentPart
from api.city.duty_list import DutyListPart
from api.city.editions import Editions
from api.city.file import CityFile
from api.city.time_limits import ladder_of
from cases.city import CityOrder, Department
from cases.clocks import WorkCalendar
from cases.duty_list import Duty, DutyList, Edition
from cases.filing import Channel
from cases.grid import Grid
from cases.merging import MergeRules
from cases.organisation import Organisation
from cases.policy import AutoFilePolicy, AutoFileRule
from cases.recheck import RULES
from cases.staff import GridStaff
from inference.zones.hours import Calendar


def order_of(city: CityFile, duty_list: DutyListPart, calendar: Calendar, grid: Grid, editions: Editions) -> CityOrder:
    """Everything that `cases` needs to know about the city."""
    merge = city.policy.merge
    organisation = Organisation(part.build() for part in (*city.departments, *city.organisations))
    return CityOrder(
        duty_list=_duty_list(duty_list, editions, calendar),
        departments={part.id: _department(part) for part in city.departments},
        policy=AutoFilePolicy(
            rules=tuple(
                AutoFileRule(
                    kind=rule.kind,
                    minimum_confidence=rule.min_confidence,
                    cameras=frozenset(rule.cameras),
                    zones=frozenset(rule.zones),
                )
                for rule in city.policy.auto_file
            )
        ),
        reporting=city.policy.reports.build(),
        rechecking={**RULES, **{part.kind: part.build() for part in city.policy.recheck}},
        merging=MergeRules(
            usual=merge.build(),
            by_code={code: near.build() for code, near in merge.by_code.items()},
            unit_addresses=frozenset(" ".join(address.split()) for address in merge.unit_addresses),
            patrols=frozenset(camera.id for camera in city.cameras if camera.moving),
        ),
        areas={camera.id: camera.area for camera in city.cameras if camera.area},
        grid=grid,
        organisation=organisation,
        staff=GridStaff(grid=grid, organisation=organisation),
        scheme=city.appraisal.build(),
        measures=city.appraisal.measures(),
        calendar=WorkCalendar(days=calendar, hours=city.calendar.working_hours),
        stages=city.policy.stages.build(),
        supervision=city.policy.supervision.build(),
        after_picture=city.policy.after_picture.build(),
        ladder=ladder_of(city.policy.escalation),
        residents=city.residents.build(),
    )


def _department(part: DepartmentPart) -> Department:
    return Department(id=part.id, name=part.name.zh, channel=Channel(part.channel.type))


def _duty_list(part: DutyListPart, editions: Editions, calendar: Calendar) -> DutyList:
    return DutyList(
        fallback=Duty(department=part.fallback.department, limit=part.fallback.limit),
        territorial={owner.area: owner.department for owner in part.fallback.territorial},
        editions=tuple(
            Edition(
                name=edition.part.name,
                valid_from=_midnight(edition.part.effective_from, calendar),
                valid_until=_midnight(until, calendar) if (until := editions.until(edition)) else None,
                lines=edition.lines,
            )
            for edition in editions.read
        ),
    )


def _midnight(day: date, calendar: Calendar) -> datetime:
    return datetime.combine(day, time(0), tzinfo=calendar.zone).astimezone(UTC)
