"""How this city looks at its cameras: one detector, its thresholds, the city's rules."""

from api.city.city import City
from inference.detector import OnnxDetector
from inference.patrol.inspector import PatrolSeeing
from inference.patrol.rules.table import patrol_rules
from inference.pipeline import Seeing
from inference.seeing import seeing as looking


def seeing(city: City, detector: OnnxDetector) -> Seeing:
    """The detector with the thresholds of its own manifest, and every rule with the city's dwells."""
    return looking(detector, detector.manifest, city.dwell, city.stall_parts)


def patrol_seeing(city: City, detector: OnnxDetector) -> PatrolSeeing:
    """The same detector with the same thresholds, and the rules of moving eyes on the city's map."""
    usual = seeing(city, detector)
    return PatrolSeeing(
        detector=detector,
        opens_at=usual.opens_at,
        keeps_at=usual.keeps_at,
        rules=patrol_rules(stall_parts=city.stall_parts),
        streets=city.streets,
    )
