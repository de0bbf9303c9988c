"""How often a filing was sent only to find out whether a silent department answers again."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Add the count. Until now each probe counted as an attempt, and stays one."""
    with op.batch_alter_table("filings") as filings:
        filings.add_column(sa.Column("probes", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("filings") as filings:
        filings.alter_column("probes", server_default=None)
