"""Rows of re-checks."""

from dataclasses import fields
from typing import Any

from api.store.rows.places import Row
from cases.recheck import Hindrance, Recheck, RecheckResult
from inference.sight import Sight

_AS_THEY_ARE = [
    field.name for field in fields(Recheck) if field.name not in ("sights", "streak", "result", "hindrance")
]
"""Columns that hold what the re-check holds under the same name."""


def recheck_row(recheck: Recheck) -> dict[str, Any]:
    """The columns of a re-check."""
    return {
        **{name: getattr(recheck, name) for name in _AS_THEY_ARE},
        "sights": {sight.value: count for sight, count in recheck.sights.items()},
        "streak": recheck.streak.value if recheck.streak else None,
        "result": recheck.result.value if recheck.result else None,
        "hindrance": recheck.hindrance.value if recheck.hindrance else None,
    }


def recheck_from(row: Row) -> Recheck:
    """A re-check from its row."""
    return Recheck(
        **{name: row[name] for name in _AS_THEY_ARE},
        sights={Sight(name): count for name, count in row["sights"].items()},
        streak=Sight(row["streak"]) if row["streak"] else None,
        result=RecheckResult(row["result"]) if row["result"] else None,
        hindrance=Hindrance(row["hindrance"]) if row["hindrance"] else None,
    )
