"""Direct orders, records of consultations, and who watches which case."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "direct_orders",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("given_by", sa.String(), nullable=False),
        sa.Column("given_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("read_by", sa.String()),
        sa.Column("read_at", INSTANT),
        sa.Column("reply", sa.String(), nullable=False),
        sa.Column("replied_by", sa.String()),
        sa.Column("replied_at", INSTANT),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_direct_orders_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_direct_orders"),
    )
    op.create_index("ix_direct_orders_case_id", "direct_orders", ["case_id"])
    op.create_index("ix_direct_orders_department_replied_at", "direct_orders", ["department", "replied_at"])
    _consultations_and_watches()


def _consultations_and_watches() -> None:
    op.create_table(
        "consultations",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("held_at", INSTANT, nullable=False),
        sa.Column("participants", sa.JSON(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_consultations_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_consultations"),
    )
    op.create_index("ix_consultations_case_id", "consultations", ["case_id"])
    op.create_table(
        "watches",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_watches_case_id"),
        sa.PrimaryKeyConstraint("case_id", "person", name="pk_watches"),
    )
    op.create_index("ix_watches_person_since", "watches", ["person", "since"])
