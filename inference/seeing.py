"""How a detector is looked through: from which confidence something counts, and which rules are asked."""

from inference.detector import Detector
from inference.detector.manifest import Manifest
from inference.pipeline import Seeing
from inference.rules.rule import Dwell
from inference.rules.stalls import TELLING_PARTS
from inference.rules.table import all_rules
from inference.stays.families import LIGHT_VEHICLES, VEHICLES

VEHICLE_CLASSES = VEHICLES.classes | LIGHT_VEHICLES.classes
KEEPS_AT = 0.15
"""Confidence that is enough to see a known object again; to open a stay it takes the manifest's `opens_at`."""

VEHICLE_SHARE = 0.65
"""Share of the manifest's threshold from which a vehicle may open a stay.

The manifest asks of one picture that the class be right. Much of what it turns down is a vehicle under another
name (a car called a tricycle), which a parked vehicle may well be called, and a finding takes three looks that agree.
Rubbish and stalls get no such credit: what is mistaken for them stands still as well, and is mistaken in every look.
"""


def seeing(detector: Detector, manifest: Manifest, dwell: Dwell, stall_parts: frozenset[str] = TELLING_PARTS) -> Seeing:
    """A detector with the thresholds of a manifest, and every rule.

    Args:
        detector: what looks.
        manifest: of the model whose confidences `detector` gives.
        dwell: how long things must stand.
        stall_parts: detector classes that make a stall together with a person.
    """
    return Seeing(
        detector=detector,
        opens_at={name: _opens_at(name, threshold) for name, threshold in manifest.opens_at.items()},
        keeps_at=max(KEEPS_AT, manifest.floor),
        rules=all_rules(dwell, stall_parts),
    )


def _opens_at(name: str, threshold: float) -> float:
    return threshold * VEHICLE_SHARE if name in VEHICLE_CLASSES else threshold
