"""Indexes for lists, maps and counts over many cases."""

from alembic import op

revision = "0010"
down_revision = "0009"

INDEXES = (
    ("ix_cases_opened_at_number", ["opened_at", "number"]),
    ("ix_cases_kind_state_opened_at_number", ["kind", "state", "opened_at", "number"]),
    ("ix_cases_lat_lon_state_kind_department", ["lat", "lon", "state", "kind", "department"]),
    ("ix_cases_filed_at", ["filed_at"]),
)


def upgrade() -> None:
    """Make them."""
    for name, columns in INDEXES:
        op.create_index(name, "cases", columns)
