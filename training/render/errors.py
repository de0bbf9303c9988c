"""What rendering refuses.

    TrainingError
    └── RenderError         a street that cannot be rendered
        └── ScenarioError   a scenario file that cannot be used as it is

Every message is one sentence that says what to do.
"""

from training.errors import TrainingError


class RenderError(TrainingError):
    """A street that cannot be rendered."""


class ScenarioError(RenderError):
    """A scenario file that cannot be used as it is."""
