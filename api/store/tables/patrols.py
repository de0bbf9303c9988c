"""Passes of patrol vehicles: where they were, what they have seen, and their recordings."""

from sqlalchemy import BigInteger, Boolean, Column, Date, Float, ForeignKey, Index, Integer, LargeBinary, String, Table

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

recordings = Table(
    "recordings",
    metadata,
    Column("id", String, primary_key=True),
    Column("vehicle", String, nullable=False),
    Column("name", String, nullable=False),
    Column("video_suffix", String, nullable=False),
    Column("video_bytes", BigInteger, nullable=False),
    Column("video_sha256", String, nullable=False),
    Column("track_suffix", String),
    Column("track_bytes", BigInteger),
    Column("track_sha256", String),
    Column("coordinates", String, nullable=False),
    Column("started_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("state", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("finished_at", UtcDateTime),
    Index(None, "vehicle", "video_sha256", unique=True),
    Index(None, "state", "created_at"),
)

patrol_sites = Table(
    "patrol_sites",
    metadata,
    Column("key", String, primary_key=True),
    Column("site", LargeBinary, nullable=False),
)
