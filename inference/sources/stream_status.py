"""How a live camera is doing, for people and for metrics."""

from dataclasses import dataclass
from enum import StrEnum


class StreamState(StrEnum):
    """What a camera is doing."""

    CONNECTING = "connecting"
    LIVE = "live"
    SILENT = "silent"
    FROZEN = "frozen"
    REPEATED = "repeated"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamStatus:
    """One look at one camera; the counters have run since the source was made.

    Attributes:
        state: what it is doing now; `failed` also while it waits for the next try.
        error: why the last connection failed or ended; None once pictures come again.
        connections: connections made.
        frames: pictures given on.
        damaged: key packets that could not be decoded.
        stale: pictures left out because they were too old.
        repeated: pictures left out because they repeat an older one.
        key_interval: seconds between the last two key pictures: how late this camera shows things.
    """

    state: StreamState
    error: str | None
    connections: int
    frames: int
    damaged: int
    stale: int
    repeated: int
    key_interval: float | None
