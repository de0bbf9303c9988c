"""What the cameras saw, and the evidence for it."""

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, Integer, String, Table

from api.store.tables.types import COUNTER, UtcDateTime, metadata

findings = Table(
    "findings",
    metadata,
    Column("id", COUNTER, primary_key=True),
    Column("key", String, nullable=False, unique=True),
    Column("case_id", String, ForeignKey("cases.id"), nullable=False, index=True),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("kind", String, nullable=False),
    Column("camera", String, nullable=False),
    Column("zone", String, nullable=False),
    Column("rule", String, nullable=False),
    Column("object_class", String, nullable=False),
    Column("first_seen", UtcDateTime, nullable=False),
    Column("last_seen", UtcDateTime, nullable=False),
    Column("seen_for", Float, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("x1", Float, nullable=False),
    Column("y1", Float, nullable=False),
    Column("x2", Float, nullable=False),
    Column("y2", Float, nullable=False),
    Column("lat", Float),
    Column("lon", Float),
    Column("uncertainty", Float),
    Index(None, "camera", "zone", "kind"),
)

evidence = Table(
    "evidence",
    metadata,
    Column("finding_id", COUNTER, ForeignKey("findings.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("role", String, nullable=False),
    Column("of", String),
    Column("sha256", String, nullable=False, index=True),
    Column("media_type", String, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("captured_at", UtcDateTime, nullable=False),
)
