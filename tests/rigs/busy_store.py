"""A store in memory for several threads."""

import threading
from collections.abc import Generator
from contextlib import contextmanager

from api.errors import StoreError
from cases.ports import CameraMemory
from tests.case_fakes import MemoryBook, MemoryStore


class BusyStore(MemoryStore):
    """One transaction at a time; the first few find it away, where a test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.away = 0
        self._lock = threading.Lock()

    @contextmanager
    def transaction(self) -> Generator[MemoryBook]:
        with self._lock:
            if self.away:
                self.away -= 1
                raise StoreError("the database is busy; try again")
            with super().transaction() as book:
                yield book

    def memory_of(self, camera: str) -> CameraMemory | None:
        return self.book.memories.get(camera)
