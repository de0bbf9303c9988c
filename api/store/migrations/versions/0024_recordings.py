"""Recordings of patrols, and the sites that patrols know."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "recordings",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("vehicle", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("video_suffix", sa.String(), nullable=False),
        sa.Column("video_bytes", sa.BigInteger(), nullable=False),
        sa.Column("video_sha256", sa.String(), nullable=False),
        sa.Column("track_suffix", sa.String()),
        sa.Column("track_bytes", sa.BigInteger()),
        sa.Column("track_sha256", sa.String()),
        sa.Column("coordinates", sa.String(), nullable=False),
        sa.Column("started_at", INSTANT),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("finished_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_recordings"),
    )
    op.create_index("ix_recordings_vehicle_video_sha256", "recordings", ["vehicle", "video_sha256"], unique=True)
    op.create_index("ix_recordings_state_created_at", "recordings", ["state", "created_at"])
    op.create_table(
        "patrol_sites",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("site", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_patrol_sites"),
    )
