"""What everybody may ask: cases that are public, and what lies behind a resident's link."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Engine, func, select

from api.store import rows
from api.store.engine import begin
from api.store.loading import load_cases, load_dossier
from api.store.reach import within
from api.store.resident_book import ResidentBook
from api.store.tables import announcements, cases, report_pictures, reports, service_orders
from cases.case import Case
from cases.dossier import Dossier
from cases.overview import Page
from cases.participation.announcement import Announcement
from cases.participation.following import Follow
from cases.participation.menu import OrderState, ServiceOrder
from cases.reach import Reach, without_words
from cases.states import ENDED
from inference.geo import LatLon

Corners = tuple[LatLon, LatLon]


class PublicQuestions:
    """Every method is one reading transaction. `reach` says what is public; nothing else is shown or counted.

    What comes back still holds more than everybody may see: `cases.participation.public` takes from it what is shown.
    """

    def __init__(self, reading: Engine) -> None:
        self._reading = reading

    def cases(
        self,
        reach: Reach,
        *,
        is_over: bool | None = None,
        code: str | None = None,
        area: Collection[str] | None = None,
        corners: Corners | None = None,
        limit: int = 25,
        offset: int = 0,
    ) -> Page[Case]:
        """Public cases, newest first.

        Args:
            reach: what is public.
            is_over: only those that are, or are not; None for both.
            code: only of this event code.
            area: only in these areas.
            corners: only between these south-west and north-east corners.
            limit: how many at most.
            offset: how many are left out before.
        """
        where = [*within(reach)]
        if is_over is not None:
            ended = cases.c.state.in_([state.value for state in ENDED])
            where.append(ended if is_over else ~ended)
        if code is not None:
            where.append(cases.c.code == code)
        if area is not None:
            where.append(cases.c.area.in_(sorted(area)))
        if corners is not None:
            low, high = corners
            where += [cases.c.lat.between(low.lat, high.lat), cases.c.lon.between(low.lon, high.lon)]
        which = select(cases).where(*where)
        with begin(self._reading) as connection:
            total = connection.execute(select(func.count()).select_from(cases).where(*where)).scalar_one()
            newest = which.order_by(cases.c.opened_at.desc(), cases.c.number.desc()).limit(limit).offset(offset)
            return Page(items=tuple(map(without_words, load_cases(connection, newest))), total=total)

    def dossier(self, reach: Reach, number: str) -> Dossier | None:
        """The public case of this number, or None where there is none."""
        which = select(cases.c.id).where(cases.c.number == number, *within(reach))
        with begin(self._reading) as connection:
            found = connection.execute(which).scalar_one_or_none()
            return load_dossier(connection, found) if found else None

    def holds_copy(self, reach: Reach, sha256: str) -> bool:
        """Whether the copy of this name was made of a picture that somebody sent for a public case."""
        which = (
            select(report_pictures.c.sha256)
            .join(reports, reports.c.key == report_pictures.c.report_key)
            .join(cases, cases.c.id == reports.c.case_id)
            .where(report_pictures.c.sha256 == sha256, report_pictures.c.is_copy, *within(reach))
        )
        with begin(self._reading) as connection:
            return connection.execute(which.limit(1)).first() is not None

    def behind(self, token_hash: str) -> tuple[Follow, Dossier] | None:
        """The link of which this is kept, and its case with everything; None where there is no such link."""
        with begin(self._reading) as connection:
            follow = ResidentBook(connection).follow(token_hash)
            return (follow, load_dossier(connection, follow.case_id)) if follow else None

    def announcements(
        self, areas: Collection[str] | None, *, at: datetime | None = None, limit: int = 100
    ) -> tuple[Announcement, ...]:
        """Announcements, the newest first; of some areas or of all, shown at a moment or ever."""
        which = select(announcements)
        if areas is not None:
            which = which.where(announcements.c.area.in_(sorted(areas)))
        if at is not None:
            shown = announcements.c.shown_from <= at, announcements.c.shown_until > at
            which = which.where(announcements.c.withdrawn_at.is_(None), *shown)
        newest = which.order_by(announcements.c.shown_from.desc(), announcements.c.id).limit(limit)
        with begin(self._reading) as connection:
            return tuple(rows.announcement_from(row) for row in connection.execute(newest).mappings())

    def service_orders(
        self,
        *,
        areas: Collection[str] | None = None,
        states: Collection[OrderState] = (),
        claimed_by: str | None = None,
        limit: int = 100,
    ) -> tuple[ServiceOrder, ...]:
        """Orders of the menu of services, the oldest first."""
        where: list[ColumnElement[bool]] = []
        if areas is not None:
            where.append(service_orders.c.area.in_(sorted(areas)))
        if states:
            where.append(service_orders.c.state.in_([state.value for state in states]))
        if claimed_by is not None:
            where.append(service_orders.c.claimed_by == claimed_by)
        which = select(service_orders).where(*where).order_by(service_orders.c.number).limit(limit)
        with begin(self._reading) as connection:
            return tuple(rows.service_order_from(row) for row in connection.execute(which).mappings())

    def orders_waiting(self, areas: Collection[str] | None, states: Collection[OrderState]) -> int:
        """How many orders of some areas, or of all, are in these states."""
        where = [service_orders.c.state.in_([state.value for state in states])]
        if areas is not None:
            where.append(service_orders.c.area.in_(sorted(areas)))
        with begin(self._reading) as connection:
            return connection.execute(select(func.count()).select_from(service_orders).where(*where)).scalar_one()

    def service_order(self, id: str = "", *, secret_hash: str = "") -> ServiceOrder | None:
        """The order of this id, or with this secret; None where there is none."""
        with begin(self._reading) as connection:
            return ResidentBook(connection).service_order(id, secret_hash=secret_hash)
