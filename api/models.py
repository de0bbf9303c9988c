"""The models that there are, as people see them: where each stands, and what its gate said."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from api.doors import Doors
from cases.audit.entry import Deed
from inference.detector.gate_report import GateReport, read_report
from inference.detector.manifest import Manifest, current_model, read_manifest
from inference.detector.promotion import REPORT, ModelState, models_in, promote, roll_back, state_of
from inference.errors import GateError, ModelError


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """One model.

    Attributes:
        name: NAME/VERSION.
        state: where it stands.
        manifest: what it says of itself; None where it cannot be read.
        report: what its gate said; None where no gate has looked at it, or its report cannot be read.
        trouble: why manifest or report cannot be read; empty where they can.
    """

    name: str
    state: ModelState
    manifest: Manifest | None
    report: GateReport | None
    trouble: str = ""

    @property
    def may_be_promoted(self) -> bool:
        """Whether its gate let it pass and it does not serve already."""
        return self.report is not None and self.report.passed and self.state is not ModelState.CURRENT


def model_cards(doors: Doors) -> tuple[ModelCard, ...]:
    """Every model, the newest version first.

    Raises:
        ModelError: nothing is current.
        GateError: the ledger of promotions is broken.
    """
    return tuple(_card(doors.models, name) for name in models_in(doors.models))


def _card(models: Path, name: str) -> ModelCard:
    folder, manifest, report, trouble = models / name, None, None, ""
    try:
        manifest = read_manifest(folder)
        report = read_report(folder / REPORT) if (folder / REPORT).is_file() else None
        state = state_of(models, name)
    except (ModelError, GateError) as error:
        trouble, state = str(error), ModelState.CANDIDATE
    return ModelCard(name=name, state=state, manifest=manifest, report=report, trouble=trouble)


def current_name(doors: Doors) -> str:
    """NAME/VERSION of the model that is current.

    Raises:
        ModelError: nothing is current.
    """
    folder = current_model(doors.models)
    return f"{folder.parent.name}/{folder.name}"


def promote_model(doors: Doors, name: str, *, by: str) -> str:
    """Make a model that passed its gate the current one.

    Raises:
        GateError: there is none of this name, or its report does not let it pass; or the folder cannot be written.
        ModelError: nothing is current.
    """
    if name not in models_in(doors.models):
        raise GateError(f"there is no model {name}; put it with its gate.json below the folder of models")
    if not (doors.models / name / REPORT).is_file():
        raise GateError(f"no gate has looked at {name}; run `jiexun-train gate` and put its gate.json beside the model")
    return _switched(
        doors, by, lambda: promote(doors.models / name, doors.models / name / REPORT, doors.models, at=doors.clock())
    )


def roll_back_model(doors: Doors, *, by: str) -> str:
    """Make the model before the current one current again.

    Raises:
        GateError: there is none before; or the folder cannot be written.
    """
    return _switched(doors, by, lambda: roll_back(doors.models, at=doors.clock()))


def _switched(doors: Doors, by: str, switch: Callable[[], str]) -> str:
    before = current_name(doors)
    try:
        name = switch()
    except OSError as error:
        why = error.strerror or str(error)
        raise GateError(
            f"the folder of models cannot be written ({why}); set JIEXUN_MODELS_DIR to one of yours"
        ) from error
    doors.store.record(Deed(actor=by, what="model.changed", object=name, payload={"before": before}))
    return name
