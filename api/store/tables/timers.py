"""Timers of cases, and what they and others gave to know."""

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, Integer, String, Table

from api.store.tables.types import COUNTER, UtcDateTime, metadata

timers = Table(
    "timers",
    metadata,
    Column("case_id", String, ForeignKey("cases.id"), primary_key=True),
    Column("kind", String, primary_key=True),
    Column("subject", String, primary_key=True),
    Column("limit_amount", Float, nullable=False),
    Column("limit_clock", String, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("spent", Float, nullable=False),
    Column("running_since", UtcDateTime),
    Column("due_at", UtcDateTime),
    Column("told", Integer, nullable=False),
    Column("next_at", UtcDateTime, index=True),
)

notices = Table(
    "notices",
    metadata,
    Column("sequence", COUNTER, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("case_id", String, ForeignKey("cases.id"), index=True),
    Column("audience", String, nullable=False),
    Column("name", String, nullable=False),
    Column("about", String, nullable=False),
    Column("step", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("read_at", UtcDateTime),
    Column("read_by", String),
    Index(None, "audience", "name", "read_at"),
    Index(None, "name"),
)

notice_reads = Table(
    "notice_reads",
    metadata,
    Column("notice", BigInteger, ForeignKey("notices.sequence"), primary_key=True, autoincrement=False),
    Column("reader", String, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)
"""Who has read which notice; `notices.read_at` says when the first one did."""

notice_marks = Table(
    "notice_marks",
    metadata,
    Column("reader", String, primary_key=True),
    Column("up_to", BigInteger, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""Up to which notice somebody has read everything: what is older is neither counted nor looked through."""
