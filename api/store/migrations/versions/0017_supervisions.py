"""Supervision orders, kept with their case."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Make room for them; no case has any yet."""
    with op.batch_alter_table("cases") as cases:
        cases.add_column(sa.Column("supervisions", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("cases") as cases:
        cases.alter_column("supervisions", server_default=None)
