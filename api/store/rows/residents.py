"""Rows of follow links, announcements and orders of the menu of services."""

from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from api.store.rows.places import Row
from cases.participation.announcement import Announcement
from cases.participation.following import Follow
from cases.participation.menu import Made, OrderState, OrderStep, ServiceOrder


def follow_row(follow: Follow) -> dict[str, Any]:
    """The columns of a follow link; its case is that of its report."""
    return {name: value for name, value in asdict(follow).items() if name != "case_id"}


def follow_from(row: Row) -> Follow:
    """A follow link from its row, joined with the case of its report."""
    return Follow(**{one.name: row[one.name] for one in fields(Follow)})


def announcement_row(announcement: Announcement) -> dict[str, Any]:
    """The columns of an announcement."""
    return asdict(announcement)


def announcement_from(row: Row) -> Announcement:
    """An announcement from its row."""
    return Announcement(**{one.name: row[one.name] for one in fields(Announcement)})


def service_order_row(order: ServiceOrder) -> dict[str, Any]:
    """The columns of an order."""
    made = [{**asdict(one), "at": one.at.isoformat(), "step": one.step.value} for one in order.history]
    return {**asdict(order), "state": order.state.value, "history": made}


def service_order_from(row: Row) -> ServiceOrder:
    """An order from its row."""
    written: dict[str, Any] = {one.name: row[one.name] for one in fields(ServiceOrder)}
    written["state"] = OrderState(row["state"])
    written["history"] = tuple(
        Made(at=datetime.fromisoformat(one["at"]), step=OrderStep(one["step"]), actor=one["actor"], words=one["words"])
        for one in row["history"]
    )
    return ServiceOrder(**written)
