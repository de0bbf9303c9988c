"""How far the places of patrols' findings may be off."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Add the column."""
    op.add_column("findings", sa.Column("uncertainty", sa.Float()))
