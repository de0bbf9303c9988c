"""Cases, what they are called, and everything that was ever done to them."""

from sqlalchemy import JSON, Column, Float, ForeignKey, Index, Integer, String, Table

from api.store.tables.types import COUNTER, UtcDateTime, metadata

cases = Table(
    "cases",
    metadata,
    Column("id", String, primary_key=True),
    Column("number", String, nullable=False, unique=True),
    Column("source", String, nullable=False),
    Column("kind", String),
    Column("code", String),
    Column("state", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("camera", String),
    Column("zone", String),
    Column("description", String, nullable=False),
    Column("address", String, nullable=False),
    Column("area", String),
    Column("lat", Float),
    Column("lon", Float),
    Column("first_seen", UtcDateTime, nullable=False),
    Column("last_seen", UtcDateTime, nullable=False),
    Column("confidence", Float),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("filed_at", UtcDateTime),
    Column("dispatched_at", UtcDateTime),
    Column("accepted_at", UtcDateTime),
    Column("handled_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("recurrence_of", String, ForeignKey("cases.id")),
    Column("department", String),
    Column("duty_line", String),
    Column("duty_edition", String),
    Column("handling_limit", String),
    Column("deadline_at", UtcDateTime),
    Column("overdue_at", UtcDateTime),
    Column("appeal", String),
    Column("suspended_until", UtcDateTime),
    Column("rework_count", Integer, nullable=False),
    Column("extension_count", Integer, nullable=False),
    Column("supervision", String),
    Column("proofs", JSON, nullable=False),
    Column("sets", Integer, nullable=False),
    Column("appraised_at", UtcDateTime, nullable=False),
    Column("handling_seconds", Float, nullable=False),
    Index(None, "state", "opened_at"),
    Index(None, "department", "state", "deadline_at"),
    Index(None, "kind", "lat", "lon"),
    Index(None, "appraised_at"),
)

case_numbers = Table(
    "case_numbers",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)

history = Table(
    "history",
    metadata,
    Column("id", COUNTER, primary_key=True),
    Column("case_id", String, ForeignKey("cases.id"), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String, nullable=False),
    Column("act", String, nullable=False),
    Column("before", String),
    Column("after", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("proofs", JSON, nullable=False),
)
