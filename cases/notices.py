"""Whose notices are whose: the audience says by what somebody is, a name says who exactly."""

from dataclasses import dataclass
from datetime import datetime

from cases.case import Case
from cases.escalation import Audience, Notice
from cases.reach import NOTHING, Reach
from inference.findings import ViolationKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Somebody who is given notices.

    Attributes:
        reader: the identifier under which is kept what they have read; a notice that bears it is theirs wherever its
            case is.
        audiences: what they are to the city. They get notices without a name for these, about cases within their reach.
        names: departments and units for which they work. They get notices that bear such a name, within their reach.
        streets: codes of the areas whose street office they are. They get what `Audience.STREET` is told about these.
        reach: the cases that they may see.
    """

    reader: str
    audiences: frozenset[Audience] = frozenset()
    names: frozenset[str] = frozenset()
    streets: frozenset[str] = frozenset()
    reach: Reach = NOTHING

    def gets(self, notice: Notice, case: Case | None) -> bool:
        """Whether a notice is meant for them; one about no case reaches roles that are bound to no area.

        >>> Addressee(reader="li") == Addressee(reader="li", names=frozenset())
        True
        """
        if notice.name and notice.name == self.reader:
            return True
        if not notice.name and notice.audience is Audience.STREET:
            return case is not None and case.area in self.streets
        mine = notice.name in self.names if notice.name else notice.audience in self.audiences
        if case is None:
            return mine and (bool(notice.name) or self.reach.areas is None)
        return mine and self.reach.covers(case)


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenNotice:
    """A notice as one addressee gets it.

    Attributes:
        number: its place in the order in which notices were written, from 1.
        notice: what is told.
        case_number: of its case, for people; None where it is about none.
        kind: of its case.
        code: of its case.
        read_at: aware UTC, when this addressee read it; None while they have not.
    """

    number: int
    notice: Notice
    case_number: str | None
    kind: ViolationKind | None
    code: str | None
    read_at: datetime | None
