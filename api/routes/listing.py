"""What questions about many things have in common."""

from typing import Annotated

from fastapi import Path, Query

Limit = Annotated[int, Query(ge=1, le=200, description="how many at most")]
Offset = Annotated[int, Query(ge=0, le=10_000_000, description="how many to leave out, newest first")]
Name = Annotated[str, Query(max_length=128, pattern=r"^[^\x00-\x1f]*$")]
Sha256 = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", description="hex SHA-256", examples=["0" * 64])]
CaseId = Annotated[str, Path(pattern=r"^[0-9A-Za-z_-]{1,64}$", description="the case's `id`", examples=["9f" * 16])]
