"""Where evidence lives: named by what it contains."""

from typing import Protocol


class EvidenceStore(Protocol):
    """Keeps bytes for good. The name is the SHA-256 of the content, so the same bytes are kept once."""

    def put(self, data: bytes) -> str:
        """Keep `data` durably and give its hex SHA-256.

        Raises:
            EvidenceError: it cannot be written; nothing half-written stays behind.
        """
        ...

    def get(self, sha256: str) -> bytes:
        """Give back what was kept under `sha256`, checked against its name.

        Raises:
            EvidenceError: there is no such evidence, or it is not what its name says.
        """
        ...
