"""What clients asked of a service and what they were told, so that a checker can hold it against what is there.

Three outcomes, as in Jepsen: acked (it is there, once), refused (it is not there), unknown (there once or not at all).
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import httpx


class Outcome(StrEnum):
    """What the client knows. Until an answer has come it is unknown, also for whoever dies meanwhile."""

    ACKED = "acked"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(kw_only=True)
class Operation:
    """One thing that a client asked for.

    Attributes:
        what: `attach`, `report`, or the name of a move or of a verdict's ruling.
        key: the picture's digest, the idempotency key, or the case.
        based_on: the version of the case that the client saw; 0 where there is none.
        outcome: what it knows of it.
        answer: the JSON that it was told.
    """

    what: str
    key: str
    based_on: int = 0
    outcome: Outcome = Outcome.UNKNOWN
    answer: Mapping[str, Any] = field(default_factory=dict[str, Any])


class Ledger:
    """All operations of all clients. Safe to use from many threads."""

    def __init__(self) -> None:
        self._operations: list[Operation] = []
        self._lock = threading.Lock()

    def ask(self, operation: Operation, post: Callable[[], httpx.Response]) -> Operation:
        """Write the operation down, do it, and write down what became of it."""
        with self._lock:
            self._operations.append(operation)
        try:
            answer = post()
        except httpx.TransportError:
            return operation
        if answer.status_code < 500:
            operation.answer = answer.json()
            operation.outcome = Outcome.ACKED if answer.is_success else Outcome.REFUSED
        return operation

    def all(self, *what: str, outcome: Outcome | None = None) -> list[Operation]:
        """Operations of these kinds, or all, in the order in which they were asked."""
        with self._lock:
            return [
                one
                for one in self._operations
                if (not what or one.what in what) and (outcome is None or one.outcome is outcome)
            ]
