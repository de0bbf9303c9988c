"""Appraisal: the league table of a month, the cases behind each figure, votes, publishing."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Self

from fastapi import Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.city.part import did_you_mean
from api.doors import Doors, TheDoors
from api.moves import Reason
from api.problems import problems
from api.routes.listing import Name
from api.spreadsheets import BYTE_ORDER_MARK, csv_line
from cases.appraisal.book import Member
from cases.appraisal.desk import Table
from cases.appraisal.indicators import Indicator
from cases.appraisal.league import Standing, Unit
from cases.appraisal.period import PeriodAct, PeriodState
from cases.appraisal.sets import CaseSet
from cases.errors import AppraisalError

router = Router(prefix="/v1/appraisal", tags=["appraisal"])

SeesAppraisal = Annotated[Caller, needs(Right.SEE_APPRAISAL)]
Appraises = Annotated[Caller, needs(Right.APPRAISE)]

Month = Annotated[str, Path(description="a month of the city's calendar", examples=["2026-10"], max_length=10)]
By = Annotated[Unit, Query(description="what is compared")]
SetName = Annotated[str, Query(description="a set of cases", examples=["closed_in_time"], max_length=40)]


class StandingRecord(BaseModel):
    """One line of the table. Shares lie between 0 and 1, points between 0 and 100."""

    unit: str
    name: str
    rank: int | None
    points: float | None
    objective: float | None
    vote: float | None
    cases: int
    sets: dict[str, int]
    indicators: dict[Indicator, float | None]
    mean_handling_seconds: float | None
    cases_per_square_km: float | None
    cases_per_10_000: float | None

    @classmethod
    def of(cls, one: Standing, name: str) -> Self:
        """A standing with its unit's name."""
        mean = one.tally.mean_handling
        return cls(
            unit=one.unit,
            name=name,
            rank=one.rank,
            points=one.points,
            objective=one.objective,
            vote=one.vote,
            cases=one.tally.cases,
            sets={str(part.name).lower(): one.tally.count(part) for part in CaseSet},
            indicators={indicator: indicator.of(one.tally) for indicator in Indicator},
            mean_handling_seconds=mean.total_seconds() if mean else None,
            cases_per_square_km=one.measure.per_square_km(one.tally.cases),
            cases_per_10_000=one.measure.per_10_000(one.tally.cases),
        )


class TableRecord(BaseModel):
    """One month of one sort of units, best first."""

    month: str
    state: PeriodState
    revision: int
    scheme: str
    points: dict[Indicator, float]
    street_share: float
    published_by: str
    at: datetime | None
    reason: str
    standings: tuple[StandingRecord, ...]
    unknown_cases: int = Field(description="cases whose unit nobody knows; not ranked")
    cases: int

    @classmethod
    def of(cls, table: Table, doors: Doors) -> Self:
        """The table as programs read it."""
        names = unit_names(doors)
        return cls(
            month=table.period.month,
            state=table.period.state,
            revision=table.period.revision,
            scheme=table.scheme.name,
            points=dict(table.scheme.points),
            street_share=table.scheme.street_share,
            published_by=table.period.actor,
            at=table.period.at,
            reason=table.period.reason,
            standings=tuple(StandingRecord.of(one, names.get(one.unit, one.unit)) for one in table.standings),
            unknown_cases=table.unknown.cases,
            cases=table.whole.cases,
        )


class MemberRecord(BaseModel):
    """One case behind a figure."""

    case_id: str
    number: str
    department: str | None
    area: str | None


class MonthMove(BaseModel):
    """What is to be done to a month."""

    model_config = ConfigDict(extra="forbid")

    act: PeriodAct
    reason: Reason = ""


class VoteRequest(BaseModel):
    """How a street scores a department."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    street: str = Field(max_length=64, description="area code of the street")
    department: str = Field(max_length=64)
    points: float = Field(ge=0, le=100)


class VoteRecord(BaseModel):
    """One vote."""

    model_config = ConfigDict(from_attributes=True)

    month: str
    street: str
    department: str
    points: float
    actor: str
    at: datetime


@router.get("/{month}", summary="Read the league table of a month", responses=problems(401, 403, 409, 422, 503))
def table(doors: TheDoors, _: SeesAppraisal, month: Month, by: By = Unit.DEPARTMENT) -> TableRecord:
    """Live while the month is open, as frozen once it is published."""
    return TableRecord.of(doors.appraisal.table(month, by), doors)


@router.get(
    "/{month}/table.csv",
    summary="Read the league table as CSV",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}}, **problems(401, 403, 409, 422, 503)},
)
def table_csv(doors: TheDoors, _: SeesAppraisal, month: Month, by: By = Unit.DEPARTMENT) -> Response:
    """UTF-8 with a byte order mark, so that spreadsheets read the names right."""
    record = TableRecord.of(doors.appraisal.table(month, by), doors)
    text = BYTE_ORDER_MARK + "".join(_csv_lines(record))
    headers = {"Content-Disposition": f'attachment; filename="appraisal-{record.month}-{by}.csv"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/{month}/cases", summary="List the cases behind a figure", responses=problems(401, 403, 409, 422, 503))
def members(
    doors: TheDoors, who: SeesAppraisal, month: Month, unit: Name, among: SetName, by: By = Unit.DEPARTMENT
) -> list[MemberRecord]:
    """The cases of a unit that lie in one set; an empty `unit` stands for those whose unit nobody knows."""
    found = members_seen_by(who, doors, month, by, unit, among)
    return [
        MemberRecord(case_id=one.case_id, number=one.number, department=one.department, area=one.area) for one in found
    ]


@router.post(
    "/{month}/moves",
    summary="Publish a month, publish it again, or lock it",
    responses=problems(401, 403, 409, 413, 422, 503),
)
def move(doors: TheDoors, who: Appraises, month: Month, wish: MonthMove) -> TableRecord:
    """Publishing freezes the figures; a locked month never changes again."""
    doors.appraisal.move(month, wish.act, by=who.label, reason=wish.reason)
    return TableRecord.of(doors.appraisal.table(month, Unit.DEPARTMENT), doors)


@router.post(
    "/{month}/votes", summary="Score a department as a street", responses=problems(401, 403, 404, 409, 413, 422, 503)
)
def vote(doors: TheDoors, who: Appraises, month: Month, wish: VoteRequest) -> VoteRecord:
    """In place of the street's earlier vote on that department, while the month is open."""
    if not who.reach.holds(area=wish.street, department=None):
        raise HTTPException(404, "there is no such street within your area; vote for your own")
    made = doors.appraisal.vote(month, street=wish.street, department=wish.department, points=wish.points, by=who.label)
    return VoteRecord.model_validate(made)


@router.get("/{month}/votes", summary="Read the votes of the streets", responses=problems(401, 403, 409, 422, 503))
def votes(doors: TheDoors, _: SeesAppraisal, month: Month) -> list[VoteRecord]:
    """All votes of a month."""
    return [VoteRecord.model_validate(one) for one in doors.appraisal.votes(month)]


def members_seen_by(who: Caller, doors: Doors, month: str, by: Unit, unit: str, among: str) -> tuple[Member, ...]:
    """The cases behind a figure that somebody may see."""
    found = doors.appraisal.members(month, by, unit, set_named(among))
    return tuple(one for one in found if who.reach.holds(area=one.area, department=one.department))


def set_named(written: str) -> CaseSet:
    """The set of this name.

    Raises:
        AppraisalError: there is none.
    """
    known = {str(one.name).lower(): one for one in CaseSet}
    if written not in known:
        hint = did_you_mean(written, known) or f"there are: {', '.join(known)}"
        raise AppraisalError(f"there is no set of cases called {written!r}; {hint}")
    return known[written]


def unit_names(doors: Doors) -> dict[str, str]:
    """What departments and areas are called, by id and code."""
    departments = {part.id: part.name.zh for part in doors.city.file.departments}
    return departments | {code: area.name for code, area in doors.order.grid.areas.items()}


def _csv_lines(record: TableRecord) -> Iterator[str]:
    sets = [str(one.name).lower() for one in CaseSet]
    indicators = list(Indicator)
    head = ["month", "state", "rank", "unit", "name", "points", "objective", "vote", "cases", *sets, *indicators]
    yield csv_line([*head, "mean_handling_seconds", "cases_per_square_km", "cases_per_10_000"])
    for one in record.standings:
        yield csv_line(
            [
                record.month,
                record.state,
                one.rank,
                one.unit,
                one.name,
                one.points,
                one.objective,
                one.vote,
                one.cases,
                *(one.sets[name] for name in sets),
                *(one.indicators[name] for name in indicators),
                one.mean_handling_seconds,
                one.cases_per_square_km,
                one.cases_per_10_000,
            ]
        )
