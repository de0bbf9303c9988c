"""Counts of cases by set; the sum over parts is the count of the whole."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from cases.appraisal.sets import CaseSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many cases, how many of them in each set, and how long the handled ones took.

    Attributes:
        cases: all that were counted.
        counts: by single set; sets without a case may be left out.
        handling: dispatch to handled, summed over the handled cases.
    """

    cases: int = 0
    counts: Mapping[CaseSet, int] = field(default_factory=dict[CaseSet, int])
    handling: timedelta = timedelta(0)

    @classmethod
    def of(cls, sets: CaseSet, *, cases: int = 1, handling: timedelta = timedelta(0)) -> "Tally":
        """`cases` cases that all lie in the same sets."""
        return cls(cases=cases, counts=dict.fromkeys(sets, cases), handling=handling)

    def count(self, one: CaseSet) -> int:
        """How many cases lie in the set."""
        return self.counts.get(one, 0)

    @property
    def mean_handling(self) -> timedelta | None:
        """平均处置时长: mean time from dispatch to handled; None where nothing was handled."""
        handled = self.count(CaseSet.HANDLED)
        return self.handling / handled if handled else None

    def __add__(self, other: "Tally") -> "Tally":
        names = self.counts.keys() | other.counts.keys()
        return Tally(
            cases=self.cases + other.cases,
            counts={name: self.count(name) + other.count(name) for name in names},
            handling=self.handling + other.handling,
        )


def total(tallies: Iterable[Tally]) -> Tally:
    """All of them together.

    >>> total([Tally(cases=2), Tally(cases=3)]).cases
    5
    """
    return sum(tallies, start=Tally())
