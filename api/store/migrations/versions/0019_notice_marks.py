"""Up to which notice somebody has read everything."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Make the table, and an index for notices that bear somebody's name."""
    op.create_index("ix_notices_name", "notices", ["name"])
    op.create_table(
        "notice_marks",
        sa.Column("reader", sa.String(), nullable=False),
        sa.Column("up_to", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("reader", name="pk_notice_marks"),
    )
