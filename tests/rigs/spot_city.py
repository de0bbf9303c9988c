"""A whole installation whose detector takes every bright block for a car: the real path on a clip made here."""

import json
import os
import sqlite3
import sys
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from tests.detector_models import bright_spot_folder
from tests.rigs.clips import Pixels, make_clip

CITY = """
city: {name: {zh: 光城, en: Spot town}, time_zone: Asia/Shanghai}
departments:
  - {id: police, name: {zh: 交警, en: Police}, channel: {type: inbox}}
duty_list:
  edition: "2026-1"
  effective_from: 2026-01-01
  fallback: {department: police, limit_hours: 24}
  lines:
    - {kind: illegal_parking, code: "0505", department: police, limit_hours: 2,
       filing_condition: 停, closing_condition: 走}
policy:
  auto_file: [{kind: illegal_parking, min_confidence: 0.2}]
cameras:
  - id: spot
    name: {zh: 路口, en: Corner}
    source: clip.mp4
    zones:
      - {id: kerb, kind: no_parking, polygon: [[0, 0], [1, 0], [1, 1], [0, 1]], dwell: 10}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpotCity:
    """One installation in a folder of its own."""

    folder: Path

    @property
    def command(self) -> list[str]:
        """`jiexun work --once` on its city."""
        return [sys.executable, "-m", "api.cli", "work", "--once", "--city", str(self.folder / "city.yaml")]

    @property
    def environment(self) -> dict[str, str]:
        """Its settings."""
        here = {"JIEXUN_DATA_DIR": str(self.folder / "data"), "JIEXUN_MODELS_DIR": str(self.folder / "models")}
        return {**os.environ, **here}

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """What its database says."""
        connection = sqlite3.connect(self.folder / "data" / "jiexun.db")
        try:
            return list(connection.execute(sql))
        finally:
            connection.close()


def spot_city(folder: Path, *, seconds: float = 60) -> SpotCity:
    """A clip in which a block stands from 4 to 26 s, drives off, and another stands from 36 s on: two cases."""
    model = bright_spot_folder(folder / "models" / "spot" / "1")
    manifest = json.loads((model / "manifest.json").read_text(encoding="utf-8"))
    manifest |= {"classes": ["thing", "car"], "opens_at": {"thing": 0.3, "car": 0.4}}
    (model / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (folder / "models" / "current").write_text("spot/1\n", encoding="utf-8")
    (folder / "city.yaml").write_text(CITY, encoding="utf-8")
    make_clip(folder / "clip.mp4", seconds=seconds, fps=5, key_every=1.0, pixels=_street)
    return SpotCity(folder=folder)


def _street(number: int) -> Pixels:
    """Grey levels below 200 everywhere but in the block."""
    t = number / 5
    coarse = np.random.default_rng(5).integers(30, 150, (14, 24, 3)).astype(np.uint8)
    pixels = np.asarray(cv2.resize(coarse, (320, 180), interpolation=cv2.INTER_CUBIC), np.uint8)
    if 4 <= t < 26:
        pixels[90:130, 60:130] = 250
    elif 26 <= t < 30:
        left = round(60 + 60 * (t - 26))
        pixels[90:130, left : left + 70] = 250
    elif t >= 36:
        pixels[100:150, 200:280] = 240
    return pixels
