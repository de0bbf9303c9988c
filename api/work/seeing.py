"""How this city looks at its cameras: one detector, its thresholds, the city's rules."""

from api.city.city import City
from inference.detector import OnnxDetector
from inference.pipeline import Seeing
from inference.rules.table import all_rules

KEEPS_AT = 0.15
"""Confidence that is enough to see a known object again; to open a stay it takes the manifest's `opens_at`."""


def seeing(city: City, detector: OnnxDetector) -> Seeing:
    """The detector with the thresholds of its own manifest, and every rule with the city's dwells."""
    manifest = detector.manifest
    return Seeing(
        detector=detector,
        opens_at=dict(manifest.opens_at),
        keeps_at=max(KEEPS_AT, manifest.floor),
        rules=all_rules(city.dwell, city.stall_parts),
    )
