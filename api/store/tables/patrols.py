"""Passes of patrol vehicles: where they were, and what they have seen of the streets."""

from sqlalchemy import Boolean, Column, Date, Float, ForeignKey, Index, Integer, LargeBinary, String, Table

from api.store.tables.types import UtcDateTime, metadata

passes = Table(
    "passes",
    metadata,
    Column("id", String, primary_key=True),
    Column("vehicle", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("started_at", UtcDateTime, nullable=False, index=True),
    Column("last_at", UtcDateTime, nullable=False),
    Column("position", Float, nullable=False),
    Column("pictures", Integer, nullable=False),
    Column("looks", Integer, nullable=False),
    Column("findings", Integer, nullable=False),
    Column("metres", Float, nullable=False),
    Column("ended", Boolean, nullable=False),
    Column("lat", Float),
    Column("lon", Float),
    Column("heading", Float),
    Column("memory", LargeBinary),
    Index(None, "vehicle", "last_at"),
)

tracks = Table(
    "tracks",
    metadata,
    Column("pass_id", String, ForeignKey("passes.id"), primary_key=True),
    Column("at", UtcDateTime, primary_key=True),
    Column("lat", Float, nullable=False),
    Column("lon", Float, nullable=False),
    Column("off_metres", Float, nullable=False),
    Column("speed", Float),
    Column("heading", Float),
    Column("looked", Boolean, nullable=False),
    Column("frame", String),
)

coverage = Table(
    "coverage",
    metadata,
    Column("day", Date, primary_key=True),
    Column("stretch", String, primary_key=True),
    Column("pass_id", String, ForeignKey("passes.id"), primary_key=True),
    Column("mask", Integer, nullable=False),
    Column("whole", Boolean, nullable=False),
    Column("first_at", UtcDateTime, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
)

seen_stretches = Table(
    "seen_stretches",
    metadata,
    Column("stretch", String, primary_key=True),
    Column("seen_at", UtcDateTime, nullable=False),
)
