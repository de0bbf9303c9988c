"""Tables of people, their sessions, their wrong passwords, and keys. Of every secret only a hash is kept."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table

from api.store.tables.types import UtcDateTime, metadata

people = Table(
    "people",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("shown_as", String, nullable=False),
    Column("password", String, nullable=False),
    Column("roles", JSON, nullable=False),
    Column("departments", JSON, nullable=False),
    Column("areas", JSON, nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    Column("disabled_at", UtcDateTime),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String, primary_key=True),
    Column("person_id", String, ForeignKey("people.id"), nullable=False, index=True),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime, nullable=False),
    Index(None, "used_at"),
)

sign_in_failures = Table(
    "sign_in_failures",
    metadata,
    Column("name_hash", String, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last_at", UtcDateTime, nullable=False, index=True),
)

access_keys = Table(
    "access_keys",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("secret_hash", String, nullable=False),
    Column("rights", JSON, nullable=False),
    Column("camera", String),
    Column("departments", JSON, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
    Column("used_at", UtcDateTime),
)
