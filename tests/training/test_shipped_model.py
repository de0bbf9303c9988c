from pathlib import Path

import cv2
import numpy as np
import pytest
import yaml

from inference.detector import OnnxDetector, current_model
from inference.detector.manifest import Manifest, read_manifest
from training.sources import read_sources

ROOT = Path(__file__).parents[2]
MOST_MEBIBYTES = 32  # two graphs of ten, and weights of ten that it can be trained further from


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


def test_it_carries_weights_that_it_can_be_trained_further_from(folder: Path) -> None:
    described = yaml.safe_load((folder / "architecture.yaml").read_text(encoding="utf-8"))
    assert tuple(described["classes"]) == read_manifest(folder).classes
    assert (folder / "weights.safetensors").stat().st_size > 2**20


def test_the_weights_see_what_the_served_graphs_see(folder: Path) -> None:
    pytest.importorskip("torch", reason="torch is in the extra `train` only")
    from training.checkpoint import load_detector
    from training.parity import compare
    from training.torch_detector import compare_views

    rng = np.random.default_rng(3)
    blocks = [rng.integers(0, 256, (9, 16, 3), dtype=np.uint8) for _ in range(40)]
    pictures = [np.asarray(cv2.resize(b, (640, 360), interpolation=cv2.INTER_CUBIC), dtype=np.uint8) for b in blocks]
    manifest = read_manifest(folder)
    views = compare_views(load_detector(folder), OnnxDetector(folder).graphs[:1], pictures, floor=0.05, nms_iou=0.6)
    assert compare(views, floor=0.05).objects > 0
    assert manifest.name == "street-nano"
