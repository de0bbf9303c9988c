"""Appraisal: the sets each case lies in, and the months that were published."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

REPORTED, FILED, DUE, HANDLED, IN_TIME, OVERDUE, EXTENDED, DUE_CLOSING, CLOSED, CLOSED_IN_TIME, REWORKED, RECURRENT = (
    1 << bit for bit in range(12)
)
"""The sets as they were when this migration was written."""


def upgrade() -> None:
    """Make room, and say of every case that is there already where it lies."""
    with op.batch_alter_table("cases") as cases:
        cases.add_column(sa.Column("sets", sa.Integer(), nullable=False, server_default="0"))
        cases.add_column(sa.Column("appraised_at", sa.DateTime(timezone=True)))
        cases.add_column(sa.Column("handling_seconds", sa.Float(), nullable=False, server_default="0"))
    _place_the_cases()
    with op.batch_alter_table("cases") as cases:
        cases.alter_column("appraised_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        cases.alter_column("sets", existing_type=sa.Integer(), server_default=None)
        cases.alter_column("handling_seconds", existing_type=sa.Float(), server_default=None)
    op.create_index("ix_cases_appraised_at", "cases", ["appraised_at"])
    op.create_table(
        "appraisal_moves",
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.JSON(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("month", "step", name="pk_appraisal_moves"),
    )
    op.create_table(
        "appraisal_cases",
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("department", sa.String()),
        sa.Column("area", sa.String()),
        sa.Column("sets", sa.Integer(), nullable=False),
        sa.Column("handling_seconds", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_appraisal_cases_case_id"),
        sa.PrimaryKeyConstraint("month", "revision", "case_id", name="pk_appraisal_cases"),
    )
    op.create_table(
        "appraisal_votes",
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("street", sa.String(), nullable=False),
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("points", sa.Float(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("month", "street", "department", name="pk_appraisal_votes"),
    )


_cases = sa.table(
    "cases",
    *(sa.column(name) for name in ("id", "state", "recurrence_of", "rework_count", "extension_count", "sets")),
    *(
        sa.column(name, sa.DateTime(timezone=True))
        for name in (
            "opened_at",
            "filed_at",
            "dispatched_at",
            "handled_at",
            "ended_at",
            "deadline_at",
            "overdue_at",
            "appraised_at",
        )
    ),
    sa.column("handling_seconds"),
)


def _place_the_cases() -> None:
    connection = op.get_bind()
    for row in connection.execute(sa.select(_cases)).mappings().all():
        dispatched, handled = row["dispatched_at"], row["handled_at"]
        values = {
            "sets": _sets(row),
            "appraised_at": row["deadline_at"] or row["opened_at"],
            "handling_seconds": max((handled - dispatched).total_seconds(), 0) if handled and dispatched else 0,
        }
        connection.execute(sa.update(_cases).where(_cases.c.id == row["id"]).values(values))


def _sets(row: sa.RowMapping) -> int:
    if row["state"] == "void":
        return 0
    if row["filed_at"] is None:
        return REPORTED
    sets = REPORTED | FILED | (RECURRENT if row["recurrence_of"] else 0)
    if row["dispatched_at"] is None:
        return sets
    handled, deadline = row["handled_at"], row["deadline_at"]
    sets |= DUE | (EXTENDED if row["extension_count"] else 0) | (REWORKED if row["rework_count"] else 0)
    sets |= DUE_CLOSING if handled or row["rework_count"] else 0
    if handled:
        sets |= HANDLED | (IN_TIME if _in_time(handled, deadline) else 0)
    elif row["overdue_at"]:
        sets |= OVERDUE
    if row["state"] == "closed":
        sets |= CLOSED | (CLOSED_IN_TIME if _in_time(row["ended_at"], deadline) else 0)
    return sets


def _in_time(at: datetime, deadline: datetime | None) -> bool:
    return deadline is None or at <= deadline
