"""Residents: links to follow reports with, their answers, announcements, and orders of the menu of services."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables, and columns for answers and public copies."""
    op.add_column("cases", sa.Column("satisfied", sa.Boolean()))
    op.add_column("attachments", sa.Column("public_sha256", sa.String()))
    op.create_table(
        "follow_links",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("report_key", sa.String(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("answered_at", INSTANT),
        sa.Column("answered_round", sa.Integer()),
        sa.ForeignKeyConstraint(["report_key"], ["reports.key"], name="fk_follow_links_report_key"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_follow_links"),
        sa.UniqueConstraint("report_key", name="uq_follow_links_report_key"),
    )
    op.create_table(
        "announcements",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("shown_from", INSTANT, nullable=False),
        sa.Column("shown_until", INSTANT, nullable=False),
        sa.Column("written_by", sa.String(), nullable=False),
        sa.Column("written_at", INSTANT, nullable=False),
        sa.Column("withdrawn_by", sa.String()),
        sa.Column("withdrawn_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_announcements"),
    )
    op.create_index("ix_announcements_shown_until_area", "announcements", ["shown_until", "area"])
    _orders()


def _orders() -> None:
    op.create_table(
        "service_orders",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("service", sa.String()),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.String()),
        sa.Column("rating", sa.Integer()),
        sa.Column("history", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_service_orders"),
        sa.UniqueConstraint("number", name="uq_service_orders_number"),
        sa.UniqueConstraint("secret_hash", name="uq_service_orders_secret_hash"),
    )
    op.create_index("ix_service_orders_state_area_number", "service_orders", ["state", "area", "number"])
    op.create_table(
        "service_numbers",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name="pk_service_numbers"),
    )
