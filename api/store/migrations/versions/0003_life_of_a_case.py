"""Life of a case: cases that people report, limits on four clocks, times of stages, marks."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

BEFORE_THIS = {"source": "camera", "description": "", "address": "", "rework_count": "0", "extension_count": "0"}
"""What is true of every case that is there already."""


def upgrade() -> None:
    """Make room; what nobody could know before stays empty."""
    with op.batch_alter_table("cases") as cases:
        for name in ("kind", "camera", "zone"):
            cases.alter_column(name, existing_type=sa.String(), nullable=True)
        cases.alter_column("confidence", existing_type=sa.Float(), nullable=True)
        for name in ("source", "description", "address"):
            cases.add_column(sa.Column(name, sa.String(), nullable=False, server_default=BEFORE_THIS[name]))
        for name in ("rework_count", "extension_count"):
            cases.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default=BEFORE_THIS[name]))
        for name in ("code", "handling_limit", "appeal", "supervision"):
            cases.add_column(sa.Column(name, sa.String()))
        for name in ("filed_at", "dispatched_at", "accepted_at", "handled_at", "overdue_at", "suspended_until"):
            cases.add_column(sa.Column(name, sa.DateTime(timezone=True)))
    with op.batch_alter_table("cases") as cases:
        for name in BEFORE_THIS:
            cases.alter_column(name, server_default=None)
    _date_the_stages()


def _date_the_stages() -> None:
    """The history knows when what happened."""
    for column, act, which in (
        ("filed_at", "file", "min"),
        ("dispatched_at", "dispatch", "max"),
        ("accepted_at", "accept", "max"),
        ("handled_at", "handle", "max"),
    ):
        op.execute(
            f"UPDATE cases SET {column} = (SELECT {which}(at) FROM history"
            f" WHERE history.case_id = cases.id AND history.act = '{act}')"
        )
    op.execute(
        "UPDATE cases SET rework_count ="
        " (SELECT count(*) FROM history WHERE history.case_id = cases.id AND history.act = 'rework')"
    )
    op.execute("UPDATE cases SET handled_at = NULL WHERE state = 'rework'")
