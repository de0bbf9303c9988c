"""The tables. Portable between SQLite and PostgreSQL; all times are UTC; all states are text."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    TypeDecorator,
)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Takes aware UTC only, gives aware UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse what is not UTC; SQLite has no zones, so there the digits alone are kept."""
        if value is None:
            return None
        if value.utcoffset() != timedelta(0):
            raise ValueError(f"only aware UTC is stored, not {value!r}; convert it first")
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give the digits their zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite counts rows only in a column that is exactly INTEGER.
_counter = BigInteger().with_variant(Integer, "sqlite")

cases = Table(
    "cases",
    metadata,
    Column("id", String, primary_key=True),
    Column("number", String, nullable=False, unique=True),
    Column("kind", String, nullable=False),
    Column("state", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("camera", String, nullable=False),
    Column("zone", String, nullable=False),
    Column("area", String),
    Column("lat", Float),
    Column("lon", Float),
    Column("first_seen", UtcDateTime, nullable=False),
    Column("last_seen", UtcDateTime, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("recurrence_of", String, ForeignKey("cases.id")),
    Column("department", String),
    Column("duty_line", String),
    Column("duty_edition", String),
    Column("deadline_at", UtcDateTime),
    Column("proofs", JSON, nullable=False),
    Index(None, "state", "opened_at"),
    Index(None, "department", "state", "deadline_at"),
    Index(None, "kind", "lat", "lon"),
)

case_numbers = Table(
    "case_numbers",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)

findings = Table(
    "findings",
    metadata,
    Column("id", _counter, primary_key=True),
    Column("key", String, nullable=False, unique=True),
    Column("case_id", String, ForeignKey("cases.id"), nullable=False, index=True),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("kind", String, nullable=False),
    Column("camera", String, nullable=False),
    Column("zone", String, nullable=False),
    Column("rule", String, nullable=False),
    Column("object_class", String, nullable=False),
    Column("first_seen", UtcDateTime, nullable=False),
    Column("last_seen", UtcDateTime, nullable=False),
    Column("seen_for", Float, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("x1", Float, nullable=False),
    Column("y1", Float, nullable=False),
    Column("x2", Float, nullable=False),
    Column("y2", Float, nullable=False),
    Column("lat", Float),
    Column("lon", Float),
    Index(None, "camera", "zone", "kind"),
)

evidence = Table(
    "evidence",
    metadata,
    Column("finding_id", _counter, ForeignKey("findings.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("role", String, nullable=False),
    Column("of", String),
    Column("sha256", String, nullable=False, index=True),
    Column("media_type", String, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("captured_at", UtcDateTime, nullable=False),
)

history = Table(
    "history",
    metadata,
    Column("id", _counter, primary_key=True),
    Column("case_id", String, ForeignKey("cases.id"), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String, nullable=False),
    Column("act", String, nullable=False),
    Column("before", String),
    Column("after", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("proofs", JSON, nullable=False),
)

filings = Table(
    "filings",
    metadata,
    Column("sequence", _counter, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("case_id", String, ForeignKey("cases.id"), nullable=False, index=True),
    Column("department", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("state", String, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("next_try_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease", Integer, nullable=False),
    Column("leased_until", UtcDateTime),
    Column("sent_at", UtcDateTime),
    Column("reference", String),
    Column("error", String),
    Index(None, "state", "department", "sequence"),
)

cameras = Table(
    "cameras",
    metadata,
    Column("camera", String, primary_key=True),
    Column("memory", LargeBinary, nullable=False),
    Column("position", Float, nullable=False),
    Column("captured_at", UtcDateTime, nullable=False),
)
