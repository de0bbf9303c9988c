from pathlib import Path

import numpy as np
import pytest

from inference.detector import OnnxDetector, current_model
from inference.detector.manifest import Manifest, read_manifest
from training.sources import read_sources

ROOT = Path(__file__).parents[2]
MOST_MEBIBYTES = 25


@pytest.fixture(scope="module")
def folder() -> Path:
    return current_model(ROOT / "models")


@pytest.fixture(scope="module")
def manifest(folder: Path) -> Manifest:
    return read_manifest(folder)


def test_every_graph_is_the_one_in_the_manifest_and_runs(folder: Path) -> None:
    detector = OnnxDetector(folder)
    assert [graph.input_wh for graph in detector.graphs] == [(640, 384), (640, 640)]
    grey = np.full((360, 640, 3), 114, dtype=np.uint8)
    assert (detector.detect(grey).confidence >= detector.manifest.floor).all()


def test_it_knows_the_classes_of_the_street(manifest: Manifest) -> None:
    assert manifest.classes == read_sources(ROOT / "datasets" / "street" / "sources.yaml").classes


def test_it_says_what_was_measured_and_how(manifest: Manifest, folder: Path) -> None:
    assert manifest.figures is not None
    assert set(manifest.figures.classes) == set(manifest.classes)
    assert "jiexun-train evaluate" in manifest.figures.command
    card = (folder / "card.md").read_text(encoding="utf-8")
    assert manifest.licence in card
    assert "## Limits" in card


def test_it_is_small_enough_to_ship(folder: Path) -> None:
    assert sum(path.stat().st_size for path in folder.iterdir()) < MOST_MEBIBYTES * 2**20
