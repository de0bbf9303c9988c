"""A whole service on a temporary folder: real database, real evidence, a city, and a browser without a network."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from ssl import PROTOCOL_TLS_CLIENT, SSLContext
from typing import Any

import anyio
import cv2
import httpx
import numpy as np
from argon2 import PasswordHasher
from fastapi import FastAPI

from api.accounts.accounts import Accounts
from api.accounts.passwords import Passwords
from api.accounts.person import Person
from api.accounts.provider import Provider
from api.accounts.roles import Role
from api.accounts.sealing import seal_of
from api.accounts.second_factor import SecondFactors
from api.accounts.tokens import form_token
from api.accounts.ways_in import WaysIn
from api.app import create_app
from api.audit.bundle import Exporter
from api.audit.key import signing_key
from api.audit.notary import Notary
from api.city.city import City, load_city
from api.doors import Doors
from api.image_library.library import ImageLibrary
from api.outgoing.web import OutgoingClient
from api.patrols.inlet import PatrolInlet, inlet_in
from api.store.store import SqlStore
from api.work.ring import PictureRing
from cases.case import Case
from cases.channels.inbox import InboxFiler
from cases.dossier import Dossier
from cases.filing import Channel, Filing
from cases.intake import Intake
from cases.ports import Filer
from cases.review import wants_second_look
from cases.sender import Sender
from inference.detections import Box, Detections
from inference.evidence.dossier import EvidenceWriter, FindingFacts
from inference.evidence.folder import FolderStore
from inference.evidence.kept import KeptPicture
from inference.findings import Finding, ViolationKind
from inference.frame import ImageBGR, SizeWH
from inference.geo import LatLon
from inference.pipeline import Seeing
from inference.rules.table import all_rules
from inference.sources.pushed import Mailbox
from tests.rigs.empty_database import empty_database

CITY = Path(__file__).with_name("web_city.yaml")
MORNING = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
BOX: Box = (260.0, 190.0, 420.0, 300.0)
PASSWORDS = Passwords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
"""Weak on purpose: tests that hash a hundred passwords must not take ten seconds."""
NO_AUTHORITIES = SSLContext(PROTOCOL_TLS_CLIENT)
"""Nothing here is fetched over TLS, and to load all authorities of the system takes longer than most tests."""
WHERE = LatLon(lat=31.230416, lon=121.473701)


@dataclass
class Clock:
    """A clock that moves only when told to."""

    now: datetime = MORNING

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


class SeesOneCar:
    """A detector for tests: one car in the middle of every picture."""

    names = ("car",)

    def input_wh_for(self, size_wh: SizeWH) -> SizeWH:
        return 64, 64

    def detect(self, picture: ImageBGR, full_wh: SizeWH | None = None) -> Detections:
        width, height = full_wh or (picture.shape[1], picture.shape[0])
        middle = np.array([[width / 4, height / 4, width * 3 / 4, height * 3 / 4]], dtype=np.float32)
        return Detections(
            xyxy=middle,
            confidence=np.array([0.875], dtype=np.float32),
            class_id=np.zeros(1, dtype=np.int64),
            names=self.names,
        )


def jpeg(seed: int = 0, size_wh: SizeWH = (640, 360)) -> bytes:
    """A picture with something in it."""
    width, height = size_wh
    pixels = np.full((height, width, 3), 90 + seed % 100, dtype=np.uint8)
    cv2.rectangle(pixels, (260, 190), (420, 300), (40, 40 + seed % 200, 200), -1)
    done, encoded = cv2.imencode(".jpg", pixels)
    assert done
    return encoded.tobytes()


class Browser:
    """Asks the app directly, as somebody who is signed in, shows a key, or neither."""

    def __init__(self, app: FastAPI, *, session: str = "", key: str = "") -> None:
        self.app = app
        self.cookies = httpx.Cookies({"jiexun": session} if session else {})
        self.always = {"X-Form-Token": form_token(session)} if session else {}
        if key:
            self.always["Authorization"] = f"Bearer {key}"

    def get(self, path: str, **more: Any) -> httpx.Response:
        """Look at a page as a browser does, unless `headers` say otherwise."""
        more.setdefault("headers", {"Accept": "text/html"})
        return self.ask("GET", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self.ask("POST", path, **more)

    def ask(self, method: str, path: str, *, raise_errors: bool = True, **more: Any) -> httpx.Response:
        return anyio.run(partial(self._ask, method, path, raise_errors, more))

    async def _ask(self, method: str, path: str, raise_errors: bool, more: Mapping[str, Any]) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=raise_errors)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://localhost", cookies=self.cookies, headers=self.always
        ) as client:
            answer = await client.request(method, path, **more)
            self.cookies = client.cookies
            return answer


@dataclass
class House:
    """Everything behind the doors, and the doors. Sessions grow old by `door_clock`, cases by `clock`."""

    store: SqlStore
    evidence: FolderStore
    city: City
    folder: Path
    clock: Clock = field(default_factory=Clock)
    door_clock: Clock = field(default_factory=Clock)
    mailboxes: dict[str, Mailbox] = field(default_factory=dict[str, Mailbox])
    image_library: ImageLibrary | None = None
    pictures: OutgoingClient = field(default_factory=partial(OutgoingClient, tls=NO_AUTHORITIES))
    with_second_factor: frozenset[Role] = frozenset()
    provider: Provider | None = None

    @property
    def doors(self) -> Doors:
        return Doors(
            store=self.store,
            accounts=self.accounts,
            evidence=self.evidence,
            exporter=self.exporter,
            city=self.city,
            clock=self.clock,
            new_id=lambda: secrets.token_hex(16),
            ways_in=self.ways_in,
            detector=SeesOneCar(),
            mailboxes=self.mailboxes,
            patrols=self.patrols,
            image_library=self.image_library,
            pictures=self.pictures,
            seeing=lambda: Seeing(
                detector=SeesOneCar(),
                opens_at={"car": 0.5},
                keeps_at=0.15,
                rules=all_rules(self.city.dwell, self.city.stall_parts),
            ),
            ring_of=self.ring,
        )

    @property
    def ways_in(self) -> WaysIn:
        seal = seal_of(self.folder)
        factors = SecondFactors(
            book=self.store.second_factors, accounts=self.accounts, seal=seal, demanded=self.with_second_factor
        )
        return WaysIn(second_factors=factors, seal=seal, provider=self.provider)

    def ring(self, camera: str) -> PictureRing:
        """The last pictures of a camera."""
        return PictureRing(self.folder / "last" / camera)

    @property
    def patrols(self) -> PatrolInlet:
        return inlet_in(self.folder / "patrols", self.store, clock=self.clock, new_id=lambda: secrets.token_hex(16))

    @property
    def exporter(self) -> Exporter:
        return Exporter(store=self.store, evidence=self.evidence, notary=self.notary)

    @property
    def notary(self) -> Notary:
        return Notary(self.store, signing_key(self.folder), clock=self.clock)

    @property
    def accounts(self) -> Accounts:
        return Accounts(
            book=self.store.accounts, passwords=PASSWORDS, clock=self.door_clock, new_id=lambda: secrets.token_hex(16)
        )

    def browser(self, *roles: Role, departments: Iterable[str] = (), areas: Iterable[str] = ()) -> Browser:
        """Somebody with these roles who is signed in; by default somebody who is everything."""
        return self.browser_of(self.person(*(roles or tuple(Role)), departments=departments, areas=areas))

    def browser_of(self, person: Person, app: FastAPI | None = None) -> Browser:
        """A person who is signed in."""
        return Browser(app or create_app(self.doors), session=self.accounts.open_session(person))

    def stranger(self, *, key: str = "") -> Browser:
        """Somebody who is not signed in, with or without a key."""
        return Browser(create_app(self.doors), key=key)

    def camera(self, camera: str) -> Browser:
        """A camera that shows its key."""
        return self.stranger(key=self.accounts.make_key(camera, camera=camera)[1])

    def person(
        self, *roles: Role, departments: Iterable[str] = (), areas: Iterable[str] = (), name: str = "chen.yu"
    ) -> Person:
        """Chen Yu, who is what you say and handles for every department unless you say for which."""
        works_for = frozenset(departments) or frozenset(self.doors.order.departments)
        kept = self.store.accounts.named(name)
        person = Person(
            id=kept[0].id if kept else secrets.token_hex(16),
            name=name,
            shown_as="Chen Yu" if name == "chen.yu" else name,
            roles=frozenset(roles),
            departments=works_for if Role.HANDLER in roles else frozenset(),
            areas=frozenset(areas),
        )
        if kept:
            self.store.accounts.change(name, lambda _: person, at=self.clock())
        else:
            self.store.accounts.add(person, "no password", at=self.clock())
        return person

    def finding(
        self,
        key: str = "",
        *,
        kind: ViolationKind = ViolationKind.ILLEGAL_PARKING,
        camera: str = "east-gate",
        zone: str = "kerb",
        pictures: tuple[bytes, bytes] | None = None,
        box: Box = BOX,
        confidence: float = 0.87,
        object_class: str = "car",
        where: LatLon = WHERE,
    ) -> Finding:
        """A finding with its whole dossier of evidence, seen just now."""
        key, now = key or key_nobody_looks_at_twice(), self.clock()
        first, last = pictures or (jpeg(1), jpeg(2))
        looks = [
            self._kept(data, at, box, confidence) for data, at in ((first, now - timedelta(minutes=6)), (last, now))
        ]
        facts = FindingFacts(
            key=key,
            kind=kind,
            camera=camera,
            device_name=self.city.view(camera).name,
            place_name="",
            where=where,
            rule=f"{kind.split('_')[-1]}/1 dwell 180 s",
            seen_for=360.0,
            zone=None,
            first=looks[0],
            best=looks[1],
            last=looks[1],
            private_boxes=(),
            timezone=self.city.calendar.zone,
        )
        return Finding(
            key=key,
            kind=kind,
            camera=camera,
            first_seen=now - timedelta(minutes=6),
            last_seen=now,
            seen_for=360.0,
            confidence=confidence,
            object_class=object_class,
            box=box,
            where=where,
            zone=zone,
            rule=facts.rule,
            evidence=EvidenceWriter(self.evidence).write(facts),
        )

    def _kept(self, data: bytes, at: datetime, box: Box, confidence: float) -> KeptPicture:
        sha256 = self.evidence.put(data)
        return KeptPicture(sha256=sha256, media_type="image/jpeg", captured_at=at, box=box, confidence=confidence)

    def take_in(self, finding: Finding) -> Case:
        """Hand a finding in, as the worker does."""
        intake = Intake(self.store, self.doors.order, clock=self.clock, new_id=self.doors.new_id)
        taken = intake.record_look(
            camera=finding.camera, memory=b"", position=0.0, captured_at=self.clock(), findings=[finding]
        )
        assert taken[0].case is not None
        return taken[0].case

    def case(self, **of_finding: Any) -> Case:
        """A new candidate."""
        return self.take_in(self.finding(**of_finding))

    def confirmed(self, case: Case) -> Case:
        return self.doors.desk.confirm(case.id, version=case.version, by="Chen Yu")

    def deliver(self, webhook: Filer | None = None) -> None:
        """Deliver all that is due."""
        filers: dict[Channel, Filer] = {Channel.INBOX: InboxFiler(), Channel.WEBHOOK: webhook or InboxFiler()}
        sender = Sender(self.store, filers, clock=self.clock, random=Random(1))
        while sender.send_next() is not None:
            pass

    def spoil(self, sha256: str) -> None:
        """Change a kept piece of evidence on the disk."""
        [place] = (self.folder / "evidence").rglob(sha256)
        place.write_bytes(place.read_bytes() + b"!")

    def now(self, case: Case) -> Case:
        """The case as it is now."""
        return self.dossier(case).case

    def dossier(self, case: Case) -> Dossier:
        return self.store.dossier(case.id)

    def last_filing(self, case: Case) -> Filing:
        return self.dossier(case).filings[-1]


def key_nobody_looks_at_twice() -> str:
    """The key of a finding that is not among the few that are judged again, so that no test hangs on chance."""
    while wants_second_look(key := secrets.token_hex(12)):
        pass
    return key


def build_house(folder: Path) -> House:
    """A house with an empty database."""
    url = empty_database(folder / "jiexun.db")
    return House(store=SqlStore(url), evidence=FolderStore(folder / "evidence"), city=load_city(CITY), folder=folder)
