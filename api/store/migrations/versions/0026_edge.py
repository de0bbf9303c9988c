"""Findings of an edge box on their way to the centre."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "outgoing_findings",
        sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("spooled_at", INSTANT, nullable=False),
        sa.Column("delivered_at", INSTANT),
        sa.Column("refused", sa.Text()),
        sa.PrimaryKeyConstraint("sequence", name="pk_outgoing_findings"),
        sa.UniqueConstraint("key", name="uq_outgoing_findings_key"),
    )
    op.create_index("ix_outgoing_findings_delivered_at", "outgoing_findings", ["delivered_at"])
