"""What a worker says of itself and its cameras, with every sign of life."""

from dataclasses import dataclass, field

from pydantic import TypeAdapter, ValidationError

from api.work.turns import Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraReport:
    """One camera.

    Attributes:
        state: of a live camera as `inference.sources.stream_status.StreamState` has it; else `reading`, `ended` (a
            recording is over) or `given_up` (its source cannot be read).
        error: why it is not live, in words for people.
        key_interval: seconds between the last two pictures: how late this camera shows things.
        counts: of its frames since the worker began.
    """

    state: str
    error: str | None = None
    key_interval: float | None = None
    counts: Counts = field(default_factory=Counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerReport:
    """One worker.

    Attributes:
        hands: threads that look.
        busy: share of their time that they spent looking since the last report, 0..1.
        cameras: by camera.
        model: NAME/VERSION of the model that it looks with; empty where it does not say.
        model_trouble: why it does not look with the one that is current; empty where it does, or will in a moment.
    """

    hands: int
    busy: float
    cameras: dict[str, CameraReport]
    model: str = ""
    model_trouble: str = ""


_FORM = TypeAdapter(WorkerReport)


def written(report: WorkerReport) -> str:
    """The report as JSON."""
    return _FORM.dump_json(report).decode()


def read(text: str) -> WorkerReport | None:
    """The report that `written` made; None for one of another version, or of a worker that has said nothing yet."""
    try:
        return _FORM.validate_json(text)
    except ValidationError:
        return None
