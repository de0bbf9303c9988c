"""The audit log and its signed heads. The database refuses to change or delete what stands in either."""

from sqlalchemy import Column, String, Table, Text

from api.store.tables.types import COUNTER, UtcDateTime, metadata

audit = Table(
    "audit",
    metadata,
    Column("sequence", COUNTER, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String, nullable=False),
    Column("what", String, nullable=False),
    Column("object", String, nullable=False, index=True),
    Column("payload", Text, nullable=False),
    Column("payload_sha256", String(64), nullable=False),
    Column("salt", String(32), nullable=False),
    Column("hash", String(64), nullable=False),
)

audit_heads = Table(
    "audit_heads",
    metadata,
    Column("sequence", COUNTER, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("signature", String(128), nullable=False),
)
