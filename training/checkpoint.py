"""Loading a torch checkpoint without running what may hide in it."""

# pyright: reportMissingImports=false, reportPrivateImportUsage=false, reportUnknownParameterType=false

import os
from pathlib import Path
from typing import TYPE_CHECKING

from training.errors import CheckpointError
from training.torchvision_shim import ensure_nms

if TYPE_CHECKING:
    from ultralytics.nn.tasks import DetectionModel

_OFFLINE = {
    "YOLO_AUTOINSTALL": "false",  # ultralytics installs packages on its own otherwise
    "YOLO_OFFLINE": "1",  # and sends usage figures
    "ULTRALYTICS_SAFE_LOAD": "1",  # weights_only with a list of known classes: nothing in a checkpoint is executed
}


def prepare_ultralytics() -> None:
    """Make ultralytics importable and quiet. Call before its first import."""
    os.environ.update(_OFFLINE)
    ensure_nms()


def load_detector(weights: Path) -> "DetectionModel":
    """Load a detection model in evaluation mode, as float32 on the CPU.

    Raises:
        CheckpointError: the file is missing, holds code that is not a known model class, or is not a detector.
    """
    prepare_ultralytics()
    from ultralytics.nn.tasks import DetectionModel, load_checkpoint

    if not weights.is_file():
        raise CheckpointError(f"{weights} is missing: name a checkpoint file")
    try:
        model, _ = load_checkpoint(weights, device="cpu", fuse=False)
    except Exception as error:  # unpickling fails in as many ways as there are broken files
        raise CheckpointError(f"{weights} is not a checkpoint that can be loaded safely: {error}") from error
    if not isinstance(model, DetectionModel):
        raise CheckpointError(f"{weights} is a {type(model).__name__}, not a detector: name a detection checkpoint")
    return model.float().eval()
