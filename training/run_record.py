"""What a run leaves beside its checkpoints: its settings and its curves."""

import csv
import json
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from training.report.curves import lines_svg

SETTINGS_FILE, CURVES_FILE, RESULTS_FILE = "settings.json", "curves.svg", "results.csv"
_STACK = ("torch", "ultralytics-opencv-headless", "numpy", "opencv-python-headless")


def write_settings(folder: Path, settings: Mapping[str, object]) -> None:
    """Write what the run was started with, and with which versions of its libraries."""
    folder.mkdir(parents=True, exist_ok=True)
    record = {**settings, "versions": {name: version(name) for name in _STACK}}
    text = json.dumps(record, indent=2, default=str)
    (folder / SETTINGS_FILE).write_text(f"{text}\n", encoding="utf-8")


def write_curves(folder: Path) -> None:
    """Draw losses and learning rate by epoch out of the trainer's `results.csv`; nothing before the first epoch."""
    path = folder / RESULTS_FILE
    if not path.is_file():
        return
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [{key.strip(): float(value) for key, value in row.items()} for row in csv.DictReader(lines)]
    shown = [name for name in (rows[0] if rows else {}) if name.startswith("train/") or name == "lr/pg0"]
    curves = {name: [row[name] for row in rows] for name in shown}
    (folder / CURVES_FILE).write_text(lines_svg("epoch", curves), encoding="utf-8")
