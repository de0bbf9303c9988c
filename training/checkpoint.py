"""Loading what can be trained without running what may hide in it: a torch checkpoint, or a model folder's weights."""

# pyright: reportMissingImports=false, reportPrivateImportUsage=false, reportUnknownParameterType=false

from pathlib import Path
from typing import TYPE_CHECKING

from training.errors import CheckpointError
from training.ultralytics_setup import prepare_ultralytics
from training.weights import load_weights

if TYPE_CHECKING:
    from ultralytics.nn.tasks import DetectionModel


def load_detector(weights: Path) -> "DetectionModel":
    """Load a detection model in evaluation mode, as float32 on the CPU.

    Args:
        weights: a checkpoint of ultralytics (`.pt`), or a model folder that carries its weights.

    Raises:
        CheckpointError: it is missing, holds code that is not a known model class, or is not a detector.
    """
    if weights.is_dir():
        return load_weights(weights)
    prepare_ultralytics()
    from ultralytics.nn.tasks import DetectionModel, load_checkpoint

    if not weights.is_file():
        raise CheckpointError(f"{weights} is missing: name a checkpoint file or a model folder with weights")
    try:
        model, _ = load_checkpoint(weights, device="cpu", fuse=False)
    except Exception as error:  # unpickling fails in as many ways as there are broken files
        raise CheckpointError(f"{weights} is not a checkpoint that can be loaded safely: {error}") from error
    if not isinstance(model, DetectionModel):
        raise CheckpointError(f"{weights} is a {type(model).__name__}, not a detector: name a detection checkpoint")
    return model.float().eval()
