"""Editions of what is drawn on cameras' pictures."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table; what the city file says stays in force until somebody draws."""
    op.create_table(
        "drawings",
        sa.Column("camera", sa.String(), nullable=False),
        sa.Column("edition", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("drawing", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("camera", "edition", name=op.f("pk_drawings")),
    )
