"""Table of second factors: a sealed secret, the last code that was taken, and hashes of recovery codes."""

from sqlalchemy import JSON, Column, ForeignKey, Integer, String, Table

from api.store.tables.types import UtcDateTime, metadata

second_factors = Table(
    "second_factors",
    metadata,
    Column("person_id", String, ForeignKey("people.id"), primary_key=True),
    Column("sealed", String, nullable=False),
    Column("last_step", Integer, nullable=False),
    Column("recovery", JSON, nullable=False),
    Column("since", UtcDateTime, nullable=False),
)
