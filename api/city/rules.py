"""How long things may stand where no zone says otherwise, and what makes a stall."""

from pydantic import Field

from api.city.part import Part, Seconds, Text
from inference.findings import ViolationKind
from inference.rules.rule import Dwell
from inference.rules.stalls import TELLING_PARTS


class RulePart(Part):
    """What a rule can be told. `dwell`: seconds an object must stand; never less than the 10 s that evidence needs."""

    dwell: Seconds | None = None


class StallRulePart(RulePart):
    """`parts`: detector classes that make a stall together with a person."""

    parts: tuple[Text, ...] = Field(default=tuple(sorted(TELLING_PARTS)), max_length=100)


class RulesPart(Part):
    """One part a violation; what is left out keeps the rule's own default."""

    illegal_parking: RulePart = RulePart()
    exposed_garbage: RulePart = RulePart()
    stall_encroachment: StallRulePart = StallRulePart()

    def dwells(self) -> Dwell:
        """Seconds by violation, as the rules ask."""
        written = {
            ViolationKind.ILLEGAL_PARKING: self.illegal_parking.dwell,
            ViolationKind.EXPOSED_GARBAGE: self.exposed_garbage.dwell,
            ViolationKind.STALL_ENCROACHMENT: self.stall_encroachment.dwell,
        }
        return Dwell(by_kind=Dwell().by_kind | {kind: dwell for kind, dwell in written.items() if dwell is not None})
