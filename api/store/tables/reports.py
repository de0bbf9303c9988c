"""What people and other systems report, how to reach them, and the answers that were given to their programs."""

from sqlalchemy import JSON, BigInteger, Boolean, Column, Float, ForeignKey, Index, Integer, String, Table

from api.store.tables.types import COUNTER, UtcDateTime, metadata

reports = Table(
    "reports",
    metadata,
    Column("id", COUNTER, primary_key=True),
    Column("key", String, nullable=False, unique=True),
    Column("case_id", String, ForeignKey("cases.id"), nullable=False, index=True),
    Column("recorded_at", UtcDateTime, nullable=False, index=True),
    Column("source", String, nullable=False),
    Column("kind", String),
    Column("code", String),
    Column("text", String, nullable=False),
    Column("address", String, nullable=False),
    Column("lat", Float),
    Column("lon", Float),
    Column("quality", String, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("origin", String, nullable=False),
    Column("external_id", String),
    Column("attachments", JSON, nullable=False),
)

report_pictures = Table(
    "report_pictures",
    metadata,
    Column("sha256", String, primary_key=True),
    Column("report_key", String, ForeignKey("reports.key"), primary_key=True),
    Column("is_copy", Boolean, nullable=False),
)

contacts = Table(
    "contacts",
    metadata,
    Column("report_key", String, ForeignKey("reports.key"), primary_key=True),
    Column("name", String, nullable=False),
    Column("phone", String, nullable=False),
    Column("email", String, nullable=False),
)

attachments = Table(
    "attachments",
    metadata,
    Column("sha256", String, primary_key=True),
    Column("media_type", String, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("public_sha256", String),
)

answers = Table(
    "answers",
    metadata,
    Column("door", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("body_sha256", String, nullable=False),
    Column("answer", JSON, nullable=False),
    Column("given_at", UtcDateTime, nullable=False, index=True),
)

verifications = Table(
    "verifications",
    metadata,
    Column("id", String, primary_key=True),
    Column("case_id", String, ForeignKey("cases.id"), nullable=False, index=True),
    Column("assignee", String),
    Column("rank", Integer, nullable=False),
    Column("lat", Float),
    Column("lon", Float),
    Column("address", String, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("result", String),
    Column("answered_by", String),
    Column("answered_at", UtcDateTime),
    Column("note", String, nullable=False),
    Index(None, "result", "rank", "due_at"),
)
