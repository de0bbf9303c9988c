"""Drives by chance with exact truth: what must be found is found, nothing else, and where it stands.

`JIEXUN_DRIVES=12` gives the figures of docs/patrol.md; the suite drives a single one. Each has three passes of another
street, camera, receiver and traffic.
"""

import logging
import os
from pathlib import Path

import numpy as np

from tests.rigs.drive_truth_rig import Score, score_drive
from training.render.drive_clip import dry_drive
from training.render.random_drives import random_drive

logger = logging.getLogger(__name__)

DRIVES = int(os.environ.get("JIEXUN_DRIVES", "1"))


def test_what_is_due_is_found_once_and_where_it_stands(tmp_path: Path) -> None:
    score = Score()
    for seed in range(1, DRIVES + 1):
        dry_drive(random_drive(seed), tmp_path / str(seed), lambda done, total: None)
        score_drive(tmp_path / str(seed), score)
    median, most = float(np.median(score.metres)), float(np.percentile(score.metres, 90))
    said = f"recall {score.recall:.3f}, precision {score.precision:.3f}, median {median:.2f} m, p90 {most:.2f} m"
    said += f", missed {score.missed}, wrong {score.wrong}"
    logger.info("%d drives: %s", DRIVES, said)
    assert score.recall >= 0.9, said
    assert score.precision >= 0.9, said
    assert median <= 3, said
    assert most <= 6, said
