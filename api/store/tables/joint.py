"""Sub-tasks of joint cases."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table

from api.store.tables.types import UtcDateTime, metadata

subtasks = Table(
    "subtasks",
    metadata,
    Column("case_id", String, ForeignKey("cases.id"), primary_key=True),
    Column("department", String, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("task", String, nullable=False),
    Column("state", String, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("given_by", String, nullable=False),
    Column("given_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),
    Column("answered_by", String),
    Column("answered_at", UtcDateTime),
    Column("note", String, nullable=False),
    Column("proofs", JSON, nullable=False),
    Index(None, "department", "state"),
)
