"""Reports: what people and other systems say, the pictures they send, and the tasks to look on the spot."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

COUNTER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    _reports()
    op.create_table(
        "contacts",
        sa.Column("report_key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["report_key"], ["reports.key"], name="fk_contacts_report_key"),
        sa.PrimaryKeyConstraint("report_key", name="pk_contacts"),
    )
    op.create_table(
        "attachments",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_attachments"),
    )
    op.create_table(
        "answers",
        sa.Column("door", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("body_sha256", sa.String(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("given_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("door", "key", name="pk_answers"),
    )
    op.create_index("ix_answers_given_at", "answers", ["given_at"])
    _verifications()


def _reports() -> None:
    op.create_table(
        "reports",
        sa.Column("id", COUNTER, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("kind", sa.String()),
        sa.Column("code", sa.String()),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("lat", sa.Float()),
        sa.Column("lon", sa.Float()),
        sa.Column("quality", sa.String(), nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("external_id", sa.String()),
        sa.Column("attachments", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_reports_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_reports"),
        sa.UniqueConstraint("key", name="uq_reports_key"),
    )
    op.create_index("ix_reports_case_id", "reports", ["case_id"])
    op.create_index("ix_reports_recorded_at", "reports", ["recorded_at"])


def _verifications() -> None:
    op.create_table(
        "verifications",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("assignee", sa.String()),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("lat", sa.Float()),
        sa.Column("lon", sa.Float()),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("result", sa.String()),
        sa.Column("answered_by", sa.String()),
        sa.Column("answered_at", INSTANT),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_verifications_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_verifications"),
    )
    op.create_index("ix_verifications_case_id", "verifications", ["case_id"])
    op.create_index("ix_verifications_result_rank_due_at", "verifications", ["result", "rank", "due_at"])
