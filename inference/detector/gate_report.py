"""What the gate found: one line a check, bound by hashes to both models and to the pictures."""

import hashlib
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from inference.detector.manifest import MANIFEST_FILE, read_manifest
from inference.errors import GateError

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class ModelMark(_Strict):
    """Which model. Its manifest names the hash of every graph, so the manifest's hash stands for all of it."""

    name: str
    version: str
    sha256: Sha256


class Check(_Strict):
    """One question.

    Attributes:
        what: e.g. `ap50` or `latency`.
        of: a class, or empty.
        champion: its figure.
        challenger: its figure.
        low: lower end of the interval of the difference.
        high: its upper end.
        refused: why the challenger is refused, in one sentence; empty where it is not.
    """

    what: str
    of: str = ""
    champion: float | None = None
    challenger: float | None = None
    low: float | None = None
    high: float | None = None
    refused: str = ""


class GateReport(_Strict):
    """All of it.

    Attributes:
        champion: the model that serves.
        challenger: the new one.
        data: the frozen version whose val split was used, NAME/VERSION.
        regression: SHA-256 over the regression set.
        checks: in the order they were made.
    """

    champion: ModelMark
    challenger: ModelMark
    data: str
    regression: Sha256
    checks: tuple[Check, ...]

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the challenger is refused; empty where it passed."""
        return tuple(check.refused for check in self.checks if check.refused)

    @property
    def passed(self) -> bool:
        """Whether it may be promoted."""
        return not self.reasons

    def as_markdown(self) -> str:
        """For people."""
        verdict = "**Passed.**" if self.passed else "**Refused:**\n\n" + "\n".join(f"- {why}" for why in self.reasons)
        rows = "\n".join(
            f"| {check.what} | {check.of or '–'} | {_share(check.champion)} | {_share(check.challenger)} | "
            f"{_interval(check)} | {'refused' if check.refused else 'good'} |"
            for check in self.checks
        )
        names = [f"{mark.name}/{mark.version}" for mark in (self.challenger, self.champion)]
        return f"""# Gate: {names[0]} against {names[1]}

{verdict}

On the val split of {self.data} and the regression set {self.regression[:12]}. Intervals: 95 % of challenger minus
champion, pictures drawn anew, the same ones for both.

| what | of | champion | challenger | difference | |
|---|---|---|---|---|---|
{rows}
"""


def mark_of(folder: Path) -> ModelMark:
    """The mark of a model folder.

    Raises:
        ModelError: it is none.
    """
    manifest = read_manifest(folder)
    sha256 = hashlib.sha256((folder / MANIFEST_FILE).read_bytes()).hexdigest()
    return ModelMark(name=manifest.name, version=manifest.version, sha256=sha256)


def read_report(path: Path) -> GateReport:
    """Read a report.

    Raises:
        GateError: it is missing or says something else.
    """
    try:
        return GateReport.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise GateError(f"{path} is not a gate report: name the gate.json that `gate` wrote ({error})") from error


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _interval(check: Check) -> str:
    return "–" if check.low is None or check.high is None else f"{check.low:+.3f} to {check.high:+.3f}"
