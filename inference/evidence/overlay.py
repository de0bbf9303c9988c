"""The copy that explains: target, zone, and underneath a caption with time, place, device and rule.

The caption is added below the picture, so that it hides nothing. OpenCV 5 carries its own fonts, Chinese included; a
character that none of them has is drawn as a question mark, and Arabic letters are not joined.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from inference.detections import Box
from inference.evidence.captions import Caption, Field
from inference.evidence.regions import Region, region
from inference.frame import ImageBGR
from inference.zones.zone import FractionXY

ColourBGR = tuple[int, int, int]

TARGET: ColourBGR = (66, 92, 255)
ZONE: ColourBGR = (60, 190, 250)
CASING: ColourBGR = (24, 20, 16)
PAPER: ColourBGR = (40, 33, 27)
INK: ColourBGR = (245, 243, 240)
FAINT: ColourBGR = (178, 166, 152)

SMALLEST_TEXT = 12
"""Pixels: below this Chinese characters are not legible."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A zone as it is drawn: an area, or with `closed=False` a line. Fractions of the picture, as in `Zone.points`."""

    points: tuple[FractionXY, ...]
    closed: bool = True


def overlay(pixels: ImageBGR, box: Box, zone: Outline | None, caption: Caption) -> ImageBGR:
    """Draw on a copy. `pixels` stays as it is; the copy is as wide and, by the caption, higher.

    Raises:
        EvidenceError: the box is not finite.
    """
    height, width = pixels.shape[:2]
    pen = _Pen(max(SMALLEST_TEXT, round(min(height, width) / 42)))
    rows = _rows(caption.fields, width, pen)
    canvas = np.full((height + round(pen.size * (2.9 + 1.6 * len(rows))), width, 3), PAPER, dtype=np.uint8)
    copy, bar = canvas[:height], canvas[height:]
    copy[:] = pixels
    if zone is not None:
        draw_zone(copy, zone)
    target = region(box, (width, height))
    if target is not None:
        draw_box(copy, target)
    bar[: _stroke(copy) + 1] = TARGET
    _write_caption(bar, caption, rows, pen)
    return canvas


def draw_box(pixels: ImageBGR, target: Region) -> None:
    """Outline a target in place: a bright line in a dark casing stands out on any background."""
    stroke = _stroke(pixels)
    corners = (target.left, target.top), (target.right - 1, target.bottom - 1)
    cv2.rectangle(pixels, *corners, CASING, stroke + 2)
    cv2.rectangle(pixels, *corners, TARGET, stroke)


def draw_zone(pixels: ImageBGR, zone: Outline) -> None:
    """Outline a zone in place."""
    height, width = pixels.shape[:2]
    corners = np.rint(np.asarray(zone.points) * (width - 1, height - 1)).astype(np.int32)
    stroke = _stroke(pixels)
    cv2.polylines(pixels, [corners], zone.closed, CASING, stroke + 2, cv2.LINE_AA)
    cv2.polylines(pixels, [corners], zone.closed, ZONE, stroke, cv2.LINE_AA)


def _stroke(pixels: ImageBGR) -> int:
    return max(2, round(min(pixels.shape[:2]) / 360))


def _rows(fields: Sequence[Field], width: int, pen: "_Pen") -> list[Sequence[Field]]:
    """Two fields a row on a wide picture; on a narrow one each on its own, the long ones on two rows."""
    if width >= 64 * pen.size:
        return [fields[start : start + 2] for start in range(0, len(fields), 2)]
    room = width - 2 * pen.size - _label_width(fields, pen)
    rows: list[Sequence[Field]] = []
    for label, value in fields:
        head = pen.fitting(value, room)
        rows.append([(label, value[:head])])
        if head < len(value):
            rows.append([("", value[head:].lstrip())])
    return rows


def _label_width(fields: Sequence[Field], pen: "_Pen") -> int:
    return max((pen.width(label) for label, _ in fields), default=0) + pen.size


def _write_caption(bar: ImageBGR, caption: Caption, rows: Sequence[Sequence[Field]], pen: "_Pen") -> None:
    """A heading with the note at its right, then the rows of labelled fields."""
    edge, width = pen.size, bar.shape[1]
    baseline = round(pen.size * 1.9)
    note = pen.fitted(caption.note, width // 2 - edge)
    note_left = width - edge - pen.width(note)
    pen.write(bar, caption.heading, (edge, baseline), INK, note_left - 2 * edge, bold=True)
    pen.write(bar, note, (note_left, baseline), FAINT, width)
    label_width = _label_width(caption.fields, pen)
    column_width = (width - 2 * edge) // max(map(len, rows), default=1)
    for row in rows:
        baseline += round(pen.size * 1.6)
        for number, (label, value) in enumerate(row):
            left = edge + number * column_width
            pen.write(bar, label, (left, baseline), FAINT, label_width)
            pen.write(bar, value, (left + label_width, baseline), INK, column_width - label_width)


class _Pen:
    """Writes single lines in one size (pixels), and never past the width it is given."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._face = cv2.FontFace("sans")

    def width(self, text: str, *, bold: bool = False) -> int:
        return cv2.getTextSize((0, 0), text, (0, 0), self._face, self.size, _weight(bold))[2] if text else 0

    def fitted(self, text: str, width: int, *, bold: bool = False) -> str:
        """The text, or as much of its beginning as fits together with an ellipsis."""
        if self.width(text, bold=bold) <= width:
            return text
        fits = self.fitting(text, width - self.width("…", bold=bold), bold=bold)
        return text[:fits].rstrip() + "…" if fits else ""

    def fitting(self, text: str, width: int, *, bold: bool = False) -> int:
        """How many characters fit, up to the last space where that does not waste half the line."""
        if self.width(text, bold=bold) <= width:
            return len(text)
        fits = bisect_right(range(1, len(text)), width, key=lambda end: self.width(text[:end], bold=bold))
        space = text.rfind(" ", 0, fits + 1)
        return space if space > fits // 2 else fits

    def write(
        self, bar: ImageBGR, text: str, at: tuple[int, int], colour: ColourBGR, width: int, *, bold: bool = False
    ) -> None:
        text = self.fitted(text, width, bold=bold)
        if text:
            cv2.putText(bar, text, at, colour, self._face, self.size, _weight(bold))


def _weight(bold: bool) -> int:
    return 700 if bold else 400
