"""Re-checks: questions to cameras about handled cases."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "rechecks",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("handled_at", INSTANT, nullable=False),
        sa.Column("finding", sa.String()),
        sa.Column("camera", sa.String()),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("look_from", INSTANT, nullable=False),
        sa.Column("give_up_at", INSTANT, nullable=False),
        sa.Column("sights", sa.JSON(), nullable=False),
        sa.Column("streak", sa.String()),
        sa.Column("streak_looks", sa.Integer(), nullable=False),
        sa.Column("streak_since", INSTANT),
        sa.Column("streak_until", INSTANT),
        sa.Column("result", sa.String()),
        sa.Column("hindrance", sa.String()),
        sa.Column("decided_at", INSTANT),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_rechecks_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_rechecks"),
    )
    op.create_index("ix_rechecks_case_id", "rechecks", ["case_id"])
    op.create_index("ix_rechecks_result_camera", "rechecks", ["result", "camera"])
