"""Deliveries to departments: the outbox, and a circuit breaker for each, and what they replied."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table

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
    Column("tried_at", UtcDateTime),
    Column("asked", Integer, nullable=False),
    Column("token", String),
    Column("follow_at", UtcDateTime, index=True),
    Column("their_state", String),
    Column("probes", Integer, nullable=False),
    Column("matter", String, nullable=False),
    Column("subject", String, nullable=False),
    Index(None, "state", "department", "sequence"),
)

breakers = Table(
    "breakers",
    metadata,
    Column("department", String, primary_key=True),
    Column("failed", JSON, nullable=False),
    Column("opened", Integer, nullable=False),
    Column("since", UtcDateTime),
    Column("open_until", UtcDateTime),
    Column("next_at", UtcDateTime),
    Column("error", String),
)

replies = Table(
    "replies",
    metadata,
    Column("department", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("digest", String, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
)
