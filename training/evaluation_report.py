"""The figures of an evaluation, for people and for programs."""

import json
from dataclasses import asdict, dataclass

from rich.table import Table

from training.evaluation import ClassScore


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
        known = [score.ap50 for score in self.classes.values() if score.ap50 is not None]
        return sum(known) / len(known) if known else None

    def as_json(self) -> str:
        """One JSON object on one line, shares rounded to four digits."""
        figures = {
            name: {key: round(value, 4) if isinstance(value, float) else value for key, value in asdict(score).items()}
            for name, score in self.classes.items()
        }
        mean = None if self.mean_ap50 is None else round(self.mean_ap50, 4)
        return json.dumps(
            {"model": self.model, "pictures": self.pictures, "mean_ap50": mean, "classes": figures}, allow_nan=False
        )

    def as_table(self) -> Table:
        """A table for the terminal."""
        table = Table(title=f"{self.model} on {self.pictures} pictures")
        for column in ("class", "pictures", "objects", "AP50", "from", "precision", "recall", "false/100 empty"):
            table.add_column(column, justify="left" if column == "class" else "right")
        for name, score in self.classes.items():
            shares = (score.ap50, score.opens_at, score.precision, score.recall)
            false = "-" if score.false_per_100_empty is None else f"{score.false_per_100_empty:.1f}"
            table.add_row(name, str(score.pictures), str(score.objects), *(_share(value) for value in shares), false)
        table.add_section()
        table.add_row("mean", "", "", _share(self.mean_ap50), "", "", "", "")
        return table


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
