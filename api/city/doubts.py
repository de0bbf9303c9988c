"""What a valid city file says that its author may not have meant."""

from collections.abc import Iterator

from api.city.city import City
from api.city.document import KeyPath
from cases.grid import Standing
from inference.findings import ViolationKind
from inference.rules.rule import LEAST_STANDING
from inference.zones.zone import ZoneKind

Doubt = tuple[KeyPath, str]
ALWAYS_PERMITTED = (ZoneKind.PERMITTED_MARKET, ZoneKind.COLLECTION_POINT)


def doubts(city: City) -> Iterator[Doubt]:
    """Places in the file, each with a sentence."""
    yield from _about_duties(city)
    yield from _about_cameras(city)


def _about_duties(city: City) -> Iterator[Doubt]:
    duty_list = city.file.duty_list
    if duty_list is None:
        yield ("duty_list",), "is missing: findings can be made, but no case can be filed"
        return
    for kind in ViolationKind:
        lines = [line for line in duty_list.lines if line.kind is kind]
        if not lines:
            yield ("duty_list", "lines"), f"has nothing about {kind}: its cases go to the fallback owner"
        elif all(line.area for line in lines):
            yield (
                ("duty_list", "lines"),
                f"has {kind} only for some areas: elsewhere the fallback owner gets its cases",
            )
    yield from _overlaps(city)


def _overlaps(city: City) -> Iterator[Doubt]:
    lines = city.file.duty_list.lines if city.file.duty_list else ()
    owners = {(line.kind, line.area): (i, line.department) for i, line in enumerate(lines)}
    for i, line in enumerate(lines):
        for above in city.grid.path(line.area)[1:]:
            outer = owners.get((line.kind, above))
            if outer is not None:
                if outer[1] != line.department:
                    sentence = (
                        f"lies inside the area of lines[{outer[0]}], which has another owner: here this one is asked"
                    )
                    yield ("duty_list", "lines", i), sentence
                break


def _about_cameras(city: City) -> Iterator[Doubt]:
    for i, camera in enumerate(city.file.cameras):
        if not camera.zones:
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
