"""Rows of months of appraisal."""

from typing import Any

from api.store.rows.places import Row
from cases.appraisal.book import Member
from cases.appraisal.indicators import Indicator
from cases.appraisal.period import Period, PeriodState
from cases.appraisal.scheme import Scheme
from cases.appraisal.sets import CaseSet


def move_row(period: Period) -> dict[str, Any]:
    """The columns of a month's last move."""
    scheme = period.scheme
    if scheme is None or period.at is None:
        raise ValueError("a month that was moved has a scheme and a time")
    return {
        "month": period.month,
        "step": period.step,
        "state": period.state.value,
        "revision": period.revision,
        "scheme": {
            "name": scheme.name,
            "points": {name.value: value for name, value in scheme.points.items()},
            "street_share": scheme.street_share,
            "least_cases": scheme.least_cases,
        },
        "actor": period.actor,
        "at": period.at,
        "reason": period.reason,
    }


def period_from(row: Row) -> Period:
    """A month from the row of its last move."""
    scheme = row["scheme"]
    return Period(
        month=row["month"],
        state=PeriodState(row["state"]),
        revision=row["revision"],
        scheme=Scheme(
            name=scheme["name"],
            points={Indicator(name): value for name, value in scheme["points"].items()},
            street_share=scheme["street_share"],
            least_cases=scheme["least_cases"],
        ),
        step=row["step"],
        actor=row["actor"],
        at=row["at"],
        reason=row["reason"],
    )


def member_from(row: Row) -> Member:
    """A case behind a figure."""
    return Member(
        case_id=row["case_id"],
        number=row["number"],
        department=row["department"],
        area=row["area"],
        sets=CaseSet(row["sets"]),
    )
