"""Evidence that was deleted because its time was over."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Make the table; nothing was deleted yet."""
    op.create_table(
        "purged",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_purged_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", "sha256", name=op.f("pk_purged")),
    )
    op.create_index(op.f("ix_purged_sha256"), "purged", ["sha256"])
    op.create_index(op.f("ix_purged_gone"), "purged", ["gone"])
