"""Circuit breakers for departments, and what has to be known to ask them about a delivery."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add what deliveries remember, and the breakers."""
    with op.batch_alter_table("filings") as filings:
        filings.add_column(sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True))
        filings.add_column(sa.Column("asked", sa.Integer(), nullable=False, server_default="0"))
        filings.add_column(sa.Column("token", sa.String(), nullable=True))
        filings.add_column(sa.Column("follow_at", sa.DateTime(timezone=True), nullable=True))
        filings.add_column(sa.Column("their_state", sa.String(), nullable=True))
    op.create_index("ix_filings_follow_at", "filings", ["follow_at"])
    # What waited for a person under the old name waits for one under the new name.
    op.execute("UPDATE filings SET state = 'held' WHERE state = 'unknown'")
    op.create_table(
        "breakers",
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("failed", sa.JSON(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("open_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("department", name="pk_breakers"),
    )
