"""How this city looks at its cameras: one detector, its thresholds, the city's rules."""

from api.city.city import City
from inference.detector import OnnxDetector
from inference.pipeline import Seeing
from inference.seeing import seeing as looking


def seeing(city: City, detector: OnnxDetector) -> Seeing:
    """The detector with the thresholds of its own manifest, and every rule with the city's dwells."""
    return looking(detector, detector.manifest, city.dwell, city.stall_parts)
