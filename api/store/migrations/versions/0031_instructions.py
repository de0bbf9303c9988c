"""Direct orders that are about no case, to units and to persons; and the notices of them."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """Until now every order and every notice was about a case, and every order was for a unit."""
    with op.batch_alter_table("direct_orders") as orders:
        orders.alter_column("case_id", existing_type=sa.String(), nullable=True)
        orders.add_column(sa.Column("person", sa.String(), nullable=False, server_default=""))
        orders.add_column(sa.Column("told_at", sa.DateTime(timezone=True)))
    with op.batch_alter_table("direct_orders") as orders:
        orders.alter_column("person", server_default=None)
    with op.batch_alter_table("notices") as notices:
        notices.alter_column("case_id", existing_type=sa.String(), nullable=True)
