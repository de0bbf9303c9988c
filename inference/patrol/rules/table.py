"""The table of rules for moving eyes: a violation more is one file and one line here."""

from datetime import timedelta

from inference.patrol.rules.garbage import PassedGarbage
from inference.patrol.rules.parking import PASSES_APART, PassedParking
from inference.patrol.rules.rule import PatrolRule
from inference.patrol.rules.stalls import PassedStall
from inference.rules.stalls import TELLING_PARTS


def patrol_rules(
    passes_apart: timedelta = PASSES_APART, stall_parts: frozenset[str] = TELLING_PARTS
) -> tuple[PatrolRule, ...]:
    """Every rule of moving eyes.

    Args:
        passes_apart: between two passes that meet the same vehicle.
        stall_parts: detector classes that make a stall together with a person.
    """
    return (
        PassedParking(passes_apart=passes_apart),
        PassedGarbage(),
        PassedStall(telling_parts=stall_parts),
    )
