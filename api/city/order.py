"""What the city file means for cases: who is responsible, what is filed at once, when two findings are one matter."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from api.city.channels import Webhook
from api.city.departments import Department as DepartmentPart
from api.city.duty_list import DutyLinePart, DutyListPart
from api.city.file import CityFile
from cases.city import CityOrder, Department, MergeRules
from cases.clocks import WorkCalendar
from cases.duty_list import Duty, DutyLine, DutyList, Edition
from cases.filing import Channel
from cases.policy import AutoFilePolicy, AutoFileRule
from inference.zones.hours import Calendar


def order_of(city: CityFile, duty_list: DutyListPart, calendar: Calendar) -> CityOrder:
    """Everything that `cases` needs to know about the city."""
    merge = city.policy.merge
    return CityOrder(
        duty_list=_duty_list(duty_list, {area.code: area.parent for area in city.areas}, calendar),
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
        merging=MergeRules(
            radius_metres=merge.metres,
            within=timedelta(hours=merge.hours),
            recurrence_within=timedelta(days=merge.recurrence_days),
            patrols=frozenset(camera.id for camera in city.cameras if camera.moving),
        ),
        areas={camera.id: camera.area for camera in city.cameras if camera.area},
        calendar=WorkCalendar(days=calendar, hours=city.calendar.working_hours),
    )


def _department(part: DepartmentPart) -> Department:
    channel = Channel.WEBHOOK if isinstance(part.channel, Webhook) else Channel.INBOX
    return Department(id=part.id, name=part.name.zh, channel=channel)


def _duty_list(part: DutyListPart, parents: dict[str, str | None], calendar: Calendar) -> DutyList:
    starts = datetime.combine(part.effective_from, time(0), tzinfo=calendar.zone).astimezone(UTC)
    edition = Edition(name=part.edition, valid_from=starts, lines=tuple(_lines(part, parents)))
    fallback = Duty(department=part.fallback.department, limit=part.fallback.limit)
    return DutyList(fallback=fallback, editions=(edition,))


def _lines(part: DutyListPart, parents: dict[str, str | None]) -> Iterator[DutyLine]:
    """Every line, and for each area inside a line's area that has no line of its own a copy: the nearest owner wins."""
    written = {(line.kind, line.area): line for line in part.lines}
    for kind in dict.fromkeys(line.kind for line in part.lines):
        for area in (None, *parents):
            above = area
            while above is not None and (kind, above) not in written:
                above = parents[above]
            if (line := written.get((kind, above))) and (area is None or above is not None):
                yield _line(line, area)


def _line(part: DutyLinePart, area: str | None) -> DutyLine:
    return DutyLine(
        id=f"{part.kind}@{area}" if area else str(part.kind),
        code=part.code,
        kind=part.kind,
        area=area,
        department=part.department,
        limit=part.limit,
        condition=part.filing_condition,
        legal_basis=part.legal_basis or "",
    )
