"""The demo district on a Monday morning, with something of everything on its pages.

Pictures and boxes are those of the shipped clips and their truth; what people did with the cases is made up here.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from api.city.city import City, load_city
from api.demo import DEMO_CITY
from api.store.store import SqlStore
from cases.case import Case
from cases.errors import FilingFailed
from cases.filing import Channel
from cases.history import Proof
from cases.sender import Sender
from cases.supervision import SupervisionKind
from cases.verdict import RejectReason
from inference.detections import Box
from inference.evidence.folder import FolderStore
from inference.findings import ViolationKind
from inference.geo import LatLon
from tests.case_fakes import FakeFiler
from tests.rigs.demo_pictures import picture_at
from tests.rigs.empty_database import empty_database
from tests.rigs.filled_accounts import half_way_in, people
from tests.rigs.filled_streets import residents, watched_streets
from tests.web_house import House

BEGINS = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
"""Monday, eight o'clock in the district."""
BY = "陈宇 Chen Yu"


@dataclass(frozen=True, slots=True)
class Scene:
    """What a clip shows of one matter.

    Attributes:
        kind: of the matter.
        camera: that films the clip.
        clip: below the folder of the demo.
        seconds: of the clip, when it was first and last seen.
        box: where it stands, pixels, x1 y1 x2 y2.
        zone: that it stands in.
        object_class: what it is.
    """

    kind: ViolationKind
    camera: str
    clip: str
    seconds: tuple[float, float]
    box: Box
    zone: str
    object_class: str


PARKING, GARBAGE, STALL = (
    ViolationKind.ILLEGAL_PARKING,
    ViolationKind.EXPOSED_GARBAGE,
    ViolationKind.STALL_ENCROACHMENT,
)
STREET, FIRST, SECOND = (
    ("kerb-day", "kerb-day.mp4"),
    ("patrol-1", "patrol-day/pass-1.mp4"),
    ("patrol-2", "kerb-dusk.mp4"),
)
"""Who films what."""
KERB_CAR, KERB_STALL, KERB_HEAP, RED_CAR, DUSK_VAN, DUSK_STALL, DUSK_HEAP = (
    Scene(PARKING, *STREET, (16, 34), (399.2, 204.2, 545.0, 293.9), "kerb", "car"),
    Scene(STALL, *STREET, (30, 42), (174.0, 179.1, 379.7, 331.7), "pavement", "stall"),
    Scene(GARBAGE, *STREET, (34, 60), (782.8, 360.4, 926.0, 495.9), "roadside", "garbage"),
    Scene(PARKING, *FIRST, (3, 4), (292.0, 154.0, 481.0, 283.0), "no-stopping", "car"),
    Scene(PARKING, *SECOND, (14, 20), (264.1, 122.1, 373.0, 194.0), "no-stopping", "car"),
    Scene(STALL, *SECOND, (2, 20), (155.4, 122.6, 249.7, 203.6), "pavement", "stall"),
    Scene(GARBAGE, *SECOND, (2, 20), (522.1, 243.4, 599.8, 311.6), "roadside", "garbage"),
)


@dataclass
class FilledTown:
    """The house of the district and what its pages are about.

    Attributes:
        house: everything behind the doors.
        cases: by what became of them.
        links: secret addresses that residents were given, by what they lead to.
        step: what the browser of somebody carries who has given a password and owes a code.
    """

    house: House
    cases: dict[str, Case] = field(default_factory=dict[str, Case])
    links: dict[str, str] = field(default_factory=dict[str, str])
    step: str = ""

    def seen(self, name: str, scene: Scene, east: int, south: int) -> None:
        """A new matter so many cells of the grid east and south of its corner; it is not filed by itself."""
        house = self.house
        house.clock.forward(minutes=3)
        finding = house.finding(
            kind=scene.kind,
            camera=scene.camera,
            zone=scene.zone,
            pictures=(picture_at(scene.clip, scene.seconds[0]), picture_at(scene.clip, scene.seconds[1])),
            box=scene.box,
            confidence=0.45,
            object_class=scene.object_class,
            where=LatLon(lat=31.2315 - south / 1000, lon=121.4705 + east / 1000),
        )
        self.cases[name] = house.take_in(finding)

    def filed(self, name: str, scene: Scene, east: int, south: int) -> None:
        """One that a supervisor confirmed and that its department has received."""
        self.seen(name, scene, east, south)
        self.do(name, self.house.doors.desk.confirm, by=BY)
        self.house.clock.forward(seconds=20)
        self.house.deliver()

    def deliver_nowhere(self) -> None:
        """Every delivery that is due fails for good."""
        broken = FakeFiler(FilingFailed("department sanitation answered 410", retry=False))
        sender = Sender(self.house.store, {Channel.WEBHOOK: broken}, clock=self.house.clock, random=Random(1))
        while sender.send_next() is not None:
            pass

    def do(self, name: str, move: Callable[..., object], *before: object, **what: object) -> None:
        """One step of a person with a case as it is now."""
        self.house.clock.forward(seconds=40)
        case = self.now(name)
        move(case.id, *before, version=case.version, **what)

    def now(self, name: str) -> Case:
        """A case as it is now."""
        return self.house.now(self.cases[name])

    def proof(self, clip: str, seconds: float) -> Proof:
        """A picture that a department hands in."""
        data = picture_at(clip, seconds)
        return Proof(
            sha256=self.house.evidence.put(data),
            media_type="image/jpeg",
            size_bytes=len(data),
            taken_at=self.house.clock(),
        )


def filled_town(folder: Path) -> FilledTown:
    """The district in an empty folder, its cases in every state."""
    store = SqlStore(empty_database(folder / "jiexun.db"))
    city = load_city(DEMO_CITY)
    house = House(store=store, evidence=FolderStore(folder / "evidence"), city=city, folder=folder)
    house.clock.now = house.door_clock.now = BEGINS
    town = FilledTown(house)
    people(house)
    _judged(town)
    _in_departments(town)
    _commanded(town)
    watched_streets(house)
    town.links |= residents(house)
    house.door_clock.now = house.clock.now
    town.step = half_way_in(house)
    return town


def _judged(town: FilledTown) -> None:
    desk = town.house.doors.desk
    town.seen("rejected", DUSK_STALL, 14, 1)
    town.do("rejected", desk.reject, by=BY, reason="有临时摆卖许可", why=RejectReason.PERMITTED)
    town.seen("candidate", KERB_CAR, 3, 1)
    town.seen("candidate stall", KERB_STALL, 4, 2)
    town.seen("candidate heap", DUSK_HEAP, 9, 4)


def _in_departments(town: FilledTown) -> None:
    desk = town.house.doors.desk
    town.filed("dispatched", RED_CAR, 1, 7)
    for name, scene, east, south in (
        ("accepted", KERB_HEAP, 2, 1),
        ("handled", DUSK_STALL, 8, 1),
        ("closed", DUSK_VAN, 12, 3),
        ("suspended", DUSK_HEAP, 15, 6),
        ("rework", DUSK_STALL, 10, 7),
    ):
        town.filed(name, scene, east, south)
        town.do(name, desk.accept, by="李强")
    town.filed("returned", DUSK_VAN, 6, 4)
    town.do("returned", desk.send_back, by="王芳", reason="该路段由青石街道负责")
    for name in ("handled", "closed", "rework"):
        for part in town.now(name).subtasks:
            town.do(name, town.house.doors.joint.done, part.department, by="赵敏", note="已配合")
        town.do(name, desk.handle, by="李强", note="已清理", proofs=(town.proof("kerb-dusk.mp4", 1),))
    town.do("closed", desk.close, by=BY, reason="现场已恢复", condition=_ends_with(town, "closed"))
    town.do("rework", desk.rework, by=BY, reason="摊位仍在原处")
    town.filed("void", DUSK_VAN, 16, 2)
    town.do("void", desk.send_back, by="王芳", reason="与前一案件是同一辆车")
    town.do("void", desk.void, by=BY, reason="重复立案")
    until = town.house.clock() + timedelta(days=2)
    town.do("suspended", desk.suspend, by=BY, until=until, reason="等待清运车辆")
    town.seen("undelivered", DUSK_HEAP, 11, 8)
    city = town.house.city
    town.house.city = with_webhook(city, "sanitation")
    town.do("undelivered", town.house.doors.desk.confirm, by=BY)
    town.deliver_nowhere()
    town.house.city = city


def _ends_with(town: FilledTown, name: str) -> str:
    line = town.house.doors.order.filed_line(town.now(name))
    assert line is not None
    return line.id


def with_webhook(city: City, department: str) -> City:
    """The city while a department has a system of its own."""
    assert city.order is not None
    theirs = replace(city.order.departments[department], channel=Channel.WEBHOOK)
    return replace(city, order=replace(city.order, departments={**city.order.departments, department: theirs}))


def _commanded(town: FilledTown) -> None:
    doors = town.house.doors
    town.do("accepted", doors.joint.give, "parks", by="王敏", task="清理树池内的垃圾")
    town.do(
        "accepted",
        doors.supervision.order,
        by="区领导",
        kind=SupervisionKind.LEADER,
        requirement="今天下班前清理完毕并说明原因",
        reply_by=doors.clock() + timedelta(hours=2),
    )
    town.do(
        "accepted",
        doors.command.order,
        "sanitation",
        by="王敏",
        issuer="dispatcher",
        text="派一台清运车到路口",
        minutes=30,
    )

    host = doors.accounts.person("host")
    with doors.store.transaction() as book:
        for name in ("accepted", "suspended"):
            book.watch(town.cases[name].id, host.id, by=host.label, at=doors.clock())
    doors.instructions.give("sanitation", text="今晚集市散场后加一班清扫", by="王敏 Wang Min", issuer="dispatcher")
