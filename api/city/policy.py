"""What happens to a finding before a person has looked: merged, filed at once, or left for a verdict."""

from typing import Annotated

from pydantic import Field

from api.city.part import Fraction, Identifier, Number, Part
from inference.findings import ViolationKind


class AutoFile(Part):
    """Findings of `kind` with at least `min_confidence` are filed without waiting for a verdict.

    With `cameras` or `zones` only where these saw them.
    """

    kind: ViolationKind
    min_confidence: Fraction
    cameras: tuple[Identifier, ...] = ()
    zones: tuple[Identifier, ...] = ()


class Merge(Part):
    """A finding joins an open case of its kind within so many metres and hours (50 m and 24 h are the field's habit).

    A new case within `recurrence_days` after the last one at its place was closed is linked to it (复发).
    """

    metres: Annotated[Number, Field(gt=0, le=1000)] = 50
    hours: Annotated[Number, Field(gt=0, le=720)] = 24
    recurrence_days: Annotated[Number, Field(ge=0, le=366)] = 30


class Policy(Part):
    """Without lines under `auto_file` every finding waits for a supervisor."""

    auto_file: tuple[AutoFile, ...] = ()
    merge: Merge = Merge()
