import importlib.util
from datetime import UTC, datetime
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
import typer
import yaml
from typer.testing import CliRunner

from training.render.blender import Light, Stage
from training.render.camera import Camera
from training.render.cctv import Look, cctv, overlay
from training.render.clip import frame_path, paste, render_frames
from training.render.command import render
from training.render.errors import RenderError
from training.render.scenario import Scenario
from training.render.video import Reel, encode, reel_of

GREY = np.full((180, 320, 3), 120, np.uint8)
CLIP = Scenario.model_validate(
    {
        "name": "tiny",
        "about": "nothing happens",
        "start": "2026-05-14T15:42:00+08:00",
        "seconds": 6,
        "fps": 2,
        "camera": {"label": "CAM", "at": [-9, -4, 6], "look": [7, 3, 0], "fov": 60, "width": 320, "height": 180},
        "actors": [],
    }
)
without_blender = pytest.mark.skipif(importlib.util.find_spec("bpy") is not None, reason="Blender is installed here")


def quiet(done: int, total: int) -> None:
    assert 0 < done <= total


def reel(folder: Path) -> Reel:
    return reel_of(CLIP, [frame_path(folder, number) for number in range(CLIP.frames())])


def test_the_look_depends_on_the_seed_only_and_keeps_the_size() -> None:
    first, again, other = (cctv(GREY, Look(), seed) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert first.shape == GREY.shape
    assert first.dtype == np.uint8


def test_the_look_moves_no_edge() -> None:
    picture = GREY.copy()
    picture[:, 200:] = 20
    column = cctv(picture, Look(), 1).astype(int).mean(axis=(0, 2))
    assert abs(int(np.argmin(np.diff(column))) - 199) <= 1


def test_the_overlay_writes_into_a_copy() -> None:
    marked = overlay(GREY, "CAM-1", datetime(2026, 5, 14, 15, 42, tzinfo=UTC))
    changed = np.argwhere((marked != GREY).any(-1))
    assert (GREY == 120).all()
    assert changed[:, 0].min() < 20
    assert changed[:, 0].max() > 160


def test_a_patch_is_feathered_inside_and_full_at_the_pictures_edge() -> None:
    canvas = np.zeros((60, 80, 3), np.uint8)
    paste(canvas, np.full((30, 40, 3), 200, np.uint8), (0, 10, 40, 40))
    assert canvas[25, 0, 0] == 200
    assert canvas[25, 20, 0] == 200
    assert 0 < canvas[25, 39, 0] < canvas[25, 37, 0] < 200
    assert canvas[25, 40, 0] == 0
    assert 0 < canvas[10, 20, 0] < 100


def test_a_clip_plays_in_real_time_with_a_key_picture_every_two_seconds(tmp_path: Path) -> None:
    for number in range(CLIP.frames()):
        path = frame_path(tmp_path, number)
        path.parent.mkdir(exist_ok=True)
        cv2.imwrite(str(path), np.roll(GREY, number))
    clip = encode(reel(tmp_path), tmp_path / "tiny.mp4", quiet)
    with av.open(str(clip)) as container:
        stream = container.streams.video[0]
        frames = list(container.decode(stream))
        assert stream.codec_context.name == "h264"
        assert (stream.width, stream.height) == (320, 180)
        assert stream.average_rate == 2
    assert [f.time for f in frames] == [n / 2 for n in range(12)]
    keys = [f.time for f in frames if f.key_frame]
    assert max(np.diff(keys)) <= 2.0
    assert not list(tmp_path.glob("*.part.*"))


def test_a_missing_picture_is_named(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match=r"00000\.png is missing"):
        encode(reel(tmp_path), tmp_path / "tiny.mp4", quiet)


@without_blender
def test_without_blender_the_stage_says_what_to_install() -> None:
    camera = Camera(at=(0, 0, 2), look=(10, 0, 2), fov=60, width=320, height=180)
    with pytest.raises(RenderError, match="make render-setup"):
        Stage(camera, Light(), 1)


@without_blender
def test_a_folder_of_another_scenario_is_refused(tmp_path: Path) -> None:
    (tmp_path / "scenario.sha256").write_text("something else", encoding="utf-8")
    with pytest.raises(RenderError, match="another scenario"):
        render_frames(CLIP, tmp_path, quiet)


def run(*arguments: str) -> tuple[int, str]:
    app = typer.Typer()
    app.command()(render)
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.stderr


def test_a_missing_scenario_ends_the_command_with_2_and_one_sentence(tmp_path: Path) -> None:
    code, said = run(str(tmp_path / "nothing.yaml"), "--out", str(tmp_path / "out"))
    assert code == 2
    assert "Cannot read the scenario" in said
    assert "Traceback" not in said
    assert not (tmp_path / "out").exists()


@without_blender
def test_the_command_says_that_blender_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "tiny.yaml"
    path.write_text(yaml.safe_dump(CLIP.model_dump(mode="json")), encoding="utf-8")
    code, said = run(str(path), "--out", str(tmp_path / "out"))
    assert code == 2
    assert "make render-setup" in said


def test_the_sun_stands_where_it_is_told() -> None:
    high, west = Light(elevation=90).towards(), Light(elevation=0.0, azimuth=270).towards()
    assert high == pytest.approx([0, 0, 1], abs=1e-9)
    assert west == pytest.approx([-1, 0, 0], abs=1e-9)
