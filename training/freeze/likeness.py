"""Finding pictures that show the same view: a difference hash, confirmed on small grey copies.

The hash (dHash, N. Krawetz, "Kind of Like That", 2013; here 16x16 instead of 8x8) keeps whether each cell is brighter
than its left neighbour. It survives scaling, JPEG and changes of brightness, not cropping or shearing. Flat pictures
have alike hashes without being alike; so pairs are confirmed by correlation.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.frame import ImageLuma

SIDE = 16
ALIKE_BITS = 48
"""Two unrelated street pictures differ in 80 bits and more, the nearest of 325,000 pairs in 69; copies in under 20."""
ALIKE_CORRELATION = 0.9
ROWS = 512

Thumbnail = NDArray[np.uint8]  # (16, 16) grey


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Look:
    """What a picture looks like.

    Attributes:
        bits: (32,) uint8, the hash.
        mirrored: (32,) uint8, the hash of the mirrored picture.
        thumbnail: the grey copy that decides.
    """

    bits: NDArray[np.uint8]
    mirrored: NDArray[np.uint8]
    thumbnail: Thumbnail


def look_of(luma: ImageLuma) -> Look:
    """The look of a grey picture of any size."""
    return Look(
        bits=_hash(luma),
        mirrored=_hash(np.ascontiguousarray(luma[:, ::-1])),
        thumbnail=np.asarray(cv2.resize(luma, (SIDE, SIDE), interpolation=cv2.INTER_AREA), dtype=np.uint8),
    )


def _hash(luma: ImageLuma) -> NDArray[np.uint8]:
    small = cv2.resize(luma, (SIDE + 1, SIDE), interpolation=cv2.INTER_AREA).astype(np.int16)
    return np.packbits(small[:, 1:] > small[:, :-1])


def alike_pairs(looks: Sequence[Look]) -> Iterator[tuple[int, int]]:
    """Pairs (smaller index first) of pictures that show the same view, as they are or mirrored."""
    if not looks:
        return
    bits, mirrored = np.stack([look.bits for look in looks]), np.stack([look.mirrored for look in looks])
    for start in range(0, len(looks), ROWS):
        part = bits[start : start + ROWS, None]
        near = [_near(part, others) for others in (bits, mirrored)]
        for row, column in np.argwhere(near[0] | near[1]):
            first, second = start + int(row), int(column)
            if first < second and _is_alike(looks[first], looks[second]):
                yield first, second


def _near(part: NDArray[np.uint8], others: NDArray[np.uint8]) -> NDArray[np.bool_]:
    return np.bitwise_count(part ^ others[None]).sum(axis=2, dtype=np.int32) <= ALIKE_BITS


def _is_alike(one: Look, other: Look) -> bool:
    copies = (other.thumbnail, other.thumbnail[:, ::-1])
    return any(_correlation(one.thumbnail, copy) >= ALIKE_CORRELATION for copy in copies)


def _correlation(one: Thumbnail, other: Thumbnail) -> float:
    a, b = one.astype(np.float64) - one.mean(), other.astype(np.float64) - other.mean()
    scale = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / scale if scale > 0 else float(np.array_equal(one, other))
