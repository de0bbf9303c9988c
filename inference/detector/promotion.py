"""Promotion: a model that passed the gate becomes the current one; rollback: the one before does again.

`models/current` alone decides what serves, and it is replaced in one step; `promotions.jsonl` says who was current
before and why. A line is written before the switch: if the power fails in between, the line is without effect.
"""

import hashlib
import os
import re
import shutil
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from tempfile import mkdtemp, mkstemp

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from inference.detector.gate_report import GateReport, mark_of, read_report
from inference.detector.manifest import CURRENT_FILE, MANIFEST_FILE, Manifest, current_model, read_manifest
from inference.errors import GateError

LEDGER = "promotions.jsonl"
REPORT = "gate.json"


class ModelState(StrEnum):
    """Where a model stands.

    The state follows from what lies in the folder of models and is stored nowhere: a report that passed makes a
    candidate passed, the switch makes a model current and the one before it retired. A retired model becomes current
    by rollback, or with a report that passed against the model that is current then.
    """

    CANDIDATE = "candidate"
    PASSED = "passed"
    CURRENT = "current"
    RETIRED = "retired"


class Promotion(BaseModel):
    """One line of the ledger.

    Attributes:
        model: NAME/VERSION that becomes current.
        before: NAME/VERSION that was.
        at: aware UTC.
        report: SHA-256 of the gate's report; None for a rollback.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str
    before: str
    at: AwareDatetime
    report: str | None


def state_of(models: Path, model: str) -> ModelState:
    """Where `NAME/VERSION` stands.

    Raises:
        ModelError: nothing is current.
        GateError: the ledger is broken.
    """
    if current_model(models) == models / model:
        return ModelState.CURRENT
    if any(model in (line.model, line.before) for line in _ledger(models)):
        return ModelState.RETIRED
    report = models / model / REPORT
    return ModelState.PASSED if report.is_file() and read_report(report).passed else ModelState.CANDIDATE


def promote(folder: Path, report_file: Path, models: Path, *, at: datetime) -> str:
    """Make a model the current one, and say its NAME/VERSION.

    The pictures of the report are not looked at again, for they need not be on the machine that serves: which they
    were stands in the report by hash.

    Args:
        folder: the new model.
        report_file: the gate's report on exactly this model against exactly the current one.
        models: where models are served from.
        at: aware UTC.

    Raises:
        GateError: the report refuses it, or is about something else; or another model has its name.
        ModelError: a folder is no model.
    """
    report, manifest = read_report(report_file), read_manifest(folder)
    before = _name(current_model(models))
    _must_fit(report, folder, models)
    _check_graphs(folder, manifest)
    name = f"{manifest.name}/{manifest.version}"
    data = report_file.read_bytes()
    if folder.resolve() != (models / name).resolve():
        _bring(folder, models / name, data)
    elif not (folder / REPORT).is_file():
        _replace(folder / REPORT, data)
    _switch(models, Promotion(model=name, before=before, at=at, report=hashlib.sha256(data).hexdigest()))
    return name


def roll_back(models: Path, *, at: datetime) -> str:
    """Make the model before the current one current again, and say its NAME/VERSION.

    Before means when it was promoted: a second rollback goes one further back, and not forward to what was left.

    Raises:
        GateError: nothing was current before, or its folder is gone.
        ModelError: nothing is current.
    """
    now = _name(current_model(models))
    line = next((line for line in reversed(_ledger(models)) if line.model == now and line.report), None)
    if line is None:
        raise GateError(f"{now} is the first model here: there is none to go back to")
    _check_graphs(models / line.before, read_manifest(models / line.before))
    _switch(models, Promotion(model=line.before, before=now, at=at, report=None))
    return line.before


def _must_fit(report: GateReport, folder: Path, models: Path) -> None:
    if not report.passed:
        raise GateError(f"the gate refused this model: {'; '.join(report.reasons)}")
    if report.challenger != mark_of(folder):
        raise GateError(f"the report is not about {folder}, or the model was changed after it: run the gate again")
    if report.champion != mark_of(current_model(models)):
        raise GateError("the report compares with a model that is not the current one any more: run the gate again")


def _check_graphs(folder: Path, manifest: Manifest) -> None:
    for graph in manifest.graphs:
        path = folder / graph.file
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != graph.sha256:
            raise GateError(f"{path} is not the graph that the manifest names: export the model again")


def _bring(folder: Path, target: Path, report: bytes) -> None:
    """Copy a model to where it will be served from, whole or not at all."""
    if target.exists():
        if mark_of(target) == mark_of(folder):
            return
        raise GateError(f"{target} is another model of the same name: export yours under the next version")
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(mkdtemp(prefix=".draft-", dir=target.parent))
    try:
        draft.chmod(0o755)
        shutil.copytree(folder, draft, dirs_exist_ok=True)
        (draft / REPORT).write_bytes(report)
        _check_graphs(draft, read_manifest(draft))
        draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _switch(models: Path, promotion: Promotion) -> None:
    with (models / LEDGER).open("a", encoding="utf-8") as file:
        file.write(f"{promotion.model_dump_json()}\n")
        file.flush()
        os.fsync(file.fileno())
    _replace(models / CURRENT_FILE, f"{promotion.model}\n".encode())


def _replace(path: Path, data: bytes) -> None:
    number, draft = mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).chmod(0o644)
        Path(draft).replace(path)
    finally:
        Path(draft).unlink(missing_ok=True)


def _ledger(models: Path) -> list[Promotion]:
    path = models / LEDGER
    try:
        lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        return [Promotion.model_validate_json(line) for line in lines if line.strip()]
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        raise GateError(f"{path} cannot be read: {error}; put it right from your backup") from error


def _name(folder: Path) -> str:
    return f"{folder.parent.name}/{folder.name}"


def models_in(models: Path) -> tuple[str, ...]:
    """NAME/VERSION of every model folder, the newest version of each name first."""
    manifests = models.glob(f"*/*/{MANIFEST_FILE}")
    names = [_name(path.parent) for path in manifests if not path.parent.name.startswith(".")]
    return tuple(sorted(names, key=_by_version, reverse=True))


def promotions(models: Path) -> tuple[Promotion, ...]:
    """Every switch there was, the newest first.

    Raises:
        GateError: the ledger is broken.
    """
    return tuple(reversed(_ledger(models)))


def _by_version(name: str) -> tuple[str, list[tuple[int, str]]]:
    model, _, version = name.partition("/")
    parts = re.split(r"[.-]", version)
    return model, [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]
