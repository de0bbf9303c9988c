"""What a camera's worker has to know to go on."""

from sqlalchemy import Column, Float, LargeBinary, String, Table

from api.store.tables.types import UtcDateTime, metadata

cameras = Table(
    "cameras",
    metadata,
    Column("camera", String, primary_key=True),
    Column("memory", LargeBinary, nullable=False),
    Column("position", Float, nullable=False),
    Column("captured_at", UtcDateTime, nullable=False),
)
