"""What residents hold and order: links to follow reports with, announcements, and orders of the menu of services."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table

from api.store.tables.types import UtcDateTime, metadata

follow_links = Table(
    "follow_links",
    metadata,
    Column("token_hash", String, primary_key=True),
    Column("report_key", String, ForeignKey("reports.key"), nullable=False, unique=True),
    Column("made_at", UtcDateTime, nullable=False),
    Column("answered_at", UtcDateTime),
    Column("answered_round", Integer),
)

announcements = Table(
    "announcements",
    metadata,
    Column("id", String, primary_key=True),
    Column("area", String, nullable=False),
    Column("title", String, nullable=False),
    Column("text", String, nullable=False),
    Column("shown_from", UtcDateTime, nullable=False),
    Column("shown_until", UtcDateTime, nullable=False),
    Column("written_by", String, nullable=False),
    Column("written_at", UtcDateTime, nullable=False),
    Column("withdrawn_by", String),
    Column("withdrawn_at", UtcDateTime),
    Index(None, "shown_until", "area"),
)

service_orders = Table(
    "service_orders",
    metadata,
    Column("id", String, primary_key=True),
    Column("number", String, nullable=False, unique=True),
    Column("service", String),
    Column("area", String, nullable=False),
    Column("words", String, nullable=False),
    Column("name", String, nullable=False),
    Column("phone", String, nullable=False),
    Column("address", String, nullable=False),
    Column("secret_hash", String, nullable=False, unique=True),
    Column("state", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("claimed_by", String),
    Column("rating", Integer),
    Column("history", JSON, nullable=False),
    Index(None, "state", "area", "number"),
)

service_numbers = Table(
    "service_numbers",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)
