"""What residents hold and order, in one transaction."""

from datetime import datetime

from sqlalchemy import Connection, and_, insert, select, update

from api.store import rows
from api.store.tables import announcements, follow_links, reports, service_numbers, service_orders
from cases.errors import MoveRefused
from cases.participation.announcement import Announcement
from cases.participation.following import Follow
from cases.participation.menu import ServiceOrder


class ResidentBook:
    """The part of a transaction that is about residents."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def follow(self, token_hash: str) -> Follow | None:
        """The link of which this is kept, with the case that its report belongs to now; None where there is none."""
        which = (
            select(follow_links, reports.c.case_id)
            .join(reports, reports.c.key == follow_links.c.report_key)
            .where(follow_links.c.token_hash == token_hash)
        )
        row = self._connection.execute(which).mappings().first()
        return rows.follow_from(row) if row else None

    def begin_follow(self, token_hash: str, report_key: str, at: datetime) -> None:
        """Let a link lead to a report; one that does already stays as it is."""
        mine = select(follow_links.c.token_hash).where(follow_links.c.token_hash == token_hash)
        if self._connection.execute(mine).first() is None:
            values = {"token_hash": token_hash, "report_key": report_key, "made_at": at}
            self._connection.execute(insert(follow_links).values(values))

    def keep_follow(self, follow: Follow) -> None:
        """See `FollowBook.keep_follow`."""
        mine = follow_links.c.token_hash == follow.token_hash
        self._connection.execute(update(follow_links).where(mine).values(rows.follow_row(follow)))

    def announce(self, announcement: Announcement) -> None:
        """Write an announcement down, in place of the one with its id."""
        mine, values = announcements.c.id == announcement.id, rows.announcement_row(announcement)
        if self._connection.execute(update(announcements).where(mine).values(values)).rowcount == 0:
            self._connection.execute(insert(announcements).values(values))

    def announcement(self, id: str) -> Announcement | None:
        """The announcement of this id, or None."""
        row = self._connection.execute(select(announcements).where(announcements.c.id == id)).mappings().first()
        return rows.announcement_from(row) if row else None

    def service_order(self, id: str = "", *, secret_hash: str = "") -> ServiceOrder | None:
        """The order of this id, or with this secret; None where there is none."""
        mine = service_orders.c.secret_hash == secret_hash if secret_hash else service_orders.c.id == id
        row = self._connection.execute(select(service_orders).where(mine)).mappings().first()
        return rows.service_order_from(row) if row else None

    def open_order(self, order: ServiceOrder) -> None:
        """Write a new order down."""
        self._connection.execute(insert(service_orders).values(rows.service_order_row(order)))

    def keep_order(self, order: ServiceOrder) -> None:
        """Write an order down as it is after a step; its version grows by one.

        Raises:
            MoveRefused: somebody else made a step first.
        """
        was = order.version
        mine = and_(service_orders.c.id == order.id, service_orders.c.version == was)
        values = rows.service_order_row(order) | {"version": was + 1}
        if self._connection.execute(update(service_orders).where(mine).values(values)).rowcount != 1:
            raise MoveRefused(f"order {order.number} has changed meanwhile; look at it again")

    def next_order_number(self, year: int) -> str:
        """The next number of an order in `year`."""
        mine = service_numbers.c.year == year
        last = self._connection.execute(select(service_numbers.c.last).where(mine)).scalar_one_or_none()
        if last is None:
            self._connection.execute(insert(service_numbers).values(year=year, last=1))
        else:
            self._connection.execute(update(service_numbers).where(mine).values(last=last + 1))
        return f"S{year}-{(last or 0) + 1:06}"
