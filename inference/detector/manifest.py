"""What a model folder says about itself: `manifest.json` beside its ONNX files."""

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from inference.errors import ModelError

MANIFEST_FILE = "manifest.json"
CURRENT_FILE = "current"
SHIPPED_MODELS = Path(__file__).parents[2] / "models"
"""The models that come with the product."""

Share = Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)]
Side = Annotated[int, Field(gt=0, le=4096, multiple_of=32)]


class Layout(StrEnum):
    """How a graph hands over its detections.

    `channels_first`: (1, 4 + classes, n), centre x, centre y, width, height and one score a class; needs suppression.
    `nms_free`: (1, n, 6), x1, y1, x2, y2, score, class; needs none.
    """

    CHANNELS_FIRST = "channels_first"
    NMS_FREE = "nms_free"


class Numbers(StrEnum):
    """What a graph computes in."""

    FLOAT32 = "float32"
    INT8 = "int8"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class GraphFile(_Strict):
    """One ONNX file of the model, made for one input size.

    Attributes:
        file: its name in the model folder.
        sha256: hex digest of its bytes.
        input_hw: height and width in pixels of the uint8 (1, h, w, 3) BGR input.
        layout: how to read its output.
        numbers: what it computes in.
    """

    file: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.onnx$")]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    input_hw: tuple[Side, Side]
    layout: Layout
    numbers: Numbers = Numbers.FLOAT32


class ClassFigures(_Strict):
    """What was measured for one class, on labels that a person drew.

    Attributes:
        ap50: average precision at IoU .50; None where too few objects were labelled.
        objects: labelled objects.
        precision: at `opens_at`, 0..1; None where nothing was found.
        recall: at `opens_at`, 0..1; None where nothing was labelled.
    """

    ap50: float | None
    objects: int
    precision: float | None = None
    recall: float | None = None


class Figures(_Strict):
    """What was measured, and how to measure it again."""

    measured_on: str
    command: str
    classes: dict[str, ClassFigures]


class Manifest(_Strict):
    """A model that can be served.

    Attributes:
        name: of the model, the same for all versions.
        version: of this one.
        task: what it does.
        classes: names by class index.
        graphs: the same weights for several input sizes, and maybe in other numbers.
        runs: which of them the detector loads: int8 only where it was clearly faster on the machine that exported.
        opens_at: confidence by class from which a detection may open something; rules read it, the detector does not.
        floor: confidence below which the detector says nothing.
        nms_iou: overlap from which two boxes of one class count as one, for `channels_first`.
        licence: of the weights, as an SPDX expression.
        trained_on: the data, in words.
        figures: what was measured.
    """

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    version: Annotated[str, Field(pattern=r"^[0-9][A-Za-z0-9.-]*$")]
    task: Literal["detect"]
    classes: Annotated[tuple[str, ...], Field(min_length=1)]
    graphs: Annotated[tuple[GraphFile, ...], Field(min_length=1)]
    runs: Numbers = Numbers.FLOAT32
    opens_at: dict[str, Share]
    floor: Share
    nms_iou: Share
    licence: str
    trained_on: str
    figures: Figures | None = None

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if len(set(self.classes)) != len(self.classes):
            raise ValueError("classes: a name appears twice")
        if self.runs not in {graph.numbers for graph in self.graphs}:
            raise ValueError(f"runs: there is no graph in {self.runs}")
        if set(self.opens_at) != set(self.classes):
            odd = sorted(set(self.opens_at) ^ set(self.classes))
            raise ValueError(f"opens_at: one threshold for every class and no other; look at {', '.join(odd)}")
        low = [name for name, value in self.opens_at.items() if value < self.floor]
        if low:
            raise ValueError(f"opens_at: below the floor {self.floor} for {', '.join(low)}")
        return self


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a model folder.

    Raises:
        ModelError: it is missing, or not what `Manifest` describes.
    """
    path = folder / MANIFEST_FILE
    try:
        return Manifest.model_validate_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelError(f"{path} cannot be read: name a model folder that holds one ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise ModelError(f"{path} is not UTF-8 text: export the model again") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "manifest"
        raise ModelError(f"{path} is not a model manifest, correct {where}: {first['msg']}") from error


def current_model(models: Path) -> Path:
    """Folder of the model that `models/current` names, e.g. `street-nano/1`.

    Raises:
        ModelError: the file is missing, or names something that is not a folder below `models`.
    """
    path = models / CURRENT_FILE
    try:
        named = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ModelError(f"{path} cannot be read: write NAME/VERSION of a model into it ({error.strerror})") from error
    folder = models / named
    if not re.fullmatch(r"[a-z0-9-]+/[0-9][A-Za-z0-9.-]*", named) or not folder.is_dir():
        raise ModelError(f"{path} must name a model folder as NAME/VERSION, not {named!r}")
    return folder
