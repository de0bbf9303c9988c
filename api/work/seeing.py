"""How this city looks at its cameras: one detector, its thresholds, the city's rules."""

from api.city.city import City
from inference.detector import OnnxDetector
from inference.pipeline import Seeing
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


def seeing(city: City, detector: OnnxDetector) -> Seeing:
    """The detector with the thresholds of its own manifest, and every rule with the city's dwells."""
    manifest = detector.manifest
    return Seeing(
        detector=detector,
        opens_at={name: _opens_at(name, threshold) for name, threshold in manifest.opens_at.items()},
        keeps_at=max(KEEPS_AT, manifest.floor),
        rules=all_rules(city.dwell, city.stall_parts),
    )


def _opens_at(name: str, threshold: float) -> float:
    return threshold * VEHICLE_SHARE if name in VEHICLE_CLASSES else threshold
