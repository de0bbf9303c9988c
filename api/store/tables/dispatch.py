"""What is dispatched by people: sub-tasks of joint cases, direct orders, records of consultations; and who watches."""

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

direct_orders = Table(
    "direct_orders",
    metadata,
    Column("id", String, primary_key=True),
    Column("case_id", String, ForeignKey("cases.id"), index=True),
    Column("position", Integer, nullable=False),
    Column("unit", String, nullable=False),
    Column("department", String, nullable=False),
    Column("text", String, nullable=False),
    Column("issuer", String, nullable=False),
    Column("given_by", String, nullable=False),
    Column("given_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("read_by", String),
    Column("read_at", UtcDateTime),
    Column("reply", String, nullable=False),
    Column("replied_by", String),
    Column("replied_at", UtcDateTime),
    Column("person", String, nullable=False),
    Column("told_at", UtcDateTime),
    Index(None, "department", "replied_at"),
)

consultations = Table(
    "consultations",
    metadata,
    Column("id", String, primary_key=True),
    Column("case_id", String, ForeignKey("cases.id"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("held_at", UtcDateTime, nullable=False),
    Column("participants", JSON, nullable=False),
    Column("decision", String, nullable=False),
    Column("recorded_by", String, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
)

watches = Table(
    "watches",
    metadata,
    Column("case_id", String, ForeignKey("cases.id"), primary_key=True),
    Column("person", String, primary_key=True),
    Column("since", UtcDateTime, nullable=False),
    Index(None, "person", "since"),
)
