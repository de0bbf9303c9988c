"""Events found against events due: precision, recall, F1 and how late a finding comes."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from inference.detections import Box
from inference.findings import ViolationKind
from inference.stays.boxes import overlap

LEAST_OVERLAP = 0.3
EARLY_SECONDS = 1.0
"""A finding that comes earlier than this before it is due has not waited for the dwell: it counts as false."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """A finding as the pipeline raised it: kind, box in pixels, second of the clip."""

    kind: ViolationKind
    box: Box
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of one event: `hit` with its delay in seconds, `missed`, or `false` with the reason."""

    scenario: str
    kind: str
    outcome: str
    about: str
    delay: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What came of a scenario or a clip.

    Attributes:
        scenario: its name.
        verdicts: one for each event due and each false finding.
        looks: pictures that the gate let through, and pictures in all.
    """

    scenario: str
    verdicts: list[Verdict]
    looks: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Counts over events, and the delays of the hits in seconds."""

    hits: int
    missed: int
    false: int
    delays: tuple[float, ...]

    @property
    def precision(self) -> float:
        """Share of the findings that were due; 1 where there are none."""
        return self.hits / (self.hits + self.false) if self.hits + self.false else 1.0

    @property
    def recall(self) -> float:
        """Share of the events due that were found; 1 where there are none."""
        return self.hits / (self.hits + self.missed) if self.hits + self.missed else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    @property
    def median_delay(self) -> float | None:
        """Seconds after the finding was due."""
        return median(self.delays) if self.delays else None


def judge(
    scenario: str, raised: Sequence[Raised], due: Sequence[dict[str, Any]], frames: Sequence[dict[str, Any]]
) -> list[Verdict]:
    """Match findings to the events of a truth file.

    A finding is about the object whose box it overlaps most (at least `LEAST_OVERLAP`) in the picture of its time.

    Args:
        scenario: its name.
        raised: findings in order of time.
        due: rows `kind`, `object`, `due`.
        frames: rows `at`, `objects` with `id` and `box`.
    """
    open_events = {(str(row["kind"]), str(row["object"])): float(row["due"]) for row in due}
    verdicts: list[Verdict] = []

    def note(kind: str, outcome: str, about: str, delay: float | None = None) -> None:
        verdicts.append(Verdict(scenario=scenario, kind=kind, outcome=outcome, about=about, delay=delay))

    for one in raised:
        kind = str(one.kind)
        frame = min(frames, key=lambda row: abs(row["at"] - one.at))
        name = _about(one.box, frame["objects"])
        if name is None:
            note(kind, "false", f"nothing stands there at {one.at:g} s")
        elif (kind, name) not in open_events:
            note(kind, "false", f"{name} at {one.at:g} s: not due, or twice")
        elif one.at < open_events[kind, name] - EARLY_SECONDS:
            note(kind, "false", f"{name}: {open_events[kind, name] - one.at:.1f} s before it is due")
        else:
            note(kind, "hit", name, round(one.at - open_events.pop((kind, name)), 2))
    for (kind, name), at in open_events.items():
        note(kind, "missed", f"{name}, due at {at:g} s")
    return verdicts


def _about(box: Box, objects: Sequence[dict[str, Any]]) -> str | None:
    best = max(objects, key=lambda thing: overlap(box, tuple(thing["box"])), default=None)
    if best is None or overlap(box, tuple(best["box"])) < LEAST_OVERLAP:
        return None
    return str(best["id"])


def total(verdicts: Sequence[Verdict]) -> Score:
    """Add up."""
    outcomes = [verdict.outcome for verdict in verdicts]
    delays = tuple(verdict.delay for verdict in verdicts if verdict.delay is not None)
    return Score(
        hits=outcomes.count("hit"), missed=outcomes.count("missed"), false=outcomes.count("false"), delays=delays
    )
