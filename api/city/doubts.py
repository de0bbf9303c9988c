"""What a valid city file says that its author may not have meant."""

from collections.abc import Iterator

from api.city.city import City
from api.city.document import Document, KeyPath
from api.city.editions import ReadEdition
from api.city.unowned import unowned
from api.errors import Problem
from cases.grid import Standing
from inference.rules.rule import LEAST_STANDING
from inference.zones.zone import ZoneKind

Doubt = tuple[KeyPath, str]
ALWAYS_PERMITTED = (ZoneKind.PERMITTED_MARKET, ZoneKind.COLLECTION_POINT)


def doubts(city: City, document: Document) -> Iterator[Problem]:
    """Places in the files of a city, each with a sentence."""
    yield from _about_duties(city, document)
    for doubt in _about_cameras(city):
        yield document.problem(*doubt)


def _about_duties(city: City, document: Document) -> Iterator[Problem]:
    if city.file.duty_list is None:
        sentence = "is missing: findings can be made, but no case can be filed"
        yield document.problem(("duty_list",), sentence)
    for edition in city.editions.read:
        yield from unowned(document, edition, city.editions.read, city.grid)
        yield from _nested(city, document, edition)


def _nested(city: City, document: Document, edition: ReadEdition) -> Iterator[Problem]:
    owners = {(line.kind, line.area): (i, line.department) for i, line in enumerate(edition.lines) if line.kind}
    for i, line in enumerate(edition.lines):
        for above in city.grid.path(line.area)[1:]:
            outer = owners.get((line.kind, above)) if line.kind else None
            if outer is not None:
                if outer[1] != line.department:
                    around = f"lies inside the area of {edition.place(outer[0])}, which has another owner"
                    yield edition.problem(document, i, "", f"{around}: here this one is asked")
                break


def _about_cameras(city: City) -> Iterator[Doubt]:
    for i, camera in enumerate(city.file.cameras):
        if not (camera.zones or camera.moving):
            yield ("cameras", i), "has no zones: nothing will ever be found here"
        if city.areas and camera.area is None and (city.file.grid is None or camera.position is None):
            yield ("cameras", i), "has no `area`: only duty lines for everywhere and the fallback owner apply"
        if camera.position is None and not camera.moving:
            yield ("cameras", i), "has no `position`: its cases appear on no map and merge with no other camera's"
        yield from _beside_the_map(city, i)
        for j, zone in enumerate(camera.zones):
            path = ("cameras", i, "zones", j)
            if zone.kind in ALWAYS_PERMITTED and not zone.hours:
                yield path, f"is a {zone.kind} without `hours`: it permits day and night"
            least = LEAST_STANDING.total_seconds()
            if zone.dwell and min(zone.dwell.values()) < least:
                yield (
                    (*path, "dwell"),
                    f"is below {least:g} s, which evidence needs between two pictures: {least:g} s hold",
                )


def _beside_the_map(city: City, i: int) -> Iterator[Doubt]:
    camera = city.file.cameras[i]
    if city.file.grid is None or camera.position is None:
        return
    spot = city.grid.locate(camera.position.build())
    if spot.standing is not Standing.INSIDE:
        yield ("cameras", i, "position"), "lies in no area of the map: check both numbers, or the map"
    elif camera.area is not None and camera.area not in city.grid.path(spot.area):
        yield ("cameras", i, "area"), f"is another one than the map says for its position ({spot.area})"
