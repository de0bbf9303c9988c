"""Evidence that was deleted because its time was over."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, String, Table

from api.store.tables.types import UtcDateTime, metadata

purged = Table(
    "purged",
    metadata,
    Column("case_id", String, ForeignKey("cases.id"), primary_key=True),
    Column("sha256", String, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("gone", Boolean, nullable=False),
    Index(None, "sha256"),
    Index(None, "gone"),
)
"""What was said to be deleted, and whether the bytes are gone: whoever dies in between goes on there."""
