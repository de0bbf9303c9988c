"""Who has read which notice."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "notice_reads",
        sa.Column("notice", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reader", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["notice"], ["notices.sequence"], name="fk_notice_reads_notice"),
        sa.PrimaryKeyConstraint("notice", "reader", name="pk_notice_reads"),
    )
