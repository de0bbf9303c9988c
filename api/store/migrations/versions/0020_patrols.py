"""Passes of patrol vehicles, their tracks, and what they have seen of the streets."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    _passes()
    _coverage()


def _passes() -> None:
    op.create_table(
        "passes",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("vehicle", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("last_at", INSTANT, nullable=False),
        sa.Column("position", sa.Float(), nullable=False),
        sa.Column("pictures", sa.Integer(), nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("findings", sa.Integer(), nullable=False),
        sa.Column("metres", sa.Float(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("lat", sa.Float()),
        sa.Column("lon", sa.Float()),
        sa.Column("heading", sa.Float()),
        sa.Column("memory", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("id", name="pk_passes"),
    )
    op.create_index("ix_passes_started_at", "passes", ["started_at"])
    op.create_index("ix_passes_vehicle_last_at", "passes", ["vehicle", "last_at"])
    op.create_table(
        "tracks",
        sa.Column("pass_id", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("off_metres", sa.Float(), nullable=False),
        sa.Column("speed", sa.Float()),
        sa.Column("heading", sa.Float()),
        sa.Column("looked", sa.Boolean(), nullable=False),
        sa.Column("frame", sa.String()),
        sa.ForeignKeyConstraint(["pass_id"], ["passes.id"], name="fk_tracks_pass_id"),
        sa.PrimaryKeyConstraint("pass_id", "at", name="pk_tracks"),
    )


def _coverage() -> None:
    op.create_table(
        "coverage",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("stretch", sa.String(), nullable=False),
        sa.Column("pass_id", sa.String(), nullable=False),
        sa.Column("mask", sa.Integer(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("first_at", INSTANT, nullable=False),
        sa.Column("last_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["pass_id"], ["passes.id"], name="fk_coverage_pass_id"),
        sa.PrimaryKeyConstraint("day", "stretch", "pass_id", name="pk_coverage"),
    )
    op.create_table(
        "seen_stretches",
        sa.Column("stretch", sa.String(), nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("stretch", name="pk_seen_stretches"),
    )
