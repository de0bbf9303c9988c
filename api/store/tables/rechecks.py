"""Questions to cameras about handled cases, and what they saw."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table

from api.store.tables.types import UtcDateTime, metadata

rechecks = Table(
    "rechecks",
    metadata,
    Column("id", String, primary_key=True),
    Column("case_id", String, ForeignKey("cases.id"), nullable=False, index=True),
    Column("handled_at", UtcDateTime, nullable=False),
    Column("finding", String),
    Column("camera", String),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("look_from", UtcDateTime, nullable=False),
    Column("give_up_at", UtcDateTime, nullable=False),
    Column("sights", JSON, nullable=False),
    Column("streak", String),
    Column("streak_looks", Integer, nullable=False),
    Column("streak_since", UtcDateTime),
    Column("streak_until", UtcDateTime),
    Column("result", String),
    Column("hindrance", String),
    Column("decided_at", UtcDateTime),
    Index(None, "result", "camera"),
)
