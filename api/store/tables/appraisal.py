"""Months of appraisal: their moves, the cases as they were frozen, and the votes of streets."""

from sqlalchemy import JSON, Column, Float, ForeignKey, Integer, String, Table

from api.store.tables.types import UtcDateTime, metadata

appraisal_moves = Table(
    "appraisal_moves",
    metadata,
    Column("month", String, primary_key=True),
    Column("step", Integer, primary_key=True, autoincrement=False),
    Column("state", String, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("scheme", JSON, nullable=False),
    Column("actor", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("reason", String, nullable=False),
)
"""Append-only: what a month is now is what its last move made of it."""

appraisal_cases = Table(
    "appraisal_cases",
    metadata,
    Column("month", String, primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("case_id", String, ForeignKey("cases.id"), primary_key=True),
    Column("number", String, nullable=False),
    Column("department", String),
    Column("area", String),
    Column("sets", Integer, nullable=False),
    Column("handling_seconds", Float, nullable=False),
)
"""The cases of a month as they were when its figures were frozen. Every revision stays."""

appraisal_votes = Table(
    "appraisal_votes",
    metadata,
    Column("month", String, primary_key=True),
    Column("street", String, primary_key=True),
    Column("department", String, primary_key=True),
    Column("points", Float, nullable=False),
    Column("actor", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
