"""Arithmetic of single boxes (x1, y1, x2, y2), in any unit."""

from collections.abc import Iterable

from inference.detections import Box
from inference.frame import SizeWH


def area(box: Box) -> float:
    """Area; 0 for a box turned inside out.

    >>> area((0, 0, 2, 3))
    6
    """
    return max(0, box[2] - box[0]) * max(0, box[3] - box[1])


def clipped(box: Box, window: Box) -> Box:
    """The part of `box` inside `window` (area 0 where there is none)."""
    return max(box[0], window[0]), max(box[1], window[1]), min(box[2], window[2]), min(box[3], window[3])


def in_pixels(box: Box, size_wh: SizeWH) -> Box:
    """A box in fractions of a picture as pixels of it.

    >>> in_pixels((0.25, 0.5, 0.5, 1.0), (640, 360))
    (160.0, 180.0, 320.0, 360.0)
    """
    width, height = size_wh
    return box[0] * width, box[1] * height, box[2] * width, box[3] * height


def apart(a: Box, b: Box) -> bool:
    """Whether two boxes have nothing in common; much quicker than any share of it.

    >>> apart((0, 0, 2, 2), (1, 0, 3, 2)), apart((0, 0, 2, 2), (2, 0, 3, 2))
    (False, True)
    """
    return a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def overlap(a: Box, b: Box) -> float:
    """Intersection over union, 0..1.

    >>> overlap((0, 0, 2, 2), (1, 0, 3, 2))
    0.3333333333333333
    """
    shared = area(clipped(a, b))
    union = area(a) + area(b) - shared
    return shared / union if union > 0 else 0.0


def covered_share(box: Box, by: Box) -> float:
    """Share of `box` that `by` covers, 0..1."""
    whole = area(box)
    return area(clipped(box, by)) / whole if whole > 0 else 0.0


def covered_by_any(box: Box, others: Iterable[Box]) -> float:
    """Share of `box` covered by all `others` together, sampled on a 12×12 grid, 0..1."""
    whole = area(box)
    if whole <= 0:
        return 0.0
    near = [other for other in others if not apart(box, other)]
    if not near:
        return 0.0
    side = 12
    hits = 0
    for i in range(side):
        x = box[0] + (i + 0.5) / side * (box[2] - box[0])
        for j in range(side):
            y = box[1] + (j + 0.5) / side * (box[3] - box[1])
            hits += any(o[0] <= x <= o[2] and o[1] <= y <= o[3] for o in near)
    return hits / (side * side)


def shift(anchor: Box, box: Box) -> float:
    """How far the centre has moved, as a share of the anchor's width or height, whichever is larger.

    >>> shift((0, 0, 10, 10), (1, 0, 11, 10))
    0.1
    """
    width, height = max(anchor[2] - anchor[0], 1e-9), max(anchor[3] - anchor[1], 1e-9)
    dx = (box[0] + box[2] - anchor[0] - anchor[2]) / 2
    dy = (box[1] + box[3] - anchor[1] - anchor[3]) / 2
    return max(abs(dx) / width, abs(dy) / height)


def anybody_at(box: Box, people: Iterable[Box]) -> bool:
    """Whether a person stands at an object: feet within half its size around its box.

    >>> anybody_at((0, 0, 2, 2), [(2.5, 0, 3, 2)]), anybody_at((0, 0, 2, 2), [(4, 0, 5, 2)])
    (True, False)
    """
    x1, y1, x2, y2 = box
    reach_x, reach_y = (x2 - x1) / 2, (y2 - y1) / 2
    feet = map(contact, people)
    return any(x1 - reach_x <= x <= x2 + reach_x and y1 - reach_y <= y <= y2 + reach_y for x, y in feet)


def contact(box: Box) -> tuple[float, float]:
    """Where the object stands on the ground: the middle of the lower edge.

    >>> contact((0, 0, 4, 2))
    (2.0, 2)
    """
    return (box[0] + box[2]) / 2, box[3]
