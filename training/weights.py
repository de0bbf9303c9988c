"""Trainable weights beside a served model: numbers in safetensors, the architecture by name. Nothing is unpickled.

A model folder that carries `weights.safetensors` and `architecture.yaml` can be trained further, on other streets or
from verdicts. The architecture is a name out of ultralytics' own list, never a description: their parser
of descriptions evaluates parts of them.
"""

# pyright: reportMissingImports=false, reportUnknownParameterType=false, reportPrivateImportUsage=false

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import torch
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from training.errors import CheckpointError
from training.ultralytics_setup import prepare_ultralytics

if TYPE_CHECKING:
    from ultralytics.nn.tasks import DetectionModel

WEIGHTS_FILE = "weights.safetensors"
ARCHITECTURE_FILE = "architecture.yaml"


class Architecture(BaseModel):
    """What `weights.safetensors` holds the numbers of.

    Attributes:
        name: of a detector that ultralytics describes, with its scale.
        classes: names by class index.
        class_branch_width: channels before the last convolution that tells classes; a model tuned from 80 classes keeps
            the width that those had.
        nms_free_head: whether the numbers of the head that needs no suppression are there too.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(pattern=r"^yolo(26|11|v8)[nsml]$")]
    classes: Annotated[tuple[str, ...], Field(min_length=1)]
    class_branch_width: Annotated[int, Field(gt=0, le=1024)]
    nms_free_head: bool


def save_weights(model: "DetectionModel", folder: Path) -> None:
    """Write the two files: numbers as float16 where that is exact, as after a training, else as float32.

    Raises:
        CheckpointError: the model is of no architecture that can be named.
    """
    from safetensors.torch import save_file

    architecture = _architecture(model)
    tensors = {name: _smallest(value).contiguous().cpu() for name, value in model.state_dict().items()}
    save_file(tensors, folder / WEIGHTS_FILE)
    (folder / WEIGHTS_FILE).chmod(0o644)  # the library leaves it to its owner alone
    text = yaml.safe_dump(architecture.model_dump(mode="json"), sort_keys=False)
    (folder / ARCHITECTURE_FILE).write_text(text, encoding="utf-8")


def load_weights(folder: Path) -> "DetectionModel":
    """The model of a folder that carries weights, in evaluation mode, as float32 on the CPU.

    Raises:
        CheckpointError: the files are missing, broken, or do not fit each other.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    path = folder / ARCHITECTURE_FILE
    try:
        architecture = Architecture.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        tensors = load_file(folder / WEIGHTS_FILE)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError, SafetensorError) as error:
        raise CheckpointError(f"{folder} carries no weights that can be trained further: {error}") from error
    model = build_detector(architecture)
    try:
        model.load_state_dict(tensors)
    except RuntimeError as error:
        raise CheckpointError(f"{folder / WEIGHTS_FILE} does not fit {path.name}: {error}") from error
    return model.float().eval()


def build_detector(architecture: Architecture) -> "DetectionModel":
    """A fresh detector, named and without the head that it is not to have."""
    prepare_ultralytics()
    from ultralytics.nn.tasks import DetectionModel

    model = DetectionModel(f"{architecture.name}.yaml", nc=len(architecture.classes), verbose=False)
    model.names = dict(enumerate(architecture.classes))
    if class_branch_width(model) != architecture.class_branch_width:
        _widen_class_branches(model, architecture)
    if not architecture.nms_free_head:
        drop_nms_free_head(model)
    return model


def class_branch_width(model: torch.nn.Module) -> int:
    """Channels before the last convolution that tells classes."""
    return model.model[-1].cv3[0][-1].in_channels


def drop_nms_free_head(model: torch.nn.Module) -> None:
    """Leave the one-to-many head alone in a model that has both."""
    head = model.model[-1]
    if has_nms_free_head(model):
        head.one2one_cv2 = head.one2one_cv3 = None


def has_nms_free_head(model: torch.nn.Module) -> bool:
    """Whether the head that needs no suppression is there."""
    return getattr(model.model[-1], "one2one_cv2", None) is not None


def _smallest(value: torch.Tensor) -> torch.Tensor:
    if not value.is_floating_point():
        return value
    half = value.half()
    return half if torch.equal(half.to(value.dtype), value) else value


def _widen_class_branches(model: "DetectionModel", architecture: Architecture) -> None:
    from ultralytics.nn.tasks import DetectionModel

    wide = DetectionModel(f"{architecture.name}.yaml", nc=architecture.class_branch_width, verbose=False)
    if class_branch_width(wide) != architecture.class_branch_width:
        raise CheckpointError(
            f"{architecture.name} has no class branches of {architecture.class_branch_width} channels: "
            "name the architecture that the weights are of"
        )
    for attribute in ("cv3", "one2one_cv3"):
        branches = getattr(wide.model[-1], attribute, None)
        for branch in branches or ():
            branch[-1] = torch.nn.Conv2d(branch[-1].in_channels, len(architecture.classes), 1)
        if branches is not None:
            setattr(model.model[-1], attribute, branches)


def _architecture(model: "DetectionModel") -> Architecture:
    name = Path(str(model.yaml.get("yaml_file", "?"))).stem
    try:
        return Architecture(
            name=name,
            classes=tuple(model.names[index] for index in sorted(model.names)),
            class_branch_width=class_branch_width(model),
            nms_free_head=has_nms_free_head(model),
        )
    except ValidationError as error:
        raise CheckpointError(f"{name} is no architecture whose weights can be kept by name: train a YOLO26") from error
