"""No supervision: a column that nothing ever filled."""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Drop it; it is empty in every row."""
    op.drop_column("cases", "supervision")
