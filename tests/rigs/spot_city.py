"""A whole installation whose detector takes every bright block for a car: the real path on a clip made here."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

import cv2
import numpy as np
import psutil
from sqlalchemy import create_engine, text

from tests.detector_models import bright_spot_folder
from tests.rigs.clips import Pixels, make_clip

CITY = """
city: {name: {zh: 光城, en: Spot town}, time_zone: Asia/Shanghai}
departments:
  - {id: police, name: {zh: 交警, en: Police}, channel: {type: inbox}}
duty_list:
  fallback: {department: police, limit: 24 hours}
  editions:
    - name: "2026-1"
      effective_from: 2026-01-01
      lines:
        - {kind: illegal_parking, code: "0505", department: police, limit: 2 hours,
           filing_condition: 停, closing_condition: 走}
policy:
  auto_file: [{kind: illegal_parking, min_confidence: 0.2}]
cameras:
  - id: spot
    name: {zh: 路口, en: Corner}
    source: clip.mp4
    zones:
      - {id: kerb, kind: no_parking, polygon: [[0, 0], [1, 0], [1, 1], [0, 1]], dwell: 12}
"""
# The dwell is longer than the ten seconds between two pictures of a violation: a kill right after the first sight may
# cost that picture, and the next look's then counts instead.


@dataclass(frozen=True, slots=True, kw_only=True)
class SpotCity:
    """One installation in a folder of its own, with one camera that reads `clip.mp4`.

    Attributes:
        folder: everything, or everything but the database.
        database: the URL of a database of its own on a server; empty: SQLite in the folder.
    """

    folder: Path
    database: str = ""

    @property
    def url(self) -> str:
        """Where its database is."""
        return self.database or f"sqlite:///{self.folder}/data/jiexun.db"

    @property
    def command(self) -> list[str]:
        """`jiexun work --once` on its city."""
        return [sys.executable, "-m", "api.cli", "work", "--once", "--city", str(self.folder / "city.yaml")]

    @property
    def environment(self) -> dict[str, str]:
        """Its settings."""
        here = {"JIEXUN_DATA_DIR": str(self.folder / "data"), "JIEXUN_MODELS_DIR": str(self.folder / "models")}
        return {**os.environ, **here, "JIEXUN_DATABASE_URL": self.url}

    def run(self) -> None:
        """Work to the end.

        Raises:
            AssertionError: it ended badly.
        """
        done = subprocess.run(
            self.command, env=self.environment, capture_output=True, text=True, timeout=240, check=False
        )
        assert done.returncode == 0, done.stderr

    def run_and_kill(self, after: float) -> bool:
        """Kill the worker so many seconds after it has opened its clip; say whether it was still at work."""
        with subprocess.Popen(self.command, env=self.environment, stderr=subprocess.DEVNULL) as worker:
            while worker.poll() is None and not self._reads_clip(worker.pid):
                time.sleep(0.01)
            time.sleep(after)
            killed = worker.poll() is None
            worker.kill()
            return killed

    def _reads_clip(self, pid: int) -> bool:
        try:
            return any(Path(file.path).suffix == ".mp4" for file in psutil.Process(pid).open_files())
        except psutil.Error:
            return False

    def forget(self) -> None:
        """Throw away everything that was filed."""
        shutil.rmtree(self.folder / "data")
        if self.database:
            self._do("DROP SCHEMA public CASCADE", "CREATE SCHEMA public")

    def whole(self) -> list[tuple[object, ...]]:
        """What was found and filed, without the instants, which begin anew in every history."""
        return self.rows(
            "select c.number, c.kind, c.state, c.camera, c.zone, f.kind, f.object_class, "
            f"{', '.join(map(_rounded, ('seen_for', 'confidence', 'x1', 'y1', 'x2', 'y2')))}, "
            "(select count(*) from filings d where d.case_id = c.id), "
            "(select count(*) from evidence e where e.finding_id = f.id) "
            "from cases c left join findings f on f.case_id = c.id order by c.number, f.id"
        )

    def damaged_evidence(self) -> list[str]:
        """Names of the pictures that are missing or not what their name says."""
        names = [str(name) for (name,) in self.rows("select distinct sha256 from evidence")]
        places = {name: self.folder / "data" / "evidence" / name[:2] / name for name in names}
        return [n for n, p in places.items() if not p.is_file() or hashlib.sha256(p.read_bytes()).hexdigest() != n]

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """What its database says."""
        engine = create_engine(self.url)
        try:
            with engine.connect() as connection:
                return [tuple(row) for row in connection.execute(text(sql))]
        finally:
            engine.dispose()

    def _do(self, *statements: str) -> None:
        engine = create_engine(self.url)
        try:
            with engine.begin() as connection:
                for statement in statements:
                    connection.execute(text(statement))
        finally:
            engine.dispose()


def _rounded(column: str) -> str:
    return f"round(cast(f.{column} as numeric), 3)"


def spot_city(folder: Path, *, seconds: float = 60, database: str = "") -> SpotCity:
    """A clip in which a block stands from 4 to 26 s, drives off, and another stands from 36 s on: two cases."""
    model = bright_spot_folder(folder / "models" / "spot" / "1")
    manifest = json.loads((model / "manifest.json").read_text(encoding="utf-8"))
    manifest |= {"classes": ["thing", "car"], "opens_at": {"thing": 0.3, "car": 0.4}}
    (model / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (folder / "models" / "current").write_text("spot/1\n", encoding="utf-8")
    (folder / "city.yaml").write_text(CITY, encoding="utf-8")
    make_clip(folder / "clip.mp4", seconds=seconds, fps=5, key_every=1.0, pixels=_street)
    return SpotCity(folder=folder, database=database)


def kill_often(city: SpotCity, kills: int, random: Random, *, longest: float) -> int:
    """Kill the worker at random moments of its work, and let it finish, until it was killed so many times.

    Whenever one of these histories has come to its end, it must be like that of a worker that nobody killed.

    Args:
        city: an installation that has not worked yet.
        kills: how many.
        random: chooses the moments.
        longest: seconds of work after which a kill may come.

    Returns:
        How many histories that took.
    """
    city.run()
    expected, killed, histories = city.whole(), 0, 0
    while killed < kills:
        city.forget()
        histories += 1
        while killed < kills and city.run_and_kill(random.uniform(0, longest)):
            killed += 1
        city.run()
        assert city.whole() == expected
        assert city.damaged_evidence() == []
    return histories


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
