"""Scenario files: YAML in one of two forms, a fixed camera or the passes of a patrol vehicle."""

from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from training.render.drive import Drive
from training.render.errors import ScenarioError
from training.render.scenario import Scenario


def load_any(path: Path) -> Scenario | Drive:
    """Read a scenario file; one with `passes` is a patrol drive.

    `like` names a file beside it whose keys hold where this one says nothing.

    Raises:
        ScenarioError: missing, not YAML, or wrong; the message names the key.
    """
    raw = _yaml(path)
    try:
        return Drive.model_validate(raw) if "passes" in raw else Scenario.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise ScenarioError(f"{path}: {where}: {first['msg']}.") from error


def load(path: Path) -> Scenario:
    """Read the scenario of a fixed camera.

    Raises:
        ScenarioError: it is wrong, or one of a patrol drive.
    """
    plan = load_any(path)
    if isinstance(plan, Drive):
        raise ScenarioError(f"{path} is a patrol drive: name a scenario with a fixed camera.")
    return plan


def load_drive(path: Path) -> Drive:
    """Read the scenario of a patrol drive.

    Raises:
        ScenarioError: it is wrong, or one of a fixed camera.
    """
    plan = load_any(path)
    if isinstance(plan, Scenario):
        raise ScenarioError(f"{path} has a fixed camera: name a patrol drive, a scenario with passes.")
    return plan


def _yaml(path: Path) -> dict[str, Any]:
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ScenarioError(f"Cannot read the scenario {path}: {error.strerror or error}.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ScenarioError(f"{path} is not YAML: {' '.join(str(error).split())}.") from error
    if not isinstance(raw, dict):
        raise ScenarioError(f"{path} is not a scenario: it must be a mapping of keys.")
    base = raw.pop("like", None)
    return raw if base is None else _yaml(path.with_name(str(base))) | raw
