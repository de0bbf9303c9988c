"""How much ground objects cover: a box ends where an object begins, and its middle lies behind that."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """Metres along the street and across it, of an object that stands along the street."""

    length: float
    width: float


_SIZES = {
    "car": Footprint(length=4.6, width=1.8),
    "truck": Footprint(length=6.5, width=2.2),
    "bus": Footprint(length=11.0, width=2.5),
    "tricycle": Footprint(length=2.8, width=1.2),
    "motorcycle": Footprint(length=1.8, width=0.7),
    "bicycle": Footprint(length=1.7, width=0.5),
    "person": Footprint(length=0.4, width=0.5),
    "garbage": Footprint(length=0.9, width=0.9),
    "bin_overflow": Footprint(length=1.0, width=1.0),
    "bin": Footprint(length=0.7, width=0.7),
    "stall": Footprint(length=2.0, width=1.5),
    "umbrella": Footprint(length=1.8, width=1.8),
    "parasol": Footprint(length=1.8, width=1.8),
    "dining table": Footprint(length=1.0, width=1.0),
    "table": Footprint(length=1.0, width=1.0),
    "goods": Footprint(length=1.0, width=1.0),
    "cart": Footprint(length=1.6, width=1.0),
}
"""Usual sizes; ours, from the vehicles and things that stand in streets."""

_OTHER = Footprint(length=0.6, width=0.6)


def footprint_of(object_class: str) -> Footprint:
    """The usual footprint of a detector class."""
    return _SIZES.get(object_class, _OTHER)
