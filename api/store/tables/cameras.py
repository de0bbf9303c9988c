"""What a camera's worker has to know to go on, which workers there are, and who watches which camera."""

from sqlalchemy import BigInteger, Column, Float, LargeBinary, String, Table, Text

from api.store.tables.types import UtcDateTime, metadata

cameras = Table(
    "cameras",
    metadata,
    Column("camera", String, primary_key=True),
    Column("memory", LargeBinary, nullable=False),
    Column("position", Float, nullable=False),
    Column("captured_at", UtcDateTime, nullable=False),
)

workers = Table(
    "workers",
    metadata,
    Column("name", String, primary_key=True),
    Column("beat", BigInteger, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("report", Text, nullable=False),
)

camera_leases = Table(
    "camera_leases",
    metadata,
    Column("camera", String, primary_key=True),
    Column("worker", String),
    Column("token", BigInteger, nullable=False),
    Column("since", UtcDateTime, nullable=False),
)
