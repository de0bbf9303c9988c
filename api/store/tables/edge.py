"""Findings of an edge box on their way to the centre."""

from sqlalchemy import Column, String, Table, Text

from api.store.tables.types import COUNTER, UtcDateTime, metadata

outgoing_findings = Table(
    "outgoing_findings",
    metadata,
    Column("sequence", COUNTER, primary_key=True),
    Column("key", String, nullable=False, unique=True),
    Column("body", Text, nullable=False),
    Column("spooled_at", UtcDateTime, nullable=False),
    Column("delivered_at", UtcDateTime, index=True),
    Column("refused", Text),
)
