"""What goes on around the cases of the filled district: cameras, a worker, a patrol, residents and their community."""

import re
from datetime import timedelta

from api.accounts.roles import FOR_PROGRAMS
from api.store.leases import WorkerSign
from api.work.report import CameraReport, WorkerReport, written
from api.work.turns import Counts
from cases.participation.menu import OrderStep, Part
from cases.patrolling.coverage import seen_from
from cases.patrolling.passes import Pass, PassKind, PassLog, PassStep, TrackPoint
from inference.frame import Frame
from inference.geo import LatLon
from inference.sources.still_picture import still_picture
from tests.rigs.demo_pictures import picture_at
from tests.web_house import Browser, House

CORNER = LatLon(lat=31.2304, lon=121.4712)
"""Where the first patrol vehicle starts."""
SPEED = 5.0
METRES_OF_A_DEGREE = 95_000
"""From west to east in the district."""
COMMUNITY = "990101001001"


def watched_streets(house: House) -> None:
    """A worker watches both cameras, whose last pictures are at hand, and a vehicle drives along Qingshi Road."""
    now = house.clock()
    for camera in ("kerb-day", "junction-queue"):
        for ago in (30, 20, 10, 1):
            picture = still_picture(picture_at(f"{camera}.mp4", (30 - ago) / 2))
            at = now - timedelta(seconds=ago)
            house.ring(camera).offer(Frame(camera=camera, captured_at=at, pts=0.0, picture=picture))
    said = {
        "kerb-day": CameraReport(
            state="live", key_interval=2.0, counts=Counts(offered=5400, inspected=1210, gated=4188, rested=2)
        ),
        "junction-queue": CameraReport(state="failed", error="no route to host"),
    }
    report = WorkerReport(hands=2, busy=0.31, cameras=said)
    sign = WorkerSign(name="gate-house-1", started_at=now - timedelta(hours=1), seen_at=now, report=written(report))
    house.store.leases.sign(sign, free=(), choose=lambda _: list(said))
    house.accounts.make_key("青石路北侧 Qingshi Road", camera="kerb-day")
    house.accounts.make_key("12345 热线", rights=FOR_PROGRAMS)
    _drive(house)


def _drive(house: House) -> None:
    now, roads = house.clock(), house.city.roads
    begun = now - timedelta(seconds=240)
    points = [
        TrackPoint(
            at=begun + timedelta(seconds=n),
            place=LatLon(lat=CORNER.lat, lon=CORNER.lon + n * SPEED / METRES_OF_A_DEGREE),
            off_metres=3,
            speed=SPEED,
            heading=90,
            looked=n % 2 == 0,
        )
        for n in range(0, 238, 2)
    ]
    one = Pass(id="patrol-1-early", vehicle="patrol-1", kind=PassKind.LIVE, started_at=begun, last_at=begun)
    seen = tuple(part for point in points for part in seen_from(roads, point.place, point.off_metres, point.at))
    log = PassLog(roads=roads, calendar=house.city.calendar)
    with house.store.transaction() as book:
        log.write(book, PassStep(after=one.further(points, 0, 0), points=tuple(points), seen=seen))


def residents(house: House) -> dict[str, str]:
    """One has reported something, two have ordered from the menu, the community has announced something."""
    stranger = house.stranger()
    there = {"lat": "31.22650", "lon": "121.47250"}
    shown = stranger.get(f"/public/report/what?lat={there['lat']}&lon={there['lon']}").text
    sent = stranger.post(
        "/public/report",
        data={
            "form": _form_of(shown),
            **there,
            "category": "0110",
            "words": "垃圾袋堆在路边已经两天",
            "phone": "13900001111",
        },
        files={"photo": ("heap.jpg", picture_at("kerb-dusk.mp4", 20), "image/jpeg")},
    )
    ordered = [_ordered(stranger, "small-repairs", "厨房水龙头漏水"), _ordered(stranger, "", "小区门口想要一张长椅")]
    [first] = [order for order in house.store.public.service_orders() if order.service]
    office = house.accounts.person("community")
    offer = {"who": office.id, "by": office.label, "words": "换一个水龙头垫圈"}
    house.doors.menu.by_staff(first.id, OrderStep.OFFER, Part.COMMUNITY, **offer)
    browser = house.browser_of(office)
    for title, text in (
        ("停水通知", "青石路 12 号至 40 号周二上午停水检修。"),
        ("义诊", "周三下午社区活动室免费量血压。"),
    ):
        told = {"area": COMMUNITY, "title": title, "text": text, "first": "2026-03-02", "last": "2026-03-05"}
        assert browser.post("/announcements", data=told).status_code == 303
    return {"report": sent.headers["location"].partition("?")[0], "order": ordered[0]}


def _ordered(stranger: Browser, service: str, words: str) -> str:
    form = _form_of(stranger.get(f"/public/services/order?service={service}").text)
    fields = {"form": form, "service": service, "area": COMMUNITY, "words": words, "phone": "13900001111"}
    answer = stranger.post("/public/services", data={**fields, "name": "张阿姨", "address": "青石路 12 号"})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].partition("?")[0]


def _form_of(page: str) -> str:
    return re.findall(r'name="form" value="(\w+)"', page)[0]
