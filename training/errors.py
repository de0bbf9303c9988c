"""Everything that training refuses.

    TrainingError
    ├── DatasetError      labelled pictures that cannot be used as they are
    ├── CheckpointError   a torch checkpoint that is not one of ours, or must not be loaded
    ├── ExportError       an exported graph that is not the same model any more
    └── GateError        a model that the gate, or the promotion behind it, cannot take

Every message is one sentence that says what to do.
"""


class TrainingError(Exception):
    """Base of all errors that `training` raises on purpose."""


class DatasetError(TrainingError):
    """Labelled pictures that cannot be used as they are."""


class CheckpointError(TrainingError):
    """A torch checkpoint that is not a detector, or must not be loaded."""


class ExportError(TrainingError):
    """An exported graph that is not the same model any more."""


class GateError(TrainingError):
    """A model that the gate, or the promotion behind it, cannot take."""
