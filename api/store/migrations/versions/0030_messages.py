"""Deliveries that tell a department of a sub-task, a direct order or a supervision order."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    """Add what a delivery tells of. Until now each told of the case itself."""
    with op.batch_alter_table("filings") as filings:
        filings.add_column(sa.Column("matter", sa.String(), nullable=False, server_default="case"))
        filings.add_column(sa.Column("subject", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("filings") as filings:
        filings.alter_column("matter", server_default=None)
        filings.alter_column("subject", server_default=None)
