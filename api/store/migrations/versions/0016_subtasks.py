"""Joint cases: what each co-department has to do."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "subtasks",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("given_by", sa.String(), nullable=False),
        sa.Column("given_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT),
        sa.Column("answered_by", sa.String()),
        sa.Column("answered_at", INSTANT),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("proofs", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_subtasks_case_id"),
        sa.PrimaryKeyConstraint("case_id", "department", name="pk_subtasks"),
    )
    op.create_index("ix_subtasks_department_state", "subtasks", ["department", "state"])
