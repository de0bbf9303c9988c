"""What the filters above a list ask for. An empty choice means everything."""

from typing import Annotated, Literal

from fastapi import Query

from cases.states import CaseState
from inference.findings import ViolationKind

AnyKind = ViolationKind | Literal[""]
AnyState = CaseState | Literal[""]
PageNumber = Annotated[int, Query(alias="page", ge=1, le=100_000)]


def chosen(choice: AnyKind) -> ViolationKind | None:
    """The kind that was chosen, if any."""
    return choice or None
