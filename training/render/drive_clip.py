"""From a patrol drive to its files: for each pass a track, the truth and the pictures; for the drive what is due."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from training.render import drive_truth, truth
from training.render.camera import Camera
from training.render.cast import Player
from training.render.clip import Report, Scene, frame_path, repainted, same_scenario, saved
from training.render.drive import Drive, Ride
from training.render.dry_sight import DrySight
from training.render.gps import fixes, write_track


def pass_name(number: int) -> str:
    """How the files of a pass are called; passes count from 1."""
    return f"pass-{number}"


def dry_drive(drive: Drive, out: Path, report: Report) -> Path:
    """Write tracks and truth without any picture; needs no Blender. Returns the drive's own file.

    Boxes are exact. What is hidden is judged by the boxes of the other actors alone.

    Args:
        drive: what to show.
        out: folder for all files.
        report: called with pictures done and pictures in all.

    Raises:
        ScenarioError: an expected object is never seen as it should be.
    """
    out.mkdir(parents=True, exist_ok=True)
    players = [Player(actor, thin=True) for actor in drive.actors]
    sight = DrySight(players)

    def show(camera: Camera, at: float) -> truth.Sight:
        sight.show(camera, at)
        return sight

    return _written(drive, truth.Groups(players), out, show, report)


def render_drive(drive: Drive, out: Path, report: Report) -> Path:
    """As `dry_drive`, with the pictures, which a stopped run finds again.

    Raises:
        RenderError: Blender is missing, or the folder belongs to another scenario.
    """
    out.mkdir(parents=True, exist_ok=True)
    same_scenario(drive, out)
    scene, scratch = Scene(drive, Ride(drive, drive.passes[0]).camera(0.0)), out / "scratch.png"
    last: tuple[Camera, Path] | None = None

    def show(camera: Camera, at: float) -> truth.Sight:
        nonlocal last
        scene.look_from(camera)
        changed = scene.show(at)
        path = _picture_of(drive, out, at)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            if last is not None and last[0] == camera:  # it stands: only what moves is new
                saved(path, repainted(scene, last[1], changed, scratch))
            else:
                saved(path, scene.picture(scratch))
        last = camera, path
        return scene.visible

    written = _written(drive, truth.Groups(scene.players), out, show, report)
    scratch.unlink(missing_ok=True)
    return written


def _picture_of(drive: Drive, out: Path, at: float) -> Path:
    """Where the picture taken at a second of the scenario lies."""
    for number, run in enumerate(drive.passes, 1):
        if run.starts - 1e-6 <= at < run.starts + run.seconds:
            return frame_path(out / pass_name(number), round((at - run.starts) * drive.fps))
    raise ValueError(f"no pass takes a picture at {at} s")


def _written(drive: Drive, groups: truth.Groups, out: Path, show: drive_truth.Show, report: Report) -> Path:
    passes: list[drive_truth.Rows] = []
    heads: list[dict[str, Any]] = []
    done, total = 0, drive.pictures()
    for number, run in enumerate(drive.passes, 1):
        ride, rows = Ride(drive, run), drive_truth.Rows()
        for k in range(drive.frames(run)):
            rows.append(drive_truth.frame_row(drive, groups, run, ride, k, show))
            done += 1
            report(done, total)
        name = pass_name(number)
        start = drive.start + timedelta(seconds=run.starts)
        head = {"clip": f"{name}.mp4", "track": f"{name}.csv", "start": start.isoformat(), "seconds": run.seconds}
        truth.write(out / f"{name}.json", head | {"track_offset": drive.gps.offset}, rows)
        write_track(out / f"{name}.csv", fixes(drive, run))
        heads.append(head)
        passes.append(rows)
    found = drive_truth.sites(drive, groups, passes)
    whole = drive_truth.header(drive, groups) | {
        "passes": heads,
        "sites": found,
        "findings": drive_truth.due(drive, passes, found),
    }
    path = out / "drive.json"
    lines = [f"{json.dumps(key)}: {_rows(value)}" for key, value in whole.items()]
    path.write_text("{\n " + ",\n ".join(lines) + "\n}\n", encoding="utf-8")
    return path


def _rows(value: Any) -> str:
    """JSON with one row of a list to a line."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n  " + ",\n  ".join(json.dumps(row, ensure_ascii=False) for row in value) + "\n ]"
    return json.dumps(value, ensure_ascii=False)
