"""Families of object classes that stand alike, each with its named thresholds.

Within a family a detector may change its mind (car, truck, bus) without the object having gone.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """How objects of one kind stand, and how sure one must be that they have left.

    Attributes:
        name: of the family.
        classes: detector classes that belong to it.
        overlap: least intersection over union with the anchor box to be the same object in the same place.
        shift: largest movement of the box centre, as a share of the box's size (root of its area), that is jitter
            and not movement.
        alike: least appearance correlation at which an undetected object is taken to be still there.
        replaced: correlation below which a matching box shows another object in the same place.
        empties: looks at a visibly empty place that end a stay.
        merge: intersection over union from which two boxes of the family are one object.
    """

    name: str
    classes: frozenset[str]
    overlap: float = 0.55
    shift: float = 0.12
    alike: float = 0.60
    replaced: float = 0.15
    empties: int = 3
    merge: float = 0.60


VEHICLES = Family(name="vehicle", classes=frozenset({"car", "bus", "truck", "tricycle"}))
"""Rigid and large: boxes are steady, appearance is telling. A half-hidden car may well be called a tricycle."""

LIGHT_VEHICLES = Family(name="light_vehicle", classes=frozenset({"motorcycle", "bicycle"}), overlap=0.50, shift=0.16)
"""Small and often in rows: boxes jitter more."""

PEOPLE = Family(name="person", classes=frozenset({"person"}), overlap=0.30, shift=0.45, alike=0.75, empties=2)
"""A vendor sways, turns and bends, and still stands there."""

RUBBISH = Family(
    name="rubbish", classes=frozenset({"garbage", "bin_overflow"}), overlap=0.40, shift=0.25, alike=0.65, merge=0.45
)
"""A pile grows and its box with it; an overflowing bin with bags around it is one thing."""

BINS = Family(name="bin", classes=frozenset({"bin"}), overlap=0.50, shift=0.20)

STALLS = Family(name="stall", classes=frozenset({"stall"}), overlap=0.40, shift=0.22, alike=0.55, merge=0.45)
"""Customers hide parts of a stall all the time."""

STALL_PARTS = Family(
    name="stall_part",
    classes=frozenset({"umbrella", "parasol", "dining table", "table", "chair", "bench", "goods", "cart"}),
    overlap=0.40,
    shift=0.25,
)
"""Things that make a stall before a model knows stalls as such."""

FAMILIES: tuple[Family, ...] = (VEHICLES, LIGHT_VEHICLES, PEOPLE, RUBBISH, BINS, STALLS, STALL_PARTS)

_BY_CLASS = {name: family for family in FAMILIES for name in family.classes}
_BY_NAME = {family.name: family for family in FAMILIES}


def family_of(object_class: str) -> Family | None:
    """The family of a detector class, or None where nothing that the rules need looks like it.

    >>> family_of("truck").name
    'vehicle'
    """
    return _BY_CLASS.get(object_class)


def family_named(name: str) -> Family:
    """The family called `name`."""
    return _BY_NAME[name]
