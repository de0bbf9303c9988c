"""Editions of what is drawn on cameras' pictures."""

from sqlalchemy import JSON, Column, Integer, String, Table

from api.store.tables.types import UtcDateTime, metadata

drawings = Table(
    "drawings",
    metadata,
    Column("camera", String, primary_key=True),
    Column("edition", Integer, primary_key=True, autoincrement=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("made_by", String, nullable=False),
    Column("drawing", JSON, nullable=False),
)
"""Append-only: the last edition of a camera is in force; a camera without any has what the city file says."""
