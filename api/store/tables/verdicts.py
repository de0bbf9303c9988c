"""What people said of findings; never changed, never removed."""

from sqlalchemy import Boolean, Column, Float, ForeignKey, String, Table

from api.store.tables.types import COUNTER, UtcDateTime, metadata

verdicts = Table(
    "verdicts",
    metadata,
    Column("id", COUNTER, primary_key=True),
    Column("finding", String, ForeignKey("findings.key"), nullable=False, index=True),
    Column("ruling", String, nullable=False),
    Column("why", String),
    Column("note", String, nullable=False),
    Column("x1", Float),
    Column("y1", Float),
    Column("x2", Float),
    Column("y2", Float),
    Column("right_class", String),
    Column("blind", Boolean, nullable=False),
    Column("released", Boolean, nullable=False),
    Column("by", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
