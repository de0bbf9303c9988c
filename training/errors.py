"""Everything that training refuses.

    TrainingError
    ├── DatasetError      labelled pictures that cannot be used as they are
    │   └── AlreadyFrozen the same data was frozen before
    ├── RunFinished       a training run that has nothing left to do
    ├── CheckpointError   a torch checkpoint that is not one of ours, or must not be loaded
    └── ExportError       an exported graph that is not the same model any more

Every message is one sentence that says what to do.
"""

from pathlib import Path


class TrainingError(Exception):
    """Base of all errors that `training` raises on purpose."""


class DatasetError(TrainingError):
    """Labelled pictures that cannot be used as they are."""


class AlreadyFrozen(DatasetError):
    """The same data was frozen before.

    Attributes:
        folder: the version.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} exists: the same data was frozen before; use it, it never changes")
        self.folder = folder


class RunFinished(TrainingError):
    """A training run that has nothing left to do."""


class CheckpointError(TrainingError):
    """A torch checkpoint that is not a detector, or must not be loaded."""


class ExportError(TrainingError):
    """An exported graph that is not the same model any more."""
