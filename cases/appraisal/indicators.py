"""Indicators (评价指标): each is the share of one set of cases in another.

Formulas: a city's published digital-management rules (100 points: 处置率 30, 按期处置率 20, 返工率 20, 超期待处置率 20,
延期率 10) and a city's monthly bulletin (结案率 = 结案数 / 应结案数, 按期结案率 = 按期结案数 / 应结案数);
满意率 = 满意数 / 评价数;
准确派遣率 = 准确派遣数 / 派遣数, names as systems in use publish them, 准确 taken as: no department returned it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from cases.appraisal.sets import CaseSet
from cases.appraisal.tally import Tally


class Indicator(StrEnum):
    """What is measured."""

    FILING_RATE = "filing_rate"
    ACCURATE_DISPATCH_RATE = "accurate_dispatch_rate"
    HANDLING_RATE = "handling_rate"
    TIMELY_HANDLING_RATE = "timely_handling_rate"
    CLOSING_RATE = "closing_rate"
    TIMELY_CLOSING_RATE = "timely_closing_rate"
    REWORK_RATE = "rework_rate"
    OVERDUE_RATE = "overdue_rate"
    EXTENSION_RATE = "extension_rate"
    RECURRENCE_RATE = "recurrence_rate"
    SATISFACTION_RATE = "satisfaction_rate"

    @property
    def formula(self) -> "Formula":
        """Which set is counted in which."""
        return FORMULAS[self]

    def of(self, tally: Tally) -> float | None:
        """Its value, 0..1, or None where nothing could be measured: no case is no merit and no fault.

        >>> counts = {CaseSet.DUE_CLOSING: 972, CaseSet.CLOSED: 911, CaseSet.CLOSED_IN_TIME: 737}
        >>> month = Tally(cases=996, counts=counts)
        >>> [round(100 * (one.of(month) or 0), 2) for one in (Indicator.CLOSING_RATE, Indicator.TIMELY_CLOSING_RATE)]
        [93.72, 75.82]
        """
        whole = tally.count(self.formula.of)
        return tally.count(self.formula.counted) / whole if whole else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """`counted` / `of`.

    Attributes:
        counted: the numerator; a subset of `of`.
        of: the denominator.
        less_is_better: whether a high value is a fault.
    """

    counted: CaseSet
    of: CaseSet
    less_is_better: bool = False


FORMULAS: Mapping[Indicator, Formula] = MappingProxyType(
    {
        Indicator.FILING_RATE: Formula(counted=CaseSet.FILED, of=CaseSet.REPORTED),
        Indicator.ACCURATE_DISPATCH_RATE: Formula(counted=CaseSet.DISPATCHED_ACCURATELY, of=CaseSet.DISPATCHED),
        Indicator.HANDLING_RATE: Formula(counted=CaseSet.HANDLED, of=CaseSet.DUE_HANDLING),
        Indicator.TIMELY_HANDLING_RATE: Formula(counted=CaseSet.HANDLED_IN_TIME, of=CaseSet.DUE_HANDLING),
        Indicator.CLOSING_RATE: Formula(counted=CaseSet.CLOSED, of=CaseSet.DUE_CLOSING),
        Indicator.TIMELY_CLOSING_RATE: Formula(counted=CaseSet.CLOSED_IN_TIME, of=CaseSet.DUE_CLOSING),
        Indicator.REWORK_RATE: Formula(counted=CaseSet.REWORKED, of=CaseSet.DUE_CLOSING, less_is_better=True),
        Indicator.OVERDUE_RATE: Formula(counted=CaseSet.PENDING_OVERDUE, of=CaseSet.DUE_HANDLING, less_is_better=True),
        Indicator.EXTENSION_RATE: Formula(counted=CaseSet.EXTENDED, of=CaseSet.DUE_HANDLING, less_is_better=True),
        Indicator.RECURRENCE_RATE: Formula(counted=CaseSet.RECURRENT, of=CaseSet.FILED, less_is_better=True),
        Indicator.SATISFACTION_RATE: Formula(counted=CaseSet.SATISFIED, of=CaseSet.ANSWERED),
    }
)
"""Every indicator's formula."""
