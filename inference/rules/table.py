"""The table of rules: a violation more is one file and one line here."""

from inference.rules.garbage import ExposedGarbage
from inference.rules.parking import IllegalParking
from inference.rules.rule import Dwell, Rule
from inference.rules.stalls import TELLING_PARTS, StallEncroachment


def all_rules(dwell: Dwell, stall_parts: frozenset[str] = TELLING_PARTS) -> tuple[Rule, ...]:
    """Every rule of the house.

    Args:
        dwell: how long things must stand.
        stall_parts: detector classes that make a stall together with a person.
    """
    return (
        IllegalParking(dwell=dwell),
        ExposedGarbage(dwell=dwell),
        StallEncroachment(dwell=dwell, telling_parts=stall_parts),
    )
