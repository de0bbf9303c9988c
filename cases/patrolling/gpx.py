"""A tour as GPX 1.1, which every navigation device reads: a track to follow, and a waypoint for each visit."""

from xml.etree import ElementTree

from cases.patrolling.tours import Tour
from inference.geo import LatLon

NAMESPACE = "http://www.topografix.com/GPX/1/1"


def gpx_of(tour: Tour, name: str) -> bytes:
    """The file, UTF-8.

    Args:
        tour: the way.
        name: of the tour for people.
    """
    root = ElementTree.Element("gpx", {"xmlns": NAMESPACE, "version": "1.1", "creator": "jiexun"})
    for leg in tour.legs:
        if leg.worth is not None:
            point = _point(root, "wpt", leg.block.line[len(leg.block.line) // 2])
            ElementTree.SubElement(point, "name").text = leg.block.road.name or leg.block.id
            reasons = ", ".join(f"{reason} {value:.1f}" for reason, value in sorted(leg.worth.by_reason.items()))
            ElementTree.SubElement(point, "desc").text = reasons
    track = ElementTree.SubElement(root, "trk")
    ElementTree.SubElement(track, "name").text = name
    segment = ElementTree.SubElement(track, "trkseg")
    for place in tour.line:
        _point(segment, "trkpt", place)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _point(parent: ElementTree.Element, tag: str, place: LatLon) -> ElementTree.Element:
    return ElementTree.SubElement(parent, tag, {"lat": f"{place.lat:.7f}", "lon": f"{place.lon:.7f}"})
