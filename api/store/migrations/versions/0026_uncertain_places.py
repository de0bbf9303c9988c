"""How far the places of patrols' findings may be off."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Add the column."""
    op.add_column("findings", sa.Column("uncertainty", sa.Float()))
