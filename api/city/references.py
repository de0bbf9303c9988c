"""What no single part of the city file can check alone: ids that are used twice or name nothing."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from api.city.channels import Open311
from api.city.duty_list import DutyListPart
from api.city.file import CityFile
from api.city.identifiers import Finding, doubled, unknown
from api.city.tree import wrong_organisation
from cases.duty_list import DutyLine


def wrong_references(city: CityFile, areas: Collection[str], lines: Sequence[DutyLine]) -> Iterator[Finding]:
    """Doubled ids and names that nothing has, each with its place and a sentence.

    Args:
        city: the file.
        areas: codes of all areas, those of the map among them.
        lines: the duties of all editions, those in tables among them.
    """
    departments = [department.id for department in city.departments]
    yield from wrong_organisation(city, areas)
    yield from doubled(("cameras",), "id", (camera.id for camera in city.cameras))
    yield from _wrong_presets(city)
    for i, camera in enumerate(city.cameras):
        yield from doubled(("cameras", i, "zones"), "id", (zone.id for zone in camera.zones))
        yield from unknown(("cameras", i, "area"), camera.area, areas, "areas")
    for i, size in enumerate(city.appraisal.sizes):
        yield from unknown(("appraisal", "sizes", i, "area"), size.area, areas, "areas")
    yield from _wrong_senders(city)
    yield from _wrong_patrols(city)
    yield from _wrong_policy(city)
    yield from doubled(("policy", "recheck"), "kind", (part.kind for part in city.policy.recheck))
    yield from _doubled_steps(city)
    if city.duty_list is not None:
        yield from _wrong_duties(city.duty_list, departments, areas)
        yield from _missing_services(city, lines)


def missing_secrets(city: CityFile, environment: Mapping[str, str]) -> Iterator[Finding]:
    """Environment variables that the file names and the environment does not have."""
    for i, department in enumerate(city.departments):
        for key, variable, what in department.channel.secrets():
            if not environment.get(variable):
                path = ("departments", i, "channel", key)
                yield path, f"names an environment variable that is not set; set it to {what}"
        if department.callback_secret_env and not environment.get(department.callback_secret_env):
            path = ("departments", i, "callback_secret_env")
            yield path, "names an environment variable that is not set; set it to the secret of its callbacks"
    for i, camera in enumerate(city.cameras):
        if camera.credentials_env and ":" not in environment.get(camera.credentials_env, ""):
            path = ("cameras", i, "credentials_env")
            yield path, "names an environment variable that is not set; set it to the camera's user:password"

    for i, sender in enumerate(city.image_library.senders if city.image_library else ()):
        if not all(environment.get(sender.credentials_env, "").partition(":")):
            path = ("image_library", "senders", i, "credentials_env")
            yield path, "names an environment variable that is not set; set it to the sender's user:password"


def _wrong_presets(city: CityFile) -> Iterator[Finding]:
    """Presets that stand twice, and cameras that turn and are called as an entry is."""
    entries, known = {camera.id for camera in city.cameras}, dict[tuple[str, str], str]()
    for i, camera in enumerate(city.cameras):
        if camera.preset is None:
            continue
        path, pair = ("cameras", i, "preset"), (camera.preset.camera, camera.preset.name)
        if camera.preset.camera in entries:
            yield (*path, "camera"), "is the id of an entry; call the camera that turns differently from its presets"
        if pair in known:
            yield (*path, "name"), f"is that of {known[pair]} already; each preset has one entry"
        known.setdefault(pair, camera.id)


def _wrong_senders(city: CityFile) -> Iterator[Finding]:
    """Senders of the image library that are named twice, or whose cameras have no number that a picture could bear."""
    senders = city.image_library.senders if city.image_library else ()
    yield from doubled(("image_library", "senders"), "id", (sender.id for sender in senders))
    if senders:
        numbers = (camera.gb28181_id for camera in city.cameras if camera.gb28181_id)
        yield from doubled(("cameras",), "gb28181_id", numbers)
    cameras = [camera.id for camera in city.cameras if camera.gb28181_id]
    for i, sender in enumerate(senders):
        for j, camera in enumerate(sender.cameras):
            path = ("image_library", "senders", i, "cameras", j)
            yield from unknown(path, camera, cameras, "cameras with a gb28181_id")


def _wrong_patrols(city: CityFile) -> Iterator[Finding]:
    vehicles, moving = city.patrol.vehicles, [camera.id for camera in city.cameras if camera.moving]
    yield from doubled(("patrol", "vehicles"), "camera", (vehicle.camera for vehicle in vehicles))
    for i, vehicle in enumerate(vehicles):
        yield from unknown(("patrol", "vehicles", i, "camera"), vehicle.camera, moving, "cameras with `moving: true`")
    yield from doubled(("patrol", "crews"), "id", (crew.id for crew in city.patrol.crews))
    known = [vehicle.camera for vehicle in vehicles]
    for i, crew in enumerate(city.patrol.crews):
        yield from unknown(("patrol", "crews", i, "vehicle"), crew.vehicle, known, "patrol vehicles")


def _missing_services(city: CityFile, lines: Sequence[DutyLine]) -> Iterator[Finding]:
    """Event codes for which a department's Open311 server has no service."""
    for i, department in enumerate(city.departments):
        if isinstance(department.channel, Open311):
            path = ("departments", i, "channel", "services")
            named = [service.code for service in department.channel.services]
            yield from doubled(path, "code", named)
            owed = dict.fromkeys(line.code for line in lines if line.department == department.id)
            for code in owed:
                if code not in named:
                    yield path, f"has no service for event code {code}, which the duty list gives to this department"


def _wrong_duties(duty_list: DutyListPart, departments: list[str], areas: Iterable[str]) -> Iterator[Finding]:
    fallback = duty_list.fallback.department
    yield from unknown(("duty_list", "fallback", "department"), fallback, departments, "departments")
    for i, owner in enumerate(duty_list.fallback.territorial):
        path = ("duty_list", "fallback", "territorial", i)
        yield from unknown((*path, "department"), owner.department, departments, "departments")
        yield from unknown((*path, "area"), owner.area, areas, "areas")
    territorial = (owner.area for owner in duty_list.fallback.territorial)
    yield from doubled(("duty_list", "fallback", "territorial"), "area", territorial)
    for e, edition in enumerate(duty_list.editions):
        for i, line in enumerate(edition.lines):
            path = ("duty_list", "editions", e, "lines", i)
            yield from unknown((*path, "department"), line.department, departments, "departments")
            for j, helper in enumerate(line.co_departments):
                yield from unknown((*path, "co_departments", j), helper, departments, "departments")
            yield from unknown((*path, "area"), line.area, areas, "areas")


def _doubled_steps(city: CityFile) -> Iterator[Finding]:
    known: set[tuple[str, int]] = set()
    for i, step in enumerate(city.policy.escalation):
        if (step.timer, step.at) in known:
            sentence = f"says a second time who is told of {step.timer} at {step.at} %; keep one"
            yield ("policy", "escalation", i), sentence
        known.add((step.timer, step.at))


def _wrong_policy(city: CityFile) -> Iterator[Finding]:
    cameras = [camera.id for camera in city.cameras]
    zones = [zone.id for camera in city.cameras for zone in camera.zones]
    for i, rule in enumerate(city.policy.auto_file):
        path = ("policy", "auto_file", i)
        for j, camera in enumerate(rule.cameras):
            yield from unknown((*path, "cameras", j), camera, cameras, "cameras")
        for j, zone in enumerate(rule.zones):
            yield from unknown((*path, "zones", j), zone, zones, "zones")
