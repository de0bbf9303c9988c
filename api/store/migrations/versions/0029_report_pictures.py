"""By its name to the reports that a picture came with, without looking through all of them."""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"

AT_ONCE = 500


def upgrade() -> None:
    """Make the table, and fill it from the reports that are there."""
    pictures = op.create_table(
        "report_pictures",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("report_key", sa.String(), nullable=False),
        sa.Column("is_copy", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["report_key"], ["reports.key"], name="fk_report_pictures_report_key"),
        sa.PrimaryKeyConstraint("sha256", "report_key", name="pk_report_pictures"),
    )
    rows = list(_rows(op.get_bind()))
    for begin in range(0, len(rows), AT_ONCE):
        op.bulk_insert(pictures, rows[begin : begin + AT_ONCE])


def _rows(connection: sa.Connection) -> Iterator[dict[str, Any]]:
    for key, written in connection.execute(sa.text("SELECT key, attachments FROM reports ORDER BY id")):
        names: dict[str, bool] = {}
        for one in json.loads(written) if isinstance(written, str) else written:
            names |= {one["sha256"]: False}
            names |= {one["public_sha256"]: True} if one.get("public_sha256") else {}
        yield from ({"sha256": name, "report_key": key, "is_copy": is_copy} for name, is_copy in names.items())
