"""What the web doors are made of: everything that pages and routes ask, handed in from outside."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, cast

from fastapi import Depends
from starlette.requests import HTTPConnection

from api.accounts.accounts import Accounts
from api.accounts.demo_link import DemoLink
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.accounts.ways_in import WaysIn
from api.audit.bundle import Exporter
from api.city.cameras import CameraPart
from api.city.city import City
from api.image_library.library import ImageLibrary
from api.outgoing.web import OutgoingClient
from api.patrols.inlet import PatrolInlet
from api.purging import Forgets
from api.store.questions import Questions
from api.store.store import SqlStore
from api.work.ring import PictureRing
from cases.appraisal.desk import AppraisalDesk
from cases.channels.signature import Secret
from cases.city import CityOrder
from cases.commanding import CommandDesk
from cases.deliveries import DeliveryDesk
from cases.desk import Desk
from cases.instructing import InstructionDesk
from cases.intake import Intake
from cases.joining import JointDesk
from cases.participation.menu_desk import MenuDesk
from cases.patrolling.passes import PAUSE, Pass
from cases.ports import Clock, Getter, NewId
from cases.replies import ReplyDesk
from cases.supervising import SupervisionDesk
from inference.detector.manifest import SHIPPED_MODELS
from inference.detector.protocol import Detector
from inference.pipeline import Seeing
from inference.sources.pushed import Mailbox

MOST_PICTURE_BYTES = 8 * 1024 * 1024
"""Of a picture that a department shows."""

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
"""Names under which only this very machine reaches the service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """Everything that the pages and routes need.

    Attributes:
        store: cases, findings and filings, without regard to who asks; pages and routes ask `seen_by`.
        accounts: who may come in.
        evidence: the bytes of pictures and documents.
        exporter: hands out cases as bundles that can be verified elsewhere.
        city: cameras, departments and their names; it must have a duty list.
        clock: now, aware UTC.
        new_id: random names for what a verdict creates.
        detector: sees objects in a picture; None where this process has no model.
        mailboxes: where pushed frames go, by camera; only of cameras whose worker runs in this process.
        patrols: takes what patrol vehicles send; None where that is not taken.
        callback_secrets: with which secrets each department's own system signs what it tells us.
        image_library: where other systems push pictures by GA/T 1400; None where the city has none.
        pictures: fetches pictures that departments show, from where that is allowed.
        secure: the service is reached by https, so cookies travel no other way.
        demo_link: the one-click way in of the demo; None everywhere else.
        seeing: how this city looks at its cameras now, to try zones out; None where this process has no model.
        ways_in: what people show beside a password, or instead of it.
        ring_of: the last pictures of a camera, where its worker keeps them on this machine.
        models: folder of the models that there are.
        hosts: names under which browsers may address the service, without a port; `*` allows every name.
    """

    store: SqlStore
    accounts: Accounts
    evidence: Forgets
    exporter: Exporter
    city: City
    clock: Clock
    new_id: NewId
    ways_in: WaysIn
    detector: Detector | None = None
    mailboxes: Mapping[str, Mailbox] = field(default_factory=dict[str, Mailbox])
    patrols: PatrolInlet | None = None
    callback_secrets: Mapping[str, tuple[Secret, ...]] = field(default_factory=dict[str, tuple[Secret, ...]])
    image_library: ImageLibrary | None = None
    pictures: Getter = field(default_factory=lambda: OutgoingClient(most_bytes=MOST_PICTURE_BYTES))
    secure: bool = False
    demo_link: DemoLink | None = None
    hosts: frozenset[str] = LOOPBACK
    models: Path = SHIPPED_MODELS
    seeing: Callable[[], Seeing] | None = None
    ring_of: Callable[[str], PictureRing] | None = None
    _inside: dict[frozenset[str], frozenset[str]] = field(default_factory=dict[frozenset[str], frozenset[str]])

    @property
    def order(self) -> CityOrder:
        """What the city decides about its cases.

        Raises:
            ValueError: the city has no duty list; `create_app` refuses such a city.
        """
        if self.city.order is None:
            raise ValueError("the city file has no duty list, so nothing can be filed; add `duty_list:` to it")
        return self.city.order

    @property
    def appraisal(self) -> AppraisalDesk:
        """Where months are looked at, voted on, published and locked."""
        return AppraisalDesk(self.store.appraisal, self.order, clock=self.clock)

    @property
    def session_cookie(self) -> str:
        """Name of the cookie that carries a session; browsers take one with `__Host-` only for this very host."""
        return "__Host-jiexun" if self.secure else "jiexun"

    @property
    def step_cookie(self) -> str:
        """Name of the cookie that carries a half-finished sign-in."""
        return f"{self.session_cookie}-step"

    def seen_by(self, who: Caller) -> Questions:
        """Everything that somebody may see; the rest does not exist for them."""
        outside = who.reach.filed_only
        return self.store.within(self.order.residents.seen_from_outside(who.reach) if outside else who.reach)

    def cameras_seen_by(self, who: Caller) -> tuple[CameraPart, ...]:
        """The cameras and vehicles in somebody's areas; none for those who may not see any."""
        if not who.may(Right.SEE_CAMERAS):
            return ()
        areas = who.reach.areas
        return tuple(part for part in self.city.file.cameras if areas is None or part.area in areas)

    def going(self) -> Sequence[Pass]:
        """The live passes that go on now.

        Raises:
            StoreError: the database cannot be read.
        """
        vehicles = [part.id for part in self.city.file.cameras if part.moving]
        return self.store.patrols.going(vehicles, self.clock() - PAUSE) if vehicles else ()

    @property
    def top_areas(self) -> tuple[str, ...]:
        """Codes of the areas that lie in no other: what is announced there is for everybody."""
        return tuple(area.code for area in self.order.grid.areas.values() if area.parent is None)

    def areas_inside(self, codes: Iterable[str]) -> frozenset[str]:
        """The codes of some areas and of all areas that lie in them."""
        wanted = frozenset(codes)
        if wanted not in self._inside:
            grid = self.order.grid
            self._inside[wanted] = wanted | {code for code in grid.areas if not wanted.isdisjoint(grid.path(code))}
        return self._inside[wanted]

    @property
    def desk(self) -> Desk:
        """Where people's moves are made."""
        return Desk(self.store, self.order, clock=self.clock, new_id=self.new_id)

    @property
    def joint(self) -> JointDesk:
        """Where the sub-tasks of joint cases are given and answered."""
        return JointDesk(self.store, self.order, clock=self.clock)

    @property
    def supervision(self) -> SupervisionDesk:
        """Where supervision orders are given, answered and lifted."""
        return SupervisionDesk(self.store, self.order, clock=self.clock)

    @property
    def command(self) -> CommandDesk:
        """Where direct orders are given and answered, and consultations written down."""
        return CommandDesk(self.store, self.order, clock=self.clock, new_id=self.new_id)

    @property
    def instructions(self) -> InstructionDesk:
        """Where direct orders are given and answered that are about no case."""
        return InstructionDesk(self.store, self.order, clock=self.clock, new_id=self.new_id)

    @property
    def menu(self) -> MenuDesk:
        """Where residents' orders are placed, offered and claimed."""
        return MenuDesk(self.store, self.order, clock=self.clock, new_id=self.new_id)

    @property
    def intake(self) -> Intake:
        """The one door for findings and reports."""
        return Intake(self.store, self.order, clock=self.clock, new_id=self.new_id)

    @property
    def replies(self) -> ReplyDesk:
        """Where messages of departments' own systems are taken."""
        return ReplyDesk(self.store, self.desk, clock=self.clock)

    @property
    def deliveries(self) -> DeliveryDesk:
        """Where people settle deliveries."""
        return DeliveryDesk(self.store, clock=self.clock)


def doors_of(request: HTTPConnection) -> Doors:
    """What the app was made of."""
    return cast(Doors, request.app.state.doors)


TheDoors = Annotated[Doors, Depends(doors_of)]
