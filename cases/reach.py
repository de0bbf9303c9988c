"""Which part of the city's cases somebody may see."""

from dataclasses import dataclass, replace

from cases.case import Case
from cases.dossier import Dossier
from cases.history import Entry
from cases.states import Act, CaseState
from inference.findings import EvidenceRole, Finding

NOT_FILED = frozenset({CaseState.CANDIDATE, CaseState.REJECTED})
"""States of what is not, or not yet, a matter of the city: nobody outside sees such cases."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Some of the cases: those in `areas`, and those of `departments` wherever they are.

    A department's cases are those that it leads, helps with, or was given an order about.

    Attributes:
        areas: codes, those inside them included; None for the whole city.
        departments: whose cases are seen wherever they are.
        filed_only: what waits for a verdict and what was rejected is left out.
        codes: only cases of these event codes; None for all.
        hidden_codes: cases of these event codes are left out.
        personal: whether originals of pictures, names and what people wrote are shown.
    """

    areas: frozenset[str] | None = frozenset()
    departments: frozenset[str] = frozenset()
    filed_only: bool = False
    codes: frozenset[str] | None = None
    hidden_codes: frozenset[str] = frozenset()
    personal: bool = True

    def covers(self, case: Case) -> bool:
        """Whether a case may be seen.

        >>> Reach() == NOTHING, EVERYTHING.areas is None
        (True, True)
        """
        if self.filed_only and case.state in NOT_FILED:
            return False
        if case.code in self.hidden_codes or (self.codes is not None and case.code not in self.codes):
            return False
        return self.holds(area=case.area, department=case.department) or not self.departments.isdisjoint(
            case.taking_part
        )

    def holds(self, *, area: str | None, department: str | None) -> bool:
        """Whether what belongs to this area and department may be seen."""
        return self.areas is None or area in self.areas or department in self.departments


NOTHING = Reach()
EVERYTHING = Reach(areas=None)


def only_public(finding: Finding) -> Finding:
    """The finding with nothing but its public pictures."""
    return replace(finding, evidence=tuple(ref for ref in finding.evidence if ref.role is EvidenceRole.PUBLIC))


def without_words(case: Case) -> Case:
    """The case without what people wrote: a description may name somebody, an address may be the caller's."""
    parts = tuple(replace(part, task="", given_by="", answered_by=None, note="", proofs=()) for part in case.subtasks)
    supervised = tuple(
        replace(one, requirement="", ordered_by="", reply="", replied_by=None, lifted_by=None, lifted_because="")
        for one in case.supervisions
    )
    return replace(
        case,
        description="",
        address="",
        proofs=(),
        subtasks=parts,
        supervisions=supervised,
        orders=(),
        consultations=(),
    )


def _without_words(entry: Entry) -> Entry:
    """A line of a history without who and why. What observers say they say in public."""
    return entry if entry.act is Act.COMMENT else replace(entry, actor="", reason="", proofs=())


def without_persons(dossier: Dossier) -> Dossier:
    """All stages of the dossier, without originals, names, reports, deliveries and what people wrote."""
    return replace(
        dossier,
        case=without_words(dossier.case),
        findings=tuple(map(only_public, dossier.findings)),
        history=tuple(map(_without_words, dossier.history)),
        filings=(),
        reports=(),
        verdicts=(),
        notices=tuple(replace(notice, read_by=None) for notice in dossier.notices),
    )
