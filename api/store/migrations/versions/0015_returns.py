"""How often a case was returned, and with it whether its dispatch was accurate (准确派遣)."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

DISPATCHED, ACCURATELY = 4096, 8192
"""The bits of `cases.appraisal.sets` that this version adds."""


def upgrade() -> None:
    """Add the count, learn it from the history, and put every case into its new sets. Published months stay."""
    with op.batch_alter_table("cases") as cases:
        cases.add_column(sa.Column("return_count", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("cases") as cases:
        cases.alter_column("return_count", server_default=None)
    op.execute(
        "UPDATE cases SET return_count ="
        " (SELECT count(*) FROM history WHERE history.case_id = cases.id AND history.act = 'return')"
        " WHERE EXISTS (SELECT 1 FROM history WHERE history.case_id = cases.id AND history.act = 'return')"
    )
    op.execute(
        f"UPDATE cases SET sets = sets + {DISPATCHED} + CASE WHEN return_count = 0 THEN {ACCURATELY} ELSE 0 END"
        " WHERE sets <> 0 AND filed_at IS NOT NULL AND (dispatched_at IS NOT NULL OR return_count > 0)"
    )
