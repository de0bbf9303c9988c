"""Verdicts that a service exported: what a supervisor said of a detection becomes a label, or a region without one.

Only what says something about the detector is used. A confirmed or corrected box is a label. A box that was rejected
because nothing is there, or something else, is a region in which its class is known to be absent: a hard negative. A
car that may stand there, is about to leave or was filed before is still a car: such verdicts say nothing against the
detector and are left out, and so are poor pictures and findings over which reviewers disagree.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from inference.frame import SizeWH
from training.errors import DatasetError
from training.freeze.item import Batch, ClassNames, Drawn, Item, labels_of
from training.sources import Source

FILE = "verdicts.jsonl"
PICTURES = "pictures"
SOURCE = "verdicts/service"
DETECTOR_ERRORS = frozenset({"not_there", "wrong_class"})
NO_ERRORS = frozenset({"permitted", "moving", "duplicate", "poor_picture"})

Pixels = Annotated[float, Field(allow_inf_nan=False)]
BoxPixels = tuple[Pixels, Pixels, Pixels, Pixels]


class Decision(StrEnum):
    """What the reviewer said."""

    CONFIRM = "confirm"
    REJECT = "reject"
    CORRECT = "correct"


class ExportedVerdict(BaseModel):
    """One line of `verdicts.jsonl`.

    Attributes:
        finding: key of the finding.
        camera: who saw it.
        object_class: what the detector took it for.
        box: pixels of the picture.
        confidence: of the detector.
        decision: what the reviewer said.
        reason: why it was rejected.
        right_box: where it really is, if corrected.
        right_class: what it really is, if corrected.
        reviewer: a pseudonym.
        at: aware UTC.
        picture: SHA-256 of the picture.
        picture_wh: its size in pixels.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    finding: str
    camera: str
    object_class: str
    box: BoxPixels
    confidence: Annotated[float, Field(ge=0, le=1)]
    decision: Decision
    reason: str | None = None
    right_box: BoxPixels | None = None
    right_class: str | None = None
    reviewer: str
    at: datetime
    picture: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    picture_wh: tuple[Annotated[int, Field(gt=0)], Annotated[int, Field(gt=0)]]

    @property
    def meaning(self) -> tuple[str, str] | None:
        """What it says about the detector: `("is" | "is no", class)`, or None for nothing."""
        if self.decision is Decision.REJECT:
            return ("is no", self.object_class) if self.reason in DETECTOR_ERRORS else None
        return "is", self.right_class or self.object_class


def read_verdicts(folder: Path, names: ClassNames) -> Batch:
    """The verdicts in a folder that `jiexun verdicts export` wrote; the scene of a picture is its camera.

    Raises:
        DatasetError: the list is broken, or a picture is missing.
    """
    by_finding: defaultdict[str, list[tuple[str, ExportedVerdict]]] = defaultdict(list)
    for where, verdict in _lines(folder / FILE):
        by_finding[verdict.finding].append((where, verdict))
    left_out: Counter[str] = Counter()
    by_picture: defaultdict[str, list[tuple[str, ExportedVerdict]]] = defaultdict(list)
    for said in by_finding.values():
        last = list({verdict.reviewer: (where, verdict) for where, verdict in sorted(said, key=_when)}.values())
        meanings = {verdict.meaning for _, verdict in last}
        if len(meanings) > 1:
            left_out["reviewers disagree"] += 1
        elif meanings == {None}:
            left_out[f"verdict {last[-1][1].reason}"] += 1
        else:
            by_picture[last[-1][1].picture].append(last[-1])
    items = tuple(_item(folder, said, names) for said in by_picture.values())
    # People looked at single boxes: whatever else is in these pictures is unknown.
    source = Source(labelled=(), partly=names.ours, licence="pictures of the service's own cameras, released by review")
    return Batch(items=items, sources={SOURCE: source}, left_out=left_out)


def _lines(path: Path) -> Iterator[tuple[str, ExportedVerdict]]:
    where = str(path)
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                where = f"{path}, line {number}"
                verdict = ExportedVerdict.model_validate_json(line)
                if verdict.decision is Decision.REJECT and verdict.reason not in DETECTOR_ERRORS | NO_ERRORS:
                    raise DatasetError(f"{where}: {verdict.reason!r} is no reason to reject: export the verdicts again")
                yield where, verdict
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise DatasetError(f"{where} is no verdict: {place}: {first['msg']}; export the verdicts again") from error
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(f"{path} cannot be read: {error}; export the verdicts again") from error


def _when(said: tuple[str, ExportedVerdict]) -> datetime:
    return said[1].at


def _item(folder: Path, said: Sequence[tuple[str, ExportedVerdict]], names: ClassNames) -> Item:
    where, first = said[0]
    found = [
        path for path in (folder / PICTURES / f"{first.picture}.{end}" for end in ("jpg", "png")) if path.is_file()
    ]
    if not found:
        raise DatasetError(f"{where} names the picture {first.picture}, which is not there: export the verdicts again")
    drawn: dict[str, list[Drawn]] = {"is": [], "is no": []}
    for place, verdict in said:
        meaning = verdict.meaning
        assert meaning is not None  # the others were left out
        box = verdict.right_box or verdict.box
        drawn[meaning[0]].append(_drawn(box, names.number(meaning[1], place), verdict.picture_wh, place))
    return Item(
        path=found[0],
        origin=f"{first.camera}/{first.picture[:12]}",
        source=SOURCE,
        labels=labels_of(drawn["is"]),
        regions=labels_of(drawn["is no"]),
        scene=f"camera {first.camera}",
        size_wh=first.picture_wh,
    )


def _drawn(box: BoxPixels, class_id: int, size_wh: SizeWH, where: str) -> Drawn:
    (x1, y1, x2, y2), (width, height) = box, size_wh
    return Drawn(class_id=class_id, x1=x1 / width, y1=y1 / height, x2=x2 / width, y2=y2 / height, where=where)
