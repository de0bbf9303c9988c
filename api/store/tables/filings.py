"""Deliveries to departments: the outbox."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table

from api.store.tables.types import COUNTER, UtcDateTime, metadata

filings = Table(
    "filings",
    metadata,
    Column("sequence", COUNTER, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("case_id", String, ForeignKey("cases.id"), nullable=False, index=True),
    Column("department", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("state", String, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("next_try_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease", Integer, nullable=False),
    Column("leased_until", UtcDateTime),
    Column("sent_at", UtcDateTime),
    Column("reference", String),
    Column("error", String),
    Index(None, "state", "department", "sequence"),
)
