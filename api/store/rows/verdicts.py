"""Rows of verdicts."""

from typing import Any

from api.store.rows.places import Row
from cases.verdict import Judgement, RejectReason, Ruling, Verdict


def verdict_row(verdict: Verdict) -> dict[str, Any]:
    """The columns of a verdict."""
    said = verdict.judgement
    x1, y1, x2, y2 = said.right_box or (None, None, None, None)
    return {
        "finding": verdict.finding,
        "ruling": said.ruling.value,
        "why": said.why.value if said.why else None,
        "note": said.note,
        "x1": x1,
        "y1": y1,
        "x2": x2,
        "y2": y2,
        "right_class": said.right_class,
        "blind": said.blind,
        "released": said.released,
        "by": verdict.by,
        "at": verdict.at,
    }


def verdict_from(row: Row) -> Verdict:
    """A verdict from its row."""
    judgement = Judgement(
        ruling=Ruling(row["ruling"]),
        why=RejectReason(row["why"]) if row["why"] else None,
        note=row["note"],
        right_box=None if row["x1"] is None else (row["x1"], row["y1"], row["x2"], row["y2"]),
        right_class=row["right_class"],
        blind=row["blind"],
        released=row["released"],
    )
    return Verdict(finding=row["finding"], judgement=judgement, by=row["by"], at=row["at"])
