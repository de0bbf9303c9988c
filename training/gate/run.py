"""The gate on folders: two models, a frozen version and the regression set in, a report out."""

from pathlib import Path
from time import monotonic

from inference.detector.gate_report import GateReport
from inference.errors import GateError
from training.evaluation import VEHICLES
from training.freeze.manifest import FILE
from training.freeze.version import verify_version
from training.gate.gate import GatePictures, contender, hold_against
from training.scored_pictures import from_listing, from_yolo
from training.sources import read_sources


def run_gate(
    *, challenger: Path, champion: Path, data: Path, regression: Path, vehicles_from: float, out: Path
) -> GateReport:
    """Run the gate on folders and write its report.

    Raises:
        GateError: the data is not frozen, or the report exists.
        ModelError: a model cannot be served.
        DatasetError: pictures cannot be read.
    """
    if not (data / FILE).is_file():
        raise GateError(f"{data} is not a frozen version: freeze it first, so that both models see the same for good")
    if out.exists():
        raise GateError(f"{out} exists: a report is never rewritten, name a new folder")
    verify_version(data)
    pictures = GatePictures(
        data=f"{data.resolve().parent.name}/{data.resolve().name}",
        val=from_listing(data / "val.txt", read_sources(data / "sources.yaml")),
        regression=from_yolo(regression),
        least_heights=dict.fromkeys(VEHICLES, vehicles_from),
    )
    report = hold_against(contender(champion), contender(challenger), pictures, monotonic)
    out.mkdir(parents=True)
    (out / "gate.json").write_text(f"{report.model_dump_json(indent=1)}\n", encoding="utf-8")
    (out / "gate.md").write_text(report.as_markdown(), encoding="utf-8")
    return report
