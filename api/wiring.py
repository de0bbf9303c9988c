"""The one place where everything is put together. Nothing else reads the settings."""

import os
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from random import SystemRandom
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from api.accounts.accounts import Accounts
from api.accounts.demo_link import DemoLink
from api.accounts.passwords import Passwords
from api.accounts.tokens import random_name
from api.audit.bundle import Exporter
from api.audit.key import signing_key
from api.audit.notary import Notary
from api.backup import Installation
from api.city.cameras import PUSH, SPOOL_OF_VEHICLES
from api.city.city import City, load_city
from api.clock import utc_now
from api.delivering import Addresses, open_channels, read_addresses
from api.errors import CityError, Problem, SettingsError
from api.image_library.library import ImageLibrary
from api.outgoing.web import OutgoingClient
from api.patrols.drop_folder import DropFolder
from api.patrols.inlet import PatrolInlet, inlet_in
from api.settings import PREFIX, Settings, load_settings
from api.store.store import SqlStore
from api.store.upgrade import upgrade
from api.work.camera_run import Desk, Post
from api.work.drawn import DrawnViews
from api.work.hands import Hands, cores
from api.work.leases import Leases
from api.work.model_in_use import ModelInUse
from api.work.naming import worker_name
from api.work.patrol_desk import patrol_desk
from api.work.patrol_looks import PatrolDesk
from api.work.patrol_shift import Patrols
from api.work.ring import PictureRing
from api.work.shift import AllClocks
from api.work.sources import Sources
from cases.city import CityOrder
from cases.desk import Desk as CaseDesk
from cases.following import Follower
from cases.instructing import InstructionDesk
from cases.intake import Intake
from cases.rechecks import Rechecks
from cases.sender import Sender
from cases.timekeeper import Timekeeper
from inference.detector import SHIPPED_MODELS, OnnxDetector
from inference.evidence.folder import FolderStore
from inference.evidence.spool import FolderSpool
from inference.pipeline import Keeping
from inference.sources.pushed import Mailbox

if TYPE_CHECKING:
    from api.doors import Doors
    from api.edge.courier import Courier


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """One installation, put together.

    Attributes:
        city: what is served.
        order: its order for the cases.
        store: the database, at the tables of this version.
        evidence: pictures for good.
        spool: folder of pictures that may become evidence, one folder in it for each camera.
        sender: brings filed cases to the departments.
        notary: signs the audit log.
        follower: asks departments how their cases stand.
        addresses: where departments are, with the secrets that are shared with them.
        settings: where to listen.
    """

    city: City
    order: CityOrder
    store: SqlStore
    evidence: FolderStore
    spool: Path
    sender: Sender
    notary: Notary
    follower: Follower
    addresses: Addresses
    settings: Settings

    @property
    def errands(self) -> tuple[Sender, Follower]:
        """Who has to go to departments."""
        return self.sender, self.follower

    @property
    def timekeeper(self) -> AllClocks:
        """Advances the timers of the cases, and sees to orders that nobody has read."""
        orders = InstructionDesk(self.store, self.order, clock=utc_now, new_id=random_name)
        return AllClocks((Timekeeper(self.store, self.order, clock=utc_now), orders))

    def model(self) -> ModelInUse:
        """The model that finds things.

        Raises:
            ModelError: there is none, or it cannot be trusted.
        """
        opened = partial(OnnxDetector, providers=self.settings.device.providers)
        return ModelInUse(self.settings.models_dir or SHIPPED_MODELS, opened, self.city)

    def posts(self, *, pushed: bool) -> list[Post]:
        """The fixed cameras whose pictures are sent to us, or the cameras whose pictures we fetch.

        What a patrol vehicle sends is no camera's newest picture: it waits on the disk (`api.patrols.waiting_frames`).

        Raises:
            SettingsError: the environment lacks a camera's credentials.
        """
        patrols = {part.id for part in self.city.file.cameras if part.moving and part.source == PUSH}
        parts = [part for part in self.city.file.cameras if (part.source == PUSH) is pushed and part.id not in patrols]
        return [Post(view=self.city.view(part.id), address=self.city.address(part.id, os.environ)) for part in parts]

    def desk(self, model: ModelInUse, sources: Sources) -> Desk:
        """What cameras at work share."""
        return Desk(
            seeing=model.seeing,
            model=model,
            keeping_of=self._keeping,
            intake=Intake(self.store, self.order, clock=utc_now, new_id=random_name),
            memory_of=self.store.camera_memory,
            clock=utc_now,
            rechecks=Rechecks(self.store, self.order, clock=utc_now, new_id=random_name),
            open_source=sources.open,
            hands=Hands(cores()),
            drawn=DrawnViews(cameras=self.store.cameras, calendar=self.city.calendar).view,
            ring_of=self.ring,
        )

    @contextmanager
    def leases(self, posts: Sequence[Post]) -> Generator[Leases]:
        """What decides which of these cameras this process watches, as long as the block runs.

        Raises:
            SettingsError: the data folder cannot be written.
        """
        with worker_name(self.settings.data_dir / "workers") as name:
            yield Leases(self.store.leases, name, [post.view.id for post in posts], clock=utc_now)

    def ring(self, camera: str) -> PictureRing:
        """The last pictures of a camera."""
        return PictureRing(self.settings.data_dir / "last" / camera)

    def _keeping(self, camera: str) -> Keeping:
        spool = FolderSpool(self.spool / camera)
        return Keeping(spool=spool, store=self.evidence, timezone=self.city.calendar.zone)

    @property
    def patrols(self) -> PatrolInlet:
        """The way in for what patrol vehicles send."""
        return inlet_in(self.settings.data_dir / "patrols", self.store, clock=utc_now, new_id=random_name)

    def patrol_work(self, model: ModelInUse) -> Patrols | None:
        """What has to be looked at of patrols; None in a city without vehicles."""
        intake = Intake(self.store, self.order, clock=utc_now, new_id=random_name)
        if not any(part.moving for part in self.city.file.cameras):
            return None
        rechecks = Rechecks(self.store, self.order, clock=utc_now, new_id=random_name)
        kept = self.store.patrols, self.evidence, self.spool / SPOOL_OF_VEHICLES
        inlet = self.patrols
        drops = [DropFolder(vehicle=id, folder=path, inlet=inlet) for id, path in self.city.drop_folders.items()]

        def desk() -> PatrolDesk:
            return patrol_desk(self.city, model.detector, intake, rechecks, *kept)

        return Patrols(desk, inlet, self.settings.data_dir / "patrols", drops, model)

    def edge_desk(self, model: ModelInUse, sources: Sources) -> Desk:
        """What cameras at work share in an edge box: findings wait for the centre, and nobody asks about cases here."""
        from api.edge.intake import EdgeIntake  # boxes only

        evidence = FolderSpool(self.settings.evidence)

        def keeping(camera: str) -> Keeping:
            return replace(self._keeping(camera), store=evidence)

        intake = EdgeIntake(self.store, clock=utc_now)
        return replace(self.desk(model, sources), keeping_of=keeping, intake=intake, rechecks=None)

    def courier(self, center: str, kbit: float | None) -> "Courier":
        """Who brings findings to the centre.

        Args:
            center: its address.
            kbit: what may travel, 1000 bits a second on average; None: as much as there is.

        Raises:
            SettingsError: no key, or an address over which it must not travel.
        """
        from api.edge.courier import Courier  # boxes only

        parts, key = urlsplit(center), self.settings.center_key
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")):
            raise SettingsError("the centre's address must begin with https://, as a key travels there")
        if key is None:
            raise SettingsError(
                f"set {PREFIX}CENTER_KEY to a key of the centre: jiexun key add NAME --right send_findings"
            )
        port = parts.port or (443 if parts.scheme == "https" else 80)
        self.store.edge.offer_again()  # whoever starts anew may have mended what the centre did not take
        return Courier(
            self.store.edge,
            FolderSpool(self.settings.evidence),
            OutgoingClient(frozenset({f"{parts.hostname}:{port}"})),
            center=center.rstrip("/"),
            key=key.get_secret_value(),
            clock=utc_now,
            random=SystemRandom(),
            bytes_per_second=kbit * 125 if kbit else None,
        )

    @property
    def accounts(self) -> Accounts:
        """Who may come in."""
        return accounts_of(self.store)

    def doors(
        self, model: ModelInUse | None, mailboxes: Mapping[str, Mailbox], demo_link: DemoLink | None = None
    ) -> "Doors":
        """What pages and routes need."""
        from api.accounts.ways_in import ways_in
        from api.doors import MOST_PICTURE_BYTES, Doors  # with the web, which a worker has no use for

        return Doors(
            store=self.store,
            accounts=self.accounts,
            evidence=self.evidence,
            exporter=Exporter(store=self.store, evidence=self.evidence, notary=self.notary),
            city=self.city,
            clock=utc_now,
            new_id=random_name,
            ways_in=ways_in(self.settings, self.store, self.accounts),
            detector=model,
            mailboxes=mailboxes,
            patrols=self.patrols,
            callback_secrets=self.addresses.callbacks,
            image_library=ImageLibrary.of(self.city, os.environ, utc_now),
            pictures=OutgoingClient(self.addresses.inside, most_bytes=MOST_PICTURE_BYTES),
            secure=self.settings.base_url.startswith("https://"),
            demo_link=demo_link,
            hosts=self.settings.allowed_hosts,
            models=self.settings.models_dir or SHIPPED_MODELS,
            seeing=(lambda: model.seeing) if model else None,
            ring_of=self.ring,
        )


@contextmanager
def open_house(
    *,
    city_file: Path | None = None,
    host: str | None = None,
    port: int | None = None,
    data_dir: Path | None = None,
) -> Generator[House]:
    """Put an installation together from the environment; what is given here goes first.

    Args:
        city_file: the city to serve.
        host: address to listen on.
        port: port to listen on.
        data_dir: where everything is kept.

    Raises:
        SettingsError: a setting is wrong, unsafe or missing.
        CityError: the city file cannot be used, or nothing can be filed with it.
        StoreError: the database cannot be opened.
        EvidenceError: the evidence folder cannot be used.
    """
    settings = load_settings(city_file=city_file, host=host, port=port, data_dir=data_dir)
    city, order = _city(settings)
    addresses = read_addresses(city, os.environ)
    _make_folder(settings.data_dir)
    upgrade(settings.database)
    evidence = FolderStore(settings.evidence)
    with SqlStore(settings.database) as store:
        channels = open_channels(
            addresses, order, evidence, base_url=settings.base_url, zone=city.calendar.zone, clock=utc_now
        )
        random = SystemRandom()
        yield House(
            city=city,
            order=order,
            store=store,
            evidence=evidence,
            spool=settings.data_dir / "spool",
            sender=Sender(store, channels.filers, inquirers=channels.inquirers, clock=utc_now, random=random),
            notary=_notary(store, settings),
            follower=Follower(
                store,
                channels.followed,
                desk=CaseDesk(store, order, clock=utc_now, new_id=random_name),
                clock=utc_now,
                random=random,
            ),
            addresses=addresses,
            settings=settings,
        )


def upgrade_database() -> None:
    """Bring the database that the environment names to the tables of this version.

    Raises:
        SettingsError: a setting is wrong.
        StoreError: the database cannot be opened or written.
    """
    settings = load_settings()
    _make_folder(settings.data_dir)
    upgrade(settings.database)


def accounts_of(store: SqlStore) -> Accounts:
    """Everybody in this database who may come in."""
    return Accounts(book=store.accounts, passwords=Passwords(), clock=utc_now, new_id=random_name)


@contextmanager
def open_store() -> Generator[SqlStore]:
    """The database that the environment names, at the tables of this version.

    Raises:
        SettingsError: a setting is wrong.
        StoreError: the database cannot be opened or written.
    """
    upgrade_database()
    with SqlStore(load_settings().database) as store:
        yield store


@contextmanager
def open_accounts() -> Generator[Accounts]:
    """The accounts in the database that the environment names, without a city.

    Raises:
        SettingsError: a setting is wrong.
        StoreError: the database cannot be opened or written.
    """
    with open_store() as store:
        yield accounts_of(store)


@contextmanager
def open_exporter() -> Generator[Exporter]:
    """Database, evidence and audit log that the environment names.

    Raises:
        SettingsError: a setting is wrong.
        StoreError: the database cannot be opened.
        EvidenceError: the evidence folder cannot be used.
        AuditError: the signing key cannot be used.
    """
    settings = load_settings()
    with open_store() as store:
        yield Exporter(store=store, evidence=FolderStore(settings.evidence), notary=_notary(store, settings))


def _notary(store: SqlStore, settings: Settings) -> Notary:
    return Notary(store, signing_key(settings.data_dir), clock=utc_now, second_place=settings.audit_heads)


def installation() -> Installation:
    """Where the environment says that everything lies, for backup and restore.

    Raises:
        SettingsError: a setting is wrong.
    """
    settings = load_settings()
    _make_folder(settings.data_dir)
    return Installation(database=settings.database, evidence=settings.evidence, data=settings.data_dir)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"{PREFIX}DATA_DIR cannot be made ({error.strerror}); name a folder we may write") from None


def _city(settings: Settings) -> tuple[City, CityOrder]:
    if settings.city_file is None:
        raise SettingsError(f"no city is named; give --city FILE or set {PREFIX}CITY_FILE")
    city = load_city(settings.city_file, environment=os.environ)
    if city.order is None:
        sentence = "is missing, so no case could be filed; name at least its `fallback`"
        raise CityError([Problem(file=str(city.path), line=None, key="duty_list", sentence=sentence)])
    return city, city.order
