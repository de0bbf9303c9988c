"""What clients asked of a service and what they were told, so that a checker can hold it against what is there.

Three outcomes, as in Jepsen: acked (it is there, once), refused (it is not there), unknown (there once or not at all).
"""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import httpx


class Outcome(StrEnum):
    """What the client knows. Until an answer has come it is unknown, also for whoever dies meanwhile."""

    ACKED = "acked"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(kw_only=True, eq=False)
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
    """All operations of all clients. Safe to use from many threads.

    Args:
        notebook: where the operations are written line by line, for clients that die together with the service.
    """

    def __init__(self, notebook: Path | None = None) -> None:
        self._operations: list[Operation] = []
        self._lock = threading.Lock()
        self._acked = threading.Semaphore(0)
        self._notebook = notebook

    def ask(self, operation: Operation, post: Callable[[], httpx.Response]) -> Operation:
        """Write the operation down, do it, and write down what became of it."""
        with self._lock:
            self._operations.append(operation)
        try:
            answer = post()
            if answer.status_code < 500:
                operation.answer = answer.json()
                operation.outcome = Outcome.ACKED if answer.is_success else Outcome.REFUSED
        except httpx.ConnectError:
            with self._lock:
                self._operations.remove(operation)  # nobody was there to be asked
            return operation
        except httpx.TransportError:
            pass  # nobody knows
        self._note(operation)
        if operation.outcome is Outcome.ACKED:
            self._acked.release()
        return operation

    def wait_for(self, acked: int) -> None:
        """Wait until so many more operations have been acked; each counts for one waiting only."""
        for _ in range(acked):
            assert self._acked.acquire(timeout=120), "the clients get no more answers"

    def all(self, *what: str, outcome: Outcome | None = None) -> list[Operation]:
        """Operations of these kinds, or all, in the order in which they were asked."""
        with self._lock:
            return [
                one
                for one in self._operations
                if (not what or one.what in what) and (outcome is None or one.outcome is outcome)
            ]

    def _note(self, operation: Operation) -> None:
        if self._notebook is not None:
            with self._lock, self._notebook.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(operation)) + "\n")


def read_notebook(notebook: Path) -> list[Operation]:
    """What clients wrote down before they died, and after they were started again."""
    if not notebook.exists():
        return []
    lines = notebook.read_text(encoding="utf-8").splitlines()
    operations = [Operation(**json.loads(line)) for line in lines]
    for operation in operations:
        operation.outcome = Outcome(operation.outcome)
    return operations
