"""A house whose vehicle drives through a drawn street: its pictures go through the doors, the worker looks at them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, timedelta

import cv2

from api.work.pass_spools import PassSpools
from api.work.patrol_live import LivePasses
from api.work.patrol_looks import PatrolDesk
from api.work.patrol_recheck import PassedPlaces
from cases.intake import Intake
from cases.patrolling.passes import Pass, PassKind, PassLog, TrackPoint
from cases.patrolling.roads import Road, RoadMap
from cases.rechecks import Rechecks
from inference.evidence.folder import FolderStore
from inference.frame import ImageBGR
from inference.geo import LatLon
from inference.patrol.camera import PatrolCamera
from inference.patrol.fix import Fix
from inference.patrol.inspector import PatrolSeeing
from inference.patrol.rules.table import patrol_rules
from tests.patrol_drive import NAMES, START, Drive, Town
from tests.web_house import House

VEHICLE = "patrol-7"


@dataclass
class PatrolledHouse:
    """The house, the street and the desk of its patrols."""

    house: House
    town: Town = field(default_factory=Town)

    @property
    def roads(self) -> RoadMap:
        """The drawn street, 200 m of it."""
        line = tuple((place.lon, place.lat) for place in (self.town.where(-100, 0), self.town.where(100, 0)))
        return RoadMap([Road(id="street", name="街", line=line)])

    @property
    def rechecks(self) -> Rechecks:
        """Questions about handled cases."""
        house = self.house
        return Rechecks(house.store, house.doors.order, clock=house.clock, new_id=house.doors.new_id)

    def desk(self) -> PatrolDesk:
        """What a worker that has just been started shares."""
        house = self.house
        order = house.doors.order
        return PatrolDesk(
            seeing=PatrolSeeing(
                detector=self.town, opens_at=dict.fromkeys(NAMES, 0.5), keeps_at=0.2, rules=patrol_rules()
            ),
            intake=Intake(house.store, order, clock=house.clock, new_id=house.doors.new_id),
            log=PassLog(roads=self.roads),
            passes=house.store.patrols,
            evidence=FolderStore(house.folder / "evidence"),
            spools=PassSpools(house.folder / "spool"),
            mounts={VEHICLE: PatrolCamera(), "patrol-8": PatrolCamera()},
            names={VEHICLE: "七号"},
            timezone=UTC,
            places=PassedPlaces(rechecks=self.rechecks, store=FolderStore(house.folder / "evidence"), timezone=UTC),
        )

    def live(self) -> LivePasses:
        """A worker that has just been started."""
        desk = self.desk()
        return LivePasses(desk, desk.sites(), self.house.patrols.frames, self.house.clock)

    def pushed(self, drive: Drive, vehicle: str = VEHICLE) -> Iterator[Fix]:
        """Send the pictures of a drive one by one; the detector sees what is in the last one."""
        track = self.town.track(drive)
        for frame in self.town.frames(drive, vehicle):
            pose = track.at(frame.captured_at)
            if pose is None:
                continue
            fix = Fix(at=frame.captured_at, where=pose.where, speed=pose.speed, heading=pose.heading, accuracy=2.5)
            self.house.clock.now = frame.captured_at
            self.house.patrols.take(vehicle, fix, as_jpeg(frame.picture.bgr()))
            yield fix

    def drive(self, drive: Drive, live: LivePasses | None = None, vehicle: str = VEHICLE) -> LivePasses:
        """A whole drive, looked at while it goes on, and ended."""
        live = live or self.live()
        for _ in self.pushed(drive, vehicle):
            live.work()
        self.house.clock.now = START + timedelta(seconds=drive.starts + drive.seconds + 600)
        live.work()
        return live


def as_jpeg(pixels: ImageBGR) -> bytes:
    """A picture as a vehicle sends it."""
    done, encoded = cv2.imencode(".jpg", pixels)
    assert done
    return encoded.tobytes()


def driving(house: House, seconds: float) -> None:
    """A live pass of the house's vehicle that began a minute ago, so many seconds after its beginning."""
    begun = house.clock() - timedelta(minutes=1)
    one = Pass(id="p-1", vehicle=VEHICLE, kind=PassKind.LIVE, started_at=begun, last_at=begun)
    place = LatLon(lat=31.23, lon=121.47 + seconds / 1e4)
    point = TrackPoint(at=begun + timedelta(seconds=seconds), place=place, off_metres=3)
    with house.store.transaction() as book:
        book.keep_pass(one.further([point], 0, 0), None)
