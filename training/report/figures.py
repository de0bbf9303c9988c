"""The figures of an evaluation, for the terminal and for programs."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from rich.table import Table

from training.evaluation import ClassScore
from training.report.tables import classes_table, share


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationReport:
    """What was measured.

    Attributes:
        model: NAME/VERSION.
        pictures: how many were looked at.
        classes: figures by class name.
    """

    model: str
    pictures: int
    classes: dict[str, ClassScore]

    @property
    def mean_ap50(self) -> float | None:
        """Over the classes that have labelled objects."""
        return mean_of({name: score.ap50 for name, score in self.classes.items()})

    def as_json(self) -> str:
        """One JSON object on one line, shares rounded to four digits."""
        classes = {name: asdict(score) for name, score in self.classes.items()}
        whole = {"model": self.model, "pictures": self.pictures, "mean_ap50": self.mean_ap50, "classes": classes}
        return json.dumps(_rounded(whole), allow_nan=False)

    def as_table(self) -> Table:
        """A table for the terminal."""
        plain = classes_table(self.classes)
        table = Table(title=f"{self.model} on {self.pictures} pictures", caption=plain.note)
        for column in plain.columns:
            table.add_column(column, justify="left" if column == "class" else "right")
        for row in plain.rows:
            table.add_row(*row)
        table.add_section()
        table.add_row("mean", "", "", share(self.mean_ap50))
        return table


def mean_of(ap50: dict[str, float | None]) -> float | None:
    """Mean of those that are known; None if none is."""
    known = [value for value in ap50.values() if value is not None]
    return sum(known) / len(known) if known else None


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    return round(value, 4) if isinstance(value, float) else value
